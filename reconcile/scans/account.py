"""An account that a connected App is installed on, also as JSON for the state machine. Pure."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """An organisation or a user with an installation of an App.

    Attributes:
        app: The identity of the App, see `ConnectedApp`.
        connection: Its name in the Connections table, such as `github.com/acme`.
        login: Its login.
        is_organisation: Whether it is an organisation.
        installation_id: The installation.
        sees_all: Whether the App sees all its repositories.
    """

    app: tuple[str, int]
    connection: str
    login: str
    is_organisation: bool
    installation_id: int
    sees_all: bool


def account_json(account: Account) -> dict[str, Any]:
    """Return an account as JSON, for the state machine."""
    return asdict(account)


def account_from(stored: Mapping[str, Any]) -> Account:
    """Return the account that `account_json` returned."""
    api_url, app_id = stored["app"]
    return Account(**{**stored, "app": (api_url, app_id)})
