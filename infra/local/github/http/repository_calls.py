"""The calls for repositories: one, the lists of an account or installation, and properties."""

from infra.local.github.forms import repositories
from infra.local.github.forms.addresses import Json
from infra.local.github.http.call import Call, RefusalError, Reply
from infra.local.github.http.listing import numbered
from infra.local.github.world.records import Account


def one(
    call: Call, owner: str | None = None, name: str | None = None, number: int | None = None
) -> Reply:
    """Return a repository."""
    found = call.repository(owner, name, number, may_be_public=True)
    return Reply(repositories.full(found, call.addresses))


def of_organisation(call: Call, org: str | None = None, number: int | None = None) -> Reply:
    """Return a page of an organisation's repositories."""
    owner = call.account(org, number)
    return call.numbered_page(f"/organizations/{owner.id}/repos", _full(call, owner))


def of_user(call: Call, login: str | None = None, number: int | None = None) -> Reply:
    """Return a page of a user's public repositories."""
    owner = call.account(login, number)
    public = [one for one in _full(call, owner) if not one["private"]]
    return call.numbered_page(f"/user/{owner.id}/repos", public)


def of_token(call: Call) -> Reply:
    """Return a page of the repositories that the sender owns."""
    user = call.sender().user
    if user is None:
        raise RefusalError(403, "Resource not accessible by integration")
    return call.numbered_page("/user/repos", _full(call, user))


def of_installation(call: Call) -> Reply:
    """Return a page of the repositories that the sender's installation sees."""
    installation = call.sender().installation
    if installation is None:
        raise RefusalError(403, "You must authenticate with an installation access token")
    listed = _full(call, installation.account)
    part = numbered(listed, call.query)
    data = {"total_count": len(listed), "repositories": list(part.items)}
    return call.page("/installation/repositories", part, data)


def property_values(call: Call, org: str | None = None, number: int | None = None) -> Reply:
    """Return a page of the custom properties of an organisation's repositories."""
    owner = call.account(org, number)
    listed = [repositories.property_values(one) for one in call.github.world.of_owner(owner)]
    return call.numbered_page(f"/organizations/{owner.id}/properties/values", listed)


def _full(call: Call, owner: Account) -> list[Json]:
    found = [one for one in call.github.world.of_owner(owner) if call.sees(one)]
    return [repositories.full(one, call.addresses) for one in found]
