"""The payloads of webhooks."""

from collections.abc import Iterable

from infra.local.github.apps.registry import Installation
from infra.local.github.forms import accounts, alerts, apps, repositories
from infra.local.github.forms.addresses import Addresses, Json, node_id
from infra.local.github.world.records import Account, Repository
from infra.local.github.world.world import Event

_BY_USER = frozenset({"closed_by_user", "reopened_by_user"})


def payload(event: Event, at: Addresses, *, installation_id: int | None) -> Json:
    """Return the payload of an event, with the installation if it goes to an App."""
    repository = event.repository
    form: Json = {"action": event.action}
    if event.alert is not None:
        form["alert"] = alerts.in_webhook(event.alert, repository, at)
        by_user = event.action in _BY_USER
        form["ref"] = "" if by_user else alerts.ref_of(event.alert, repository)
        form["commit_oid"] = "" if by_user else alerts.commit_of(event.alert)
    if event.changes is not None:
        form["changes"] = dict(event.changes)
    if event.former_owner is not None:
        form["changes"] = {"owner": {"from": _former_owner(event.former_owner, at)}}
    form["repository"] = repositories.full(repository, at)
    if repository.owner.is_organisation:
        form["organization"] = accounts.organisation(repository.owner, at)
    form["sender"] = accounts.account(event.sender, at)
    if installation_id is not None:
        node = node_id("I", installation_id)
        form["installation"] = {"id": installation_id, "node_id": node}
    return form


def installed(
    one: Installation, candidates: Iterable[Repository], sender: Account, at: Addresses
) -> Json:
    """Return the payload for a new installation. It sees some of the candidates."""
    seen = [
        {
            "id": repository.id,
            "node_id": node_id("R", repository.id),
            "name": repository.name,
            "full_name": repository.full_name,
            "private": repository.visibility != "public",
        }
        for repository in candidates
        if one.sees(repository)
    ]
    return {
        "action": "created",
        "installation": apps.installation(one, at),
        "repositories": seen,
        "requester": None,
        "sender": accounts.account(sender, at),
    }


def _former_owner(owner: Account, at: Addresses) -> Json:
    if owner.is_organisation:
        return {"organization": accounts.organisation(owner, at)}
    return {"user": accounts.account(owner, at)}
