"""The names of the attributes in All Events: keys, index keys, and the state of an alert.

Owns the names only. Overview rows use some of the same names, which `rollup.rows.attributes` takes
from here. Imports little, because the query function loads this module during its cold start. Pure.
"""

REPOSITORY_NAME = "repositoryName"
"""The partition key: the folded name of the repository."""
ALERT_ID = "alertID"
"""The sort key: the number of the alert in its repository."""

CHANGES = "changes"
DETAILS = "details"
GONE_AT = "goneAt"
"""When GitHub did not have the alert any more. It makes a row a tombstone."""
REPOSITORY_ID = "repositoryId"
MOVED_TO = "movedTo"
"""The folded name under which the alert is stored now. It makes a row a tombstone."""
EXPIRES_AT = "expiresAt"
"""The attribute that DynamoDB reads as the row's time to live."""

# The state of an alert. Tombstones and rows of alerts that were never created do not have these.
ORGANISATION_NAME = "organisationName"
REPOSITORY_SPELLING = "repositorySpelling"
SPELLED_AT = "spelledAt"
ALERT_URL = "alertURL"
STATE = "state"
CREATED_AT = "createdAt"
CLOSED_AT = "closedAt"
CLOSED_AS = "closedAs"
SEVERITY = "severity"
TOOL = "tool"
RULE = "rule"
BRANCH = "branch"
REOPENED_AT = "reopenedAt"
EARLIER_CLOSINGS = "earlierClosings"
LAST_EVENT_AT = "lastEventAt"

# Keys of the indexes by state, see `alert_key`.
ORGANISATION_STATE = "organisationState"
REPOSITORY_STATE = "repositoryState"
STATE_AT = "stateAt"
