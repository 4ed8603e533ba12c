"""The call for an account."""

from infra.local.github.forms import accounts
from infra.local.github.http.call import Call, Reply


def one(call: Call, login: str) -> Reply:
    """Return an organisation or a user, also to a sender who is not signed in."""
    return Reply(accounts.public(call.account(login), call.addresses))
