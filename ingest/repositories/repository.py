"""One repository as it is known: the newest name and facts of all observations.

Owns which observation wins, and under which name the alerts of a repository are stored. Values are
registers: the newest time wins, and of the same time the greatest value. An observation that
confirms what is known changes nothing, also not its time, so it costs no write. Pure.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from ingest.facts.repository import SeenRepository
from ingest.instant import to_ms
from ingest.names import LONGEST_NAME, folded, owner_of
from ingest.origin import Origins


@dataclass(frozen=True, slots=True, order=True)
class Register:
    """A value as JSON text, and when it was seen first."""

    at_ms: int
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Repository:
    """A known repository.

    Attributes:
        id: GitHub's id.
        name: The newest name, in GitHub's spelling.
        name_ms: When it had this name first, as far as it is known.
        lost_ms: Since when another repository has this name, while the new name is not known.
        deleted_ms: When the repository was deleted.
        facts: The facts by their names.
        moving_from: The folded names under which alerts may still be stored.
        is_deletion_pending: Whether alerts may still lack the deletion.
        revision: Grows by one with every write. 0 is not stored yet.
        origins: The event that changed it last, for logs only.
    """

    id: int
    name: str
    name_ms: int
    lost_ms: int | None = None
    deleted_ms: int | None = None
    facts: Mapping[str, Register] = field(default_factory=dict)
    moving_from: tuple[str, ...] = ()
    is_deletion_pending: bool = False
    revision: int = 0
    origins: Origins = field(default=(), compare=False)

    @property
    def key_name(self) -> str:
        """The name under which the alerts are stored, in GitHub's spelling."""
        return self.name if self.lost_ms is None else former_name(self.name, self.id)

    @property
    def is_pending(self) -> bool:
        """Whether alerts have to move, or to receive the deletion."""
        return self.moving_from != () or self.is_deletion_pending


def former_name(name: str, repository_id: int) -> str:
    """Return the name for a repository whose name another one has taken, `owner/name.former-<id>`.

    It is used until the new name of the repository is known.
    """
    suffix = f".former-{repository_id}"
    owner = owner_of(name)
    return f"{owner}/{name.removeprefix(f'{owner}/')[: LONGEST_NAME - len(suffix)]}{suffix}"


def observed(known: Repository | None, seen: SeenRepository) -> Repository:
    """Return a repository after an observation. It is `known` itself if nothing changed."""
    seen_ms = to_ms(seen.seen_at)
    before = known or Repository(id=seen.id, name=seen.name, name_ms=seen_ms)
    after = replace(before, facts=_newest_facts(before.facts, seen, seen_ms))
    if (seen_ms, seen.name) > (before.name_ms, before.name):
        is_other = folded(seen.name) != folded(before.name)
        is_won_back = before.lost_ms is not None and seen_ms > before.lost_ms
        if is_other or is_won_back:
            after = replace(after, name=seen.name, name_ms=seen_ms, lost_ms=None)
        elif seen.name != before.name:
            after = replace(after, name=seen.name, name_ms=seen_ms)
    return known if known is not None and after == known else _moved(before, after)


def lost(known: Repository, lost_ms: int) -> Repository:
    """Return a repository whose name another repository has since `lost_ms`."""
    if known.lost_ms is not None and known.lost_ms <= lost_ms:
        return known
    return _moved(known, replace(known, lost_ms=lost_ms))


def deleted(known: Repository, deleted_ms: int) -> Repository:
    """Return a repository that was deleted. Of several deletions, the newest counts."""
    if known.deleted_ms is not None and known.deleted_ms >= deleted_ms:
        return known
    return replace(known, deleted_ms=deleted_ms, is_deletion_pending=True)


def _moved(before: Repository, after: Repository) -> Repository:
    old, new = folded(before.key_name), folded(after.key_name)
    if old == new:
        return after
    moving_from = dict.fromkeys((*after.moving_from, old))
    moving_from.pop(new, None)
    return replace(after, moving_from=tuple(moving_from))


def _newest_facts(
    known: Mapping[str, Register], seen: SeenRepository, seen_ms: int
) -> Mapping[str, Register]:
    facts = dict(known)
    for name, value in seen.facts.values().items():
        text = json.dumps(value, separators=(",", ":"), sort_keys=True, ensure_ascii=False)
        register = facts.get(name)
        if register is None or (text != register.value and Register(seen_ms, text) > register):
            facts[name] = Register(seen_ms, text)
    return facts
