"""The calls for alerts: lists of an organisation, an enterprise and a repository, and one alert.

Owns their order and filters. A sorted list is kept until the world changes, so that the pages of
20,000 alerts cost one sort.
"""

from collections.abc import Callable, Iterable, Mapping
from weakref import WeakKeyDictionary

from infra.local.github.forms import alerts
from infra.local.github.forms.addresses import Json
from infra.local.github.http.call import Call, RefusalError, Reply
from infra.local.github.http.listing import Key, after_cursor, numbered
from infra.local.github.world.records import Alert, Repository, Scanning
from infra.local.github.world.world import World

Found = tuple[Alert, Repository]
_STATES = {"closed": ("dismissed", "fixed")}
_REFUSALS = {
    Scanning.ADVANCED_SECURITY_DISABLED: (
        403,
        "Advanced Security must be enabled for this repository to use code scanning.",
    ),
    Scanning.DISABLED: (
        403,
        (
            "Code scanning is not enabled for this repository. "
            "Please enable code scanning in the repository settings."
        ),
    ),
    Scanning.NO_ANALYSIS: (404, "no analysis found"),
    Scanning.BLOCKED: (451, "Repository access blocked"),
}
_sorted: "WeakKeyDictionary[World, dict[object, tuple[list[Found], list[Key]]]]" = (
    WeakKeyDictionary()
)


def of_organisation(call: Call, org: str | None = None, number: int | None = None) -> Reply:
    """Return a page of the alerts of an organisation's default branches."""
    owner = call.account(org, number)
    call.sender()
    return _page(
        call, f"/organizations/{owner.id}/code-scanning/alerts",
        lambda one: one.owner.id == owner.id and call.sees(one), alerts.with_repository,
        default_branch_only=True,
    )  # fmt: skip


def of_enterprise(call: Call, slug: str) -> Reply:
    """Return a page of the alerts of an enterprise's default branches."""
    if call.sender().installation is not None:
        raise RefusalError(403, "Resource not accessible by integration")
    if not call.github.world.of_enterprise(slug):
        raise RefusalError(404, "Not Found")
    return _page(
        call, f"/enterprises/{slug}/code-scanning/alerts",
        lambda one: one.owner.enterprise == slug, alerts.with_repository, default_branch_only=True,
    )  # fmt: skip


def of_repository(
    call: Call, owner: str | None = None, name: str | None = None, number: int | None = None
) -> Reply:
    """Return a page of the alerts of a repository."""
    repository = call.repository(owner, name, number)
    _check_scanned(repository)
    return _page(
        call, f"/repositories/{repository.id}/code-scanning/alerts",
        lambda one: one.id == repository.id, alerts.listed, default_branch_only=False,
    )  # fmt: skip


def one(
    call: Call,
    alert: int,
    owner: str | None = None,
    name: str | None = None,
    number: int | None = None,
) -> Reply:
    """Return one alert of a repository."""
    repository = call.repository(owner, name, number)
    _check_scanned(repository)
    found = repository.alerts.get(alert)
    if found is None:
        raise RefusalError(404, f"No alert found for alert number {alert}")
    return Reply(alerts.alone(found, repository, call.addresses))


def _check_scanned(repository: Repository) -> None:
    if repository.scanning is not Scanning.ENABLED:
        raise RefusalError(*_REFUSALS[repository.scanning])


def _page(
    call: Call,
    path: str,
    chosen: Callable[[Repository], bool],
    form: Callable[..., Json],
    *,
    default_branch_only: bool,
) -> Reply:
    faults = call.github.faults
    found, keys = _list(call, path, chosen, default_branch_only=default_branch_only)
    if faults.page_numbers or "page" in call.query:
        part = numbered(found, call.query)
    else:
        part = after_cursor(found, keys, call.query, repeated=faults.repeated_items)
    items = [form(alert, repository, call.addresses) for alert, repository in part.items]
    return call.page(path, part, items)


def _list(
    call: Call, path: str, chosen: Callable[[Repository], bool], *, default_branch_only: bool
) -> tuple[list[Found], list[Key]]:
    """Return the whole list in its order, with a key for each alert."""
    world, faults, query = call.github.world, call.github.faults, call.query
    repositories: Iterable[Repository] = world.repositories.values()
    is_stale = faults.stale_pages > 0
    if is_stale:
        faults.stale_pages -= 1
        repositories = call.github.remembered
    filters = tuple(query.get(name) for name in ("sort", "direction", "state", "tool_name", "ref"))
    actor = call.sender().name
    kept = _sorted.setdefault(world, {})
    name = (world.revision, is_stale, path, actor, filters)
    if name not in kept:
        if any(key[0] != world.revision for key in kept if isinstance(key, tuple)):
            kept.clear()
        listed = [
            (alert, one)
            for one in repositories
            if chosen(one) and one.scanning is Scanning.ENABLED
            for alert in one.alerts.values()
            if _is_chosen(alert, one, query, default_branch_only=default_branch_only)
        ]
        is_updated = query.get("sort") == "updated"
        sign = 1 if query.get("direction") == "asc" else -1
        pairs = sorted(
            ((_key(found, sign, is_updated=is_updated), found) for found in listed),
            key=lambda pair: pair[0],
        )
        kept[name] = [found for _, found in pairs], [key for key, _ in pairs]
    return kept[name]


def _is_chosen(
    alert: Alert, repository: Repository, query: Mapping[str, str], *, default_branch_only: bool
) -> bool:
    state, tool, ref = query.get("state"), query.get("tool_name"), query.get("ref")
    if default_branch_only and alert.ref is not None:
        return False
    if state is not None and alert.state not in _STATES.get(state, (state,)):
        return False
    if tool is not None and alert.rule.tool != tool:
        return False
    present = alerts.ref_of(alert, repository)
    return ref is None or ref in {present, present.removeprefix("refs/heads/")}


def _key(found: Found, sign: int, *, is_updated: bool) -> Key:
    alert, repository = found
    at = alert.updated_at if is_updated else alert.created_at
    return (sign * int(at.timestamp()), sign * repository.id, sign * alert.number)
