"""The webhook's secret, current and previous, from Secrets Manager.

Owns the cached values: a rotation loses nothing, since a signature that fits neither value has them
read again, at most once a minute.
"""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from ingest.errors import SecretUnavailableError

if TYPE_CHECKING:
    from types_boto3_secretsmanager import SecretsManagerClient

REFRESH_SECONDS = 60
_STAGES = ("AWSCURRENT", "AWSPREVIOUS")


class SecretStore:
    """The values of one secret. `clock` gives monotonic seconds."""

    def __init__(
        self, client: "SecretsManagerClient", *, secret_id: str, clock: Callable[[], float]
    ) -> None:
        self._client = client
        self._secret_id = secret_id
        self._clock = clock
        self._values: tuple[str, ...] = ()
        self._read_at: float | None = None

    def values(self) -> Iterator[tuple[str, ...]]:
        """The values known, and then, if they are a minute old, those read anew.

        Raises SecretUnavailableError where none can be read.
        """
        if self._read_at is None:
            self._read()
        yield self._values
        if self._read_at is None or self._clock() - self._read_at >= REFRESH_SECONDS:
            self._read()
            yield self._values

    def _read(self) -> None:
        self._values = tuple(value for stage in _STAGES if (value := self._value(stage)))
        self._read_at = self._clock()

    def _value(self, stage: str) -> str | None:
        try:
            answer = self._client.get_secret_value(SecretId=self._secret_id, VersionStage=stage)
        except ClientError as error:
            is_absent = error.response["Error"]["Code"] == "ResourceNotFoundException"
            if is_absent and stage != _STAGES[0]:
                return None
            raise SecretUnavailableError from error
        except BotoCoreError as error:
            raise SecretUnavailableError from error
        return answer.get("SecretString")
