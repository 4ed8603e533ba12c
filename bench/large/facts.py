"""What GitHub reported about the repositories of a large organisation.

Owns the facts of each repository. A hundred teams have the same number of repositories, and each
tenth repository is archived.
"""

from datetime import UTC, datetime
from typing import Any

from ingest.facts.repository import RepositoryFacts, SeenRepository
from ingest.repositories.repository import observed
from ingest.repositories.repository_row import to_item
from ingest.terms import Visibility

TEAMS = 100


def facts_row(number: int, name: str) -> dict[str, Any]:
    """Return the row of a repository in the table Repositories."""
    facts = RepositoryFacts(
        visibility=Visibility.PRIVATE,
        archived=number % 10 == 0,
        topics=("kubernetes", "payments", "python"),
        properties=(
            ("cost-centre", ("4711",)),
            ("criticality", ("high",)),
            ("team", (f"team-{number % TEAMS:03}",)),
        ),
        default_branch="main",
    )
    seen = SeenRepository(
        id=number + 1, name=name, seen_at=datetime(2026, 11, 1, tzinfo=UTC), facts=facts
    )
    return to_item(observed(None, seen))
