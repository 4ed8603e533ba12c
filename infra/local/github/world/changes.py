"""The changes of the fake GitHub: each function changes the world and announces the event.

Owns the rules of GitHub: which time each change sets, and which action its webhook has.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from infra.local.github.world.records import Account, Alert, Repository, Rule
from infra.local.github.world.world import Event, World

RULE = Rule(
    "py/sql-injection", "error", "high", "SQL injection", ("security", "external/cwe/cwe-089")
)


def create_alert(
    world: World,
    repository: Repository,
    *,
    rule: Rule = RULE,
    at: datetime | None = None,
    ref: str | None = None,
) -> Alert:
    """Create an alert. Without a `ref`, it is on the default branch."""
    with world.lock:
        at = at or world.clock()
        number = max(repository.alerts, default=0) + 1
        alert = Alert(number, rule, created_at=at, updated_at=at, ref=ref)
        repository.alerts[number] = alert
        world.revision += 1
    _announce_alert(world, repository, alert, "created")
    return alert


def appear_in_branch(
    world: World, repository: Repository, alert: Alert, *, at: datetime | None = None
) -> None:
    """Find an alert on the default branch that was only on another ref until now."""
    _set(world, alert, at, ref=None)
    _announce_alert(world, repository, alert, "appeared_in_branch")


def fix(world: World, repository: Repository, alert: Alert, *, at: datetime | None = None) -> None:
    """Fix an alert: an analysis does not find it any more."""
    at = at or world.clock()
    _set(world, alert, at, state="fixed", fixed_at=at)
    _announce_alert(world, repository, alert, "fixed")


def dismiss(  # noqa: PLR0913
    world: World,
    repository: Repository,
    alert: Alert,
    *,
    reason: str | None = "false positive",
    by: Account | None = None,
    at: datetime | None = None,
) -> None:
    """Dismiss an alert as a user."""
    at = at or world.clock()
    by = by or world.account("octocat", is_organisation=False)
    _set(world, alert, at, state="dismissed", dismissed_at=at)
    alert.dismissed_by, alert.dismissed_reason = by, reason
    _announce_alert(world, repository, alert, "closed_by_user", by)


def reopen(
    world: World,
    repository: Repository,
    alert: Alert,
    *,
    by: Account | None = None,
    at: datetime | None = None,
) -> None:
    """Open an alert again: a user does it, or without one an analysis finds it again."""
    _set(world, alert, at, state="open", fixed_at=None, dismissed_at=None)
    alert.dismissed_by = alert.dismissed_reason = None
    _announce_alert(world, repository, alert, "reopened_by_user" if by else "reopened", by)


def delete_alert(world: World, repository: Repository, alert: Alert) -> None:
    """Delete an alert, as the deletion of an analysis does. GitHub sends no webhook."""
    with world.lock:
        del repository.alerts[alert.number]
        world.revision += 1


def rename(world: World, repository: Repository, name: str) -> None:
    """Rename a repository. Its former name redirects to it until another one takes that name."""
    with world.lock:
        former, repository.name = repository.name, name
        world.name(repository)
    changes = {"repository": {"name": {"from": former}}}
    _announce(world, repository, "renamed", changes=changes)


def transfer(world: World, repository: Repository, owner: Account) -> None:
    """Give a repository to another owner."""
    with world.lock:
        former, repository.owner = repository.owner, owner
        world.name(repository)
    _announce(world, repository, "transferred", former_owner=former)


def delete(world: World, repository: Repository) -> None:
    """Delete a repository with all its alerts."""
    with world.lock:
        world.remove(repository)
    _announce(world, repository, "deleted")


def archive(world: World, repository: Repository) -> None:
    """Archive a repository."""
    repository.archived = True
    _announce(world, repository, "archived")


def unarchive(world: World, repository: Repository) -> None:
    """End the archiving of a repository."""
    repository.archived = False
    _announce(world, repository, "unarchived")


def publicize(world: World, repository: Repository) -> None:
    """Make a repository public."""
    repository.visibility = "public"
    _announce(world, repository, "publicized")


def privatize(world: World, repository: Repository) -> None:
    """Make a repository private."""
    repository.visibility = "private"
    _announce(world, repository, "privatized")


def change_default_branch(world: World, repository: Repository, branch: str) -> None:
    """Make another branch the default branch."""
    former, repository.default_branch = repository.default_branch, branch
    _announce(world, repository, "edited", changes={"default_branch": {"from": former}})


def change_topics(world: World, repository: Repository, *topics: str) -> None:
    """Replace the topics of a repository."""
    former, repository.topics = repository.topics, topics
    _announce(world, repository, "edited", changes={"topics": {"from": list(former)}})


def _set(world: World, alert: Alert, at: datetime | None, **fields: object) -> None:
    with world.lock:
        alert.updated_at = at or world.clock()
        for name, value in fields.items():
            setattr(alert, name, value)
        world.revision += 1


def _announce_alert(
    world: World, repository: Repository, alert: Alert, action: str, by: Account | None = None
) -> None:
    sender = by or world.account("github", is_organisation=True)
    snapshot = replace(alert)
    world.announce(Event("code_scanning_alert", action, repository, sender, snapshot))


def _announce(
    world: World,
    repository: Repository,
    action: str,
    *,
    changes: Mapping[str, object] | None = None,
    former_owner: Account | None = None,
) -> None:
    with world.lock:
        world.revision += 1
    sender = world.account("octocat", is_organisation=False)
    world.announce(Event("repository", action, repository, sender, None, changes, former_owner))
