"""The weekly reconciliation: all alerts of all repositories, and then the repositories themselves.

Owns what a stored repository that GitHub does not list means. It was renamed or transferred if
GitHub has it under another name. It was deleted if GitHub does not have it, and the App sees all
repositories of the account: otherwise the App may only have lost the access to it.
"""

from dataclasses import dataclass

from github_rest import repositories
from github_rest.errors import Skipped, SkippedError
from reconcile.scans.github_lists import Lists
from reconcile.scans.observations import deletion_of, observation_of
from reconcile.scans.runs import Run
from reconcile.scans.walk import Walk


@dataclass(frozen=True, slots=True)
class Weekly:
    """The run over everything of an account."""

    lists: Lists
    walk: Walk

    def step(self, run: Run) -> Run:
        """Do the next part, and return the run after it.

        Raises:
            GitHubError: A request to GitHub fails.
            IngestError: The bus does not accept the events.
            ReconcileError: A table is busy.
        """
        at = run.position
        if "unlisted" in at:
            return self._check(run)
        if at.get("isWalked"):
            return run.moved(run.counts, {"unlisted": self._unlisted()})
        return self.walk.step(run)

    def _unlisted(self) -> list[int]:
        """Return the ids of the stored repositories that GitHub does not list."""
        pages = repositories.of_installation(self.lists.client)
        listed = {one.id for page in pages for one in page.items}
        if not listed:
            return []
        stored = self.lists.repositories.of_owner(self.lists.account.login)
        return sorted(one.id for one in stored if one.id not in listed)

    def _check(self, run: Run) -> Run:
        number, *others = run.position["unlisted"]
        known = self.lists.repositories.read([number]).get(number)
        counts = run.counts
        if known is not None:
            asked_at = self.lists.now()
            try:
                found = repositories.get(self.lists.client, number)
            except SkippedError as error:
                counts = counts.with_skipped(known.name, error.reason)
                is_gone = error.skipped is Skipped.REPOSITORY_GONE
                if is_gone and self.lists.account.sees_all:
                    self.lists.bus.put_repository(deletion_of(known, observed_at=asked_at))
            else:
                event = observation_of(found, known, observed_at=asked_at)
                if event is not None:
                    self.lists.bus.put_repository(event)
        return run.moved(counts, {"unlisted": others})


def has_ended(run: Run) -> bool:
    """Return whether everything is checked."""
    return run.position.get("unlisted") == []
