"""The current and the previous value of the webhook's secret, from Secrets Manager.

Owns the cached values. A signature that matches neither value causes another read, at most once a
minute, so a rotation does not lose deliveries.
"""

import math
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from ingest.errors import SecretUnavailableError

if TYPE_CHECKING:
    from types_boto3_secretsmanager import SecretsManagerClient

REFRESH_SECONDS = 60
_STAGES = ("AWSCURRENT", "AWSPREVIOUS")


class SecretStore:
    """The values of one secret. `clock` returns monotonic seconds."""

    def __init__(
        self, client: "SecretsManagerClient", *, secret_id: str, clock: Callable[[], float]
    ) -> None:
        self._client = client
        self._secret_id = secret_id
        self._clock = clock
        self._values: tuple[str, ...] = ()
        self._tried_at = -math.inf

    def values(self) -> Iterator[tuple[str, ...]]:
        """Yield the cached values and then, if the last read was a minute ago, the new values.

        A failed read counts too, so wrong signatures do not cause more reads.

        Raises:
            SecretUnavailableError: No value can be read.
        """
        if not self._values:
            self._read()
        yield self._values
        if self._clock() - self._tried_at >= REFRESH_SECONDS:
            self._read()
            yield self._values

    def _read(self) -> None:
        self._tried_at = self._clock()
        values = tuple(value for stage in _STAGES if (value := self._value(stage)))
        if not values:
            raise SecretUnavailableError
        self._values = values

    def _value(self, stage: str) -> str | None:
        try:
            response = self._client.get_secret_value(SecretId=self._secret_id, VersionStage=stage)
        except ClientError as error:
            is_absent = error.response["Error"]["Code"] == "ResourceNotFoundException"
            if is_absent and stage != _STAGES[0]:
                return None
            raise SecretUnavailableError from error
        except BotoCoreError as error:
            raise SecretUnavailableError from error
        return response.get("SecretString")
