"""The filter of a list of alerts by the repositories that a query chose.

Owns the choice between a filter by DynamoDB, for a few names, and one after the read. Pure.
"""

from graphql_api.reading.attribute_values import Item
from graphql_api.reading.tables import Listing
from graphql_api.repositories.repositories import EVERY, Chosen
from graphql_api.vocabulary.lists import MOST_NAMES
from ingest.alerts import attributes as of_alert


def few_names(chosen: Chosen) -> tuple[str, ...] | None:
    """Return the names by which DynamoDB filters. None: it does not filter by names."""
    names = chosen.names
    return None if names is None or len(names) > MOST_NAMES else names


def of_chosen(listing: Listing, chosen: Chosen) -> Listing:
    """Return a list, filtered by `few_names`, without the alerts of all other repositories."""
    if chosen is EVERY or few_names(chosen) is not None:
        return listing

    def accepts(item: Item) -> bool:
        return chosen.accepts(item[of_alert.REPOSITORY_NAME]["S"])

    return listing._replace(is_selective=True, accepts=accepts)
