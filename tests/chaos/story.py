"""The alerts of a trial: what GitHub delivers, and how each alert must end.

Owns the deliveries and the expected states. Both follow from the number of the alert, and not from
the code of the project. Pure.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from tests.support.sample_webhooks import payload

_FIRST_DAY = datetime(2026, 2, 20, 9, tzinfo=UTC)
_DAYS = 30
ALL_LIVES = (0, 1, 2, 3, 4)
"""Open; fixed; dismissed; fixed and reopened; reopened and fixed again."""
DISMISSAL = "won't fix"


class Expected(NamedTuple):
    """The end of one alert. `closed_as` is FIXED or DISMISSED, or None for an open alert."""

    repository: str
    number: int
    created_at: datetime
    closed_at: datetime | None
    closed_as: str | None


@dataclass(frozen=True, slots=True)
class Story:
    """Deliveries in the order in which they are sent, and the alerts that they must result in."""

    deliveries: Sequence[dict[str, Any]]
    expected: Sequence[Expected]

    @property
    def repositories(self) -> list[str]:
        """The names of the repositories, each once."""
        return sorted({alert.repository for alert in self.expected})

    @property
    def owners(self) -> list[str]:
        """The names of the organisations, each once."""
        return sorted({name.partition("/")[0] for name in self.repositories})


def make(
    repositories: Sequence[str],
    alerts: int,
    *,
    seed: int,
    duplicates: float = 0.2,
    lives: Sequence[int] = ALL_LIVES,
    ids: int = 1,
) -> Story:
    """Return a story of `alerts` alerts that are spread over the repositories.

    Args:
        repositories: Their full names.
        alerts: The number of alerts.
        seed: Decides the order and the duplicates.
        duplicates: The share of the deliveries that are sent twice.
        lives: What happens to the alerts, in turn (see `ALL_LIVES`).
        ids: The id of the first repository; the others follow.
    """
    chance = random.Random(seed)  # noqa: S311 - not for security
    deliveries: list[dict[str, Any]] = []
    expected = []
    for position in range(alerts):
        index = position % len(repositories)
        number = position // len(repositories) + 1
        own, end = _life(repositories[index], number, lives[number % len(lives)])
        for one in own:
            one["repository"] |= {"id": ids + index, "visibility": "private"}
        deliveries += own
        expected.append(end)
    deliveries += [one for one in deliveries if chance.random() < duplicates]
    chance.shuffle(deliveries)
    return Story(deliveries, expected)


def _life(repository: str, number: int, life: int) -> tuple[list[dict[str, Any]], Expected]:
    """Return the deliveries about one alert, and its end. `life` is one of `ALL_LIVES`."""
    created = _FIRST_DAY + timedelta(days=number % _DAYS, minutes=number % 600)
    fixed, again = created + timedelta(hours=30 + number % 50), created + timedelta(days=4)
    last = created + timedelta(days=9, hours=number % 24)

    def one(action: str, at: datetime, **alert: object) -> dict[str, Any]:
        return payload(action, repository, number, created, updated_at=_text(at), **alert)

    deliveries = [one("created", created)]
    closed_at, closed_as = None, None
    if life in {1, 3, 4}:
        deliveries.append(one("fixed", fixed, fixed_at=_text(fixed), state="fixed"))
        closed_at, closed_as = fixed, "FIXED"
    if life == 2:
        dismissal = {"dismissed_at": _text(fixed), "dismissed_reason": DISMISSAL}
        deliveries.append(one("closed_by_user", fixed, state="dismissed", **dismissal))
        closed_at, closed_as = fixed, "DISMISSED"
    if life in {3, 4}:
        deliveries.append(one("reopened", again))
        closed_at, closed_as = None, None
    if life == 4:
        deliveries.append(one("fixed", last, fixed_at=_text(last), state="fixed"))
        closed_at, closed_as = last, "FIXED"
    return deliveries, Expected(repository, number, created, closed_at, closed_as)


def _text(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")
