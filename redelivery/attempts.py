"""Which events are lost: those that no attempt has delivered.

Owns the grouping of attempts by the event that they deliver. Pure.
"""

from collections.abc import Iterable

from github_rest.deliveries import Delivery


def lost_of(attempts: Iterable[Delivery]) -> tuple[Delivery, ...]:
    """Return the newest attempt of each event without a successful attempt, oldest event first.

    Args:
        attempts: Attempts in any order. All attempts of an event have the same `guid`.
    """
    newest: dict[str, Delivery] = {}
    delivered: set[str] = set()
    for one in attempts:
        if one.succeeded:
            delivered.add(one.guid)
        known = newest.get(one.guid)
        if known is None or (one.delivered_at, one.id) > (known.delivered_at, known.id):
            newest[one.guid] = one
    lost = (one for guid, one in newest.items() if guid not in delivered)
    return tuple(sorted(lost, key=lambda one: (one.delivered_at, one.id)))
