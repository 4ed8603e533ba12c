"""The GitHub Apps that are connected to the deployment, and the text in which they are stored.

Owns the JSON in the secret `GitHubApps`: a list with one object for each App. No representation
and no error contains a private key or a webhook secret. Pure.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

NO_APPS = "[]"
"""The text of a deployment to which no App is connected."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectedApp:
    """A GitHub App with its credentials.

    Attributes:
        api_url: The address of the REST API of its GitHub, without a final slash.
        app_id: Its id, unique on its GitHub.
        slug: Its name in addresses.
        owner: The login of the account that owned it when it was connected.
        private_key: The key that signs its requests, in PEM form.
        webhook_secret: The secret that signs its deliveries.
    """

    api_url: str
    app_id: int
    slug: str
    owner: str
    private_key: str = field(repr=False)
    webhook_secret: str = field(repr=False)

    @property
    def identity(self) -> tuple[str, int]:
        """What distinguishes it from all other Apps, on every GitHub."""
        return self.api_url, self.app_id


def apps_of(text: str) -> tuple[ConnectedApp, ...]:
    """Return the Apps in a text.

    Raises:
        ValueError: The text is not a list of Apps.
    """
    try:
        return tuple(
            ConnectedApp(
                api_url=_text(one["apiUrl"]),
                app_id=int(one["appId"]),
                slug=_text(one["slug"]),
                owner=_text(one["owner"]),
                private_key=_text(one["privateKey"]),
                webhook_secret=_text(one["webhookSecret"]),
            )
            for one in _list(json.loads(text))
        )
    except (ValueError, TypeError, KeyError):
        # The error of the library contains the text.
        raise ValueError("the secret with the GitHub Apps is not a list of Apps") from None


def text_of(apps: Iterable[ConnectedApp]) -> str:
    """Return the text that contains these Apps."""
    return json.dumps(
        [
            {
                "apiUrl": app.api_url,
                "appId": app.app_id,
                "slug": app.slug,
                "owner": app.owner,
                "privateKey": app.private_key,
                "webhookSecret": app.webhook_secret,
            }
            for app in apps
        ]
    )


def webhook_secrets_of(text: str) -> tuple[str, ...]:
    """Return the webhook secrets of the Apps in a text.

    Raises:
        ValueError: The text is not a list of Apps.
    """
    return tuple(app.webhook_secret for app in apps_of(text))


def _list(value: object) -> list[Any]:
    if not isinstance(value, list):
        raise TypeError
    return value


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value
