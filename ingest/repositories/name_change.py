"""What another name of a repository does to the changes of its alerts.

Owns which parts of a change contain the name: the repository and the path of the URL. Pure.
"""

from collections.abc import Iterable
from dataclasses import replace
from urllib.parse import urlsplit

from ingest.alerts.change import NO_FACTS, Change, Facts
from ingest.names import folded


def under_name(changes: Iterable[Change], name: str, number: int) -> frozenset[Change]:
    """Return the changes of an alert as if its repository had always had this name.

    Changes that have the name in any spelling stay as they are. So do observations that the alert
    is gone, which contain no name.
    """
    return frozenset(_renamed(change, name, number) for change in changes)


def _renamed(change: Change, name: str, number: int) -> Change:
    facts = change.facts
    if facts == NO_FACTS or folded(facts.repository) == folded(name):
        return change
    return replace(change, facts=_facts_under(facts, name, number))


def _facts_under(facts: Facts, name: str, number: int) -> Facts:
    parts = urlsplit(facts.url)
    url = f"{parts.scheme}://{parts.netloc}/{name}/security/code-scanning/{number}"
    return replace(facts, repository=name, url=url)
