"""The webhook's secret, current and previous, from Secrets Manager.

Owns the cached values: a rotation loses nothing, since a signature that fits neither value has them
read again, at most once a minute.
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
    """The values of one secret. `clock` gives monotonic seconds."""

    def __init__(
        self, client: "SecretsManagerClient", *, secret_id: str, clock: Callable[[], float]
    ) -> None:
        self._client = client
        self._secret_id = secret_id
        self._clock = clock
        self._values: tuple[str, ...] = ()
        self._tried_at = -math.inf

    def values(self) -> Iterator[tuple[str, ...]]:
        """The values known, and then, if they are a minute old, those read anew.

        A failed reading counts as one, so that wrong signatures cannot multiply it. Raises
        SecretUnavailableError where none can be read.
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
            answer = self._client.get_secret_value(SecretId=self._secret_id, VersionStage=stage)
        except ClientError as error:
            is_absent = error.response["Error"]["Code"] == "ResourceNotFoundException"
            if is_absent and stage != _STAGES[0]:
                return None
            raise SecretUnavailableError from error
        except BotoCoreError as error:
            raise SecretUnavailableError from error
        return answer.get("SecretString")
