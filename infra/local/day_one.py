"""Day one: a fake GitHub whose repositories have a history, which a backfill brings into the stack.

`octo-org` looks like a real organisation. `orgName` has the names of the example queries, and the
other two accounts show that they are kept apart.

Owns which accounts and repositories there are, what the backfill reads, and what follows by
webhooks. The choices are the same at each start; only the times count back from now.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from infra.local import client
from infra.local.github.github import GitHub
from infra.local.github.world import history, portrait
from infra.local.github.world.history import Past
from infra.local.github.world.records import Alert, Repository

_REPOSITORIES = (
    "orgName/repoName",
    "orgName/payments",
    "orgName/website",
    "acme/rocket",
    "octocat/hello-world",
)
LARGEST = "octo-org"
"""The organisation with the longest history."""
_ALERTS_EACH = 30
_ORGANISATIONS = (LARGEST, "orgName", "acme")
_TEAMS = ("platform", "payments")
_DAYS = 170
_WEBHOOKS = 24


@dataclass(frozen=True, slots=True)
class Totals:
    """How many alerts there are in the end."""

    open: int
    closed: int


class DayOne:
    """The fake GitHub with its history."""

    def __init__(self) -> None:
        self.github = GitHub(send=client.deliver_until_accepted)
        world = self.github.world
        self._user = world.account("octocat", is_organisation=False)
        self._repositories: list[Repository] = []

    def make_history(self) -> None:
        """Make the repositories with the alerts of several months."""
        world = self.github.world
        self._repositories += portrait.fill(world, LARGEST)
        for seed, name in enumerate(_REPOSITORIES):
            repository = world.add_repository(name)
            repository.properties["team"] = _TEAMS[seed % len(_TEAMS)]
            past = Past(alerts=_ALERTS_EACH, days=_DAYS, seed=seed)
            history.fill_repository(world, repository, past)
            self._repositories.append(repository)

    def token(self) -> str:
        """Return a new token of the user, who sees all repositories."""
        return self.github.registry.user_token(self._user)

    def backfills(self) -> Iterator[tuple[str, ...]]:
        """Yield the options of the commands that read all alerts."""
        for owner in _ORGANISATIONS:
            yield "--organisation", owner
        yield "--user", self._user.login

    def connect(self, url: str, secret: str) -> None:
        """Send the webhooks of all organisations and of the user's repository to an address."""
        world = self.github.world
        for owner in _ORGANISATIONS:
            self.github.add_hook(world.account(owner), url, secret)
        for repository in world.of_owner(self._user):
            self.github.add_hook(repository, url, secret)

    def go_on(self) -> int:
        """Let things happen now, each with its webhook. Return their number."""
        active = [one for one in self._repositories if not one.archived]
        history.go_on(self.github.world, active, seed=1, steps=_WEBHOOKS)
        return _WEBHOOKS

    def totals(self) -> Totals:
        """Return the numbers that the overviews contain in the end."""
        alerts = [
            alert
            for repository in self._repositories
            for alert in repository.alerts.values()
            if _is_listed(repository, alert)
        ]
        closed = sum(alert.state != "open" for alert in alerts)
        return Totals(open=len(alerts) - closed, closed=closed)


def _is_listed(repository: Repository, alert: Alert) -> bool:
    """Return whether the backfill reads an alert: organisations list those of default branches."""
    return alert.ref is None or not repository.owner.is_organisation
