"""The names of the attributes and of the index of the table Repositories that other packages read.

Owns the names only. `repository_row` owns the others, and the form of the values. Pure.
"""

KEY = "repository"
"""The partition key. The table does not have a sort key."""
KEY_NAME = "keyName"
"""The folded name under which the alerts are stored."""
ORGANISATION_NAME = "organisationName"
"""The folded owner in `keyName`, the partition key of the index."""
FACTS = "facts"
"""What GitHub reported about the repository, see `packed_facts`."""
BY_ORGANISATION = "byOrganisation"
"""The index of the repositories of an organisation, by `keyName`. It contains their facts."""
