"""The secret with the connected GitHub Apps: read, and changed without losing another change.

Owns the conditional write. Secrets Manager moves the label of the current version only away from
the version that the request names, so of two changes at once the second one reads again.
"""

import secrets
from collections.abc import Callable
from typing import TYPE_CHECKING
from uuid import uuid4

from botocore.exceptions import ClientError

from ingest.webhooks.connected_apps import ConnectedApp, apps_of, text_of
from operations.errors import AwsError

if TYPE_CHECKING:
    from types_boto3_secretsmanager import SecretsManagerClient

Apps = tuple[ConnectedApp, ...]
_CURRENT, _PENDING = "AWSCURRENT", "AWSPENDING"
_OVERTAKEN = "InvalidParameterException"
_ATTEMPTS = 20


class AppStore:
    """The secret `GitHubApps` of a deployment. `pause` waits for some seconds."""

    def __init__(
        self,
        client: "SecretsManagerClient",
        *,
        secret_id: str,
        pause: Callable[[float], None],
    ) -> None:
        self._client = client
        self._secret_id = secret_id
        self._pause = pause

    def read(self) -> Apps:
        """Return the connected Apps."""
        return self._current()[1]

    def check_writable(self) -> None:
        """Try both requests of a change, without changing the Apps.

        A new App must not be registered if its key cannot be stored.

        Raises:
            ClientError: The credentials do not allow one of the requests.
        """
        version = self._put(self._current()[1])
        try:
            self._client.update_secret_version_stage(
                SecretId=self._secret_id, VersionStage=_PENDING, RemoveFromVersionId=version
            )
        except ClientError as error:
            # Another change has taken the label away. That is allowed, too.
            if _code(error) != _OVERTAKEN:
                raise

    def add(self, app: ConnectedApp) -> None:
        """Add an App. It replaces a stored one with the same id."""
        self._change(lambda apps: (*_without(app, apps), app))

    def remove(self, app: ConnectedApp) -> None:
        """Remove an App."""
        self._change(lambda apps: _without(app, apps))

    def renew(self) -> None:
        """Make the previous version the same as the current one."""
        self._change(lambda apps: apps)

    def _change(self, change: Callable[[Apps], Apps]) -> None:
        for _ in range(_ATTEMPTS):
            version, apps = self._current()
            if self._is_replaced(version, by=self._put(change(apps))):
                return
            self._pause(secrets.randbelow(1000) / 1000)
        raise AwsError(
            f"The secret {self._secret_id} changes all the time.",
            next_step="Run the command again.",
        )

    def _current(self) -> tuple[str, Apps]:
        """Return the current version and its Apps."""
        found = self._client.get_secret_value(SecretId=self._secret_id, VersionStage=_CURRENT)
        try:
            return found["VersionId"], apps_of(found["SecretString"])
        except ValueError as error:
            raise AwsError(
                f"In {self._secret_id}, {error}.",
                next_step="Correct the secret in Secrets Manager.",
            ) from None

    def _put(self, apps: Apps) -> str:
        """Store a version that is not the current one, and return its id."""
        version = str(uuid4())
        self._client.put_secret_value(
            SecretId=self._secret_id,
            ClientRequestToken=version,
            SecretString=text_of(apps),
            VersionStages=[_PENDING],
        )
        return version

    def _is_replaced(self, version: str, *, by: str) -> bool:
        """Make another version the current one. Return false if a third one is current now."""
        try:
            self._client.update_secret_version_stage(
                SecretId=self._secret_id,
                VersionStage=_CURRENT,
                RemoveFromVersionId=version,
                MoveToVersionId=by,
            )
        except ClientError as error:
            if _code(error) == _OVERTAKEN and self._current()[0] != version:
                return False
            raise
        return True


def _without(app: ConnectedApp, apps: Apps) -> Apps:
    return tuple(one for one in apps if one.identity != app.identity)


def _code(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))
