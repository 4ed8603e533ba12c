"""The connected GitHub Apps: installations, rate limits and deliveries, as GitHub reports them.

Owns how many installations are looked up, and how long a request is repeated.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from github_rest import apps, deliveries, rate_limits
from github_rest.deliveries import APP_HOOK
from github_rest.errors import GitHubError
from github_rest.http.client import Client
from github_rest.http.responses import RateLimit
from github_rest.http.retries import Patience
from github_rest.servers import GITHUB_COM, server_of
from ingest.webhooks.connected_apps import ConnectedApp
from operations import github
from operations.errors import NoTokenError
from operations.status.section import Finding, Section, ago
from redelivery.attempts import lost_of

_PATIENCE = Patience(attempts=2, longest_wait_s=5.0)
_MOST_INSTALLATIONS = 20
_LOW = 0.1
"""The part of a rate limit below which little is left."""


class GitHubApps:
    """What GitHub reports about the Apps."""

    def __init__(self, now: datetime) -> None:
        self._now = now
        self._rows: list[tuple[str, str]] = []
        self._facts: list[dict[str, object]] = []
        self._findings: list[Finding] = []

    def section(self, connected: Sequence[ConnectedApp]) -> Section:
        """Return the section after asking GitHub about each App."""
        for app in connected:
            self._add(app)
        if not connected:
            self._rows.append(
                ("none", "webhooks made by hand can deliver; their newest change is below")
            )
        facts = {"apps": self._facts, "token": self._token()}
        return Section(
            key="apps",
            title="GitHub Apps",
            rows=tuple(self._rows),
            facts=facts,
            findings=tuple(self._findings),
        )

    def _token(self) -> dict[str, object] | None:
        """Return the rate limit of the token in the environment, None if there is no token."""
        try:
            rate = rate_limits.get(github.token_client(GITHUB_COM, _PATIENCE))
        except NoTokenError:
            return None
        except GitHubError as error:
            failure = github.explained(error)
            self._findings.append(
                Finding(f"{github.TOKEN_VARIABLE}: {failure}.", failure.next_step)
            )
            return None
        self._rows.append((github.TOKEN_VARIABLE, self._budget(github.TOKEN_VARIABLE, rate)))
        return _rate(rate)

    def _add(self, app: ConnectedApp) -> None:
        facts: dict[str, object] = {"app": app.slug, "apiUrl": app.api_url, "error": None}
        self._facts.append(facts)
        client = github.app_client(app, _PATIENCE).client
        try:
            facts["installations"] = list(self._installations(app, client))
            facts |= self._deliveries(app, client)
        except GitHubError as error:
            failure = github.explained(error)
            facts["error"] = error.reason
            self._rows.append((app.slug, "GitHub refuses its requests"))
            self._findings.append(Finding(f"App {app.slug}: {failure}.", failure.next_step))

    def _installations(self, app: ConnectedApp, client: Client) -> Iterable[dict[str, object]]:
        found = next(apps.installations(client)).items
        if not found:
            self._findings.append(
                Finding(f"The App {app.slug} is not installed.", f"install it at {_page(app)}")
            )
        for one in found[:_MOST_INSTALLATIONS]:
            if one.suspended:
                self._rows.append((app.slug, f"suspended on {one.account}"))
                self._findings.append(
                    Finding(
                        f"The App {app.slug} is suspended on {one.account}.",
                        "unsuspend it in the account's settings at GitHub",
                    )
                )
                yield {"account": one.account, "suspended": True, "rateLimit": None}
                continue
            rate = rate_limits.get(client.installation(one.id))
            self._rows.append(
                (app.slug, f"installed on {one.account}; {self._budget(app.slug, rate)}")
            )
            yield {"account": one.account, "suspended": False, "rateLimit": _rate(rate)}

    def _budget(self, name: str, rate: RateLimit | None) -> str:
        if rate is None:
            return "no rate limit"
        reset = f"{rate.reset_at:%H:%M} UTC"
        if rate.remaining < rate.limit * _LOW:
            self._findings.append(
                Finding(f"The rate limit of {name} is almost used up.", f"wait until {reset}")
            )
        return f"{rate.remaining:,} of {rate.limit:,} requests left until {reset}"

    def _deliveries(self, app: ConnectedApp, client: Client) -> dict[str, object]:
        """Read the newest page of deliveries, which shows whether they arrive at present."""
        page = next(deliveries.of_hook(client, APP_HOOK)).items
        newest = max((one.delivered_at for one in page), default=None)
        lost = len(lost_of(page))
        text = "no delivery yet" if newest is None else f"last delivery {ago(newest, self._now)}"
        if lost:
            text += f"; {lost} of the newest {len(page)} lost"
            self._findings.append(
                Finding(f"Events of the App {app.slug} are lost: {lost}.", "gcsmttr redeliver")
            )
        self._rows.append((app.slug, text))
        return {"lastDeliveryAt": None if newest is None else newest.isoformat(), "lost": lost}


def _page(app: ConnectedApp) -> str:
    return f"{server_of(app.api_url).web_url}/apps/{app.slug}"


def _rate(rate: RateLimit | None) -> dict[str, object] | None:
    if rate is None:
        return None
    return {
        "limit": rate.limit, "remaining": rate.remaining, "resetAt": rate.reset_at.isoformat()
    }  # fmt: skip
