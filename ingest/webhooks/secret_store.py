"""The secrets that can sign a delivery, from Secrets Manager: their current and previous values.

Owns the cached values. A signature that matches no value causes another read of each secret, at
most once a minute, so neither a rotation nor a new App loses deliveries for longer.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from ingest.errors import SecretUnavailableError

if TYPE_CHECKING:
    from types_boto3_secretsmanager import SecretsManagerClient

REFRESH_SECONDS = 60
_CURRENT, _PREVIOUS = "AWSCURRENT", "AWSPREVIOUS"
_ABSENT = "ResourceNotFoundException"


def whole(text: str) -> tuple[str, ...]:
    """Return the secret in a text that contains nothing else."""
    return (text,)


class SecretStore:
    """The values of one secret.

    `values_of` returns the values in the text of the secret, and raises ValueError if the text is
    invalid. `clock` returns monotonic seconds.
    """

    def __init__(
        self,
        client: "SecretsManagerClient",
        *,
        secret_id: str,
        clock: Callable[[], float],
        values_of: Callable[[str], tuple[str, ...]] = whole,
    ) -> None:
        self._client = client
        self._secret_id = secret_id
        self._clock = clock
        self._values_of = values_of
        self._values: tuple[str, ...] = ()
        self._tried_at = -math.inf
        self.is_read = False
        """Whether a value was read already."""

    @property
    def is_due(self) -> bool:
        """Whether the last read was a minute ago. A failed read counts, too."""
        return self._clock() - self._tried_at >= REFRESH_SECONDS

    def cached(self) -> tuple[str, ...]:
        """Return the values of the last read, which is now if there was none.

        Raises:
            SecretUnavailableError: No value can be read.
        """
        return self._values if self.is_read else self.read()

    def read(self) -> tuple[str, ...]:
        """Read the values, and return them.

        Raises:
            SecretUnavailableError: No value can be read. The values of the last read stay cached.
        """
        self._tried_at = self._clock()
        current, previous = self._read(_CURRENT), self._read(_PREVIOUS)
        if current is None:
            raise SecretUnavailableError
        self._values = current + (previous or ())
        self.is_read = True
        return self._values

    def _read(self, stage: str) -> tuple[str, ...] | None:
        """Return the values of a stage, or None if it has no valid value."""
        try:
            response = self._client.get_secret_value(SecretId=self._secret_id, VersionStage=stage)
        except ClientError as error:
            if stage == _PREVIOUS and error.response["Error"]["Code"] == _ABSENT:
                return None
            raise SecretUnavailableError from error
        except BotoCoreError as error:
            raise SecretUnavailableError from error
        text = response.get("SecretString")
        try:
            return self._values_of(text) if text else None
        except ValueError:
            return None


class SecretStores:
    """Several secrets, each of which can sign a delivery."""

    def __init__(self, *stores: SecretStore) -> None:
        self._stores = stores

    def values(self) -> Iterator[Sequence[str]]:
        """Yield the cached values of each secret, and then those of new reads that are due.

        The caller stops at the value that matches. So a secret that cannot be read matters only if
        no other one matches.

        Raises:
            SecretUnavailableError: A secret cannot be read.
        """
        failure: SecretUnavailableError | None = None
        # What is cached costs no request.
        stores = sorted(self._stores, key=lambda store: not store.is_read)
        for read in (
            *(store.cached for store in stores),
            *(store.read for store in stores if store.is_due and store.is_read),
        ):
            try:
                values = read()
            except SecretUnavailableError as error:
                failure = error
            else:
                yield values
        if failure is not None:
            raise failure
