"""Opaque cursors: a position in a list, sealed together with the question that it belongs to.

A cursor carries a position and nothing else; what its bearer may read is checked as for any other
request. The seal makes a cut, changed or swapped cursor a clear error instead of a wrong page.
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Base64Error
from collections.abc import Sequence
from hashlib import blake2b
from hmac import compare_digest
from typing import NamedTuple, Self

from graphql_api.errors import BadCursorError

_VERSION = b"\x01"
_TAG_BYTES = 16
_LONGEST_TOKEN = 4096

_MESSAGE = "nextToken must be one that this query gave for these same arguments."


def question(field: str, **arguments: str | int | Sequence[str] | None) -> bytes:
    """Return the bytes that bind a cursor to a field and all arguments that decide its rows."""
    return json.dumps([field, arguments], sort_keys=True, separators=(",", ":")).encode()


class Seal(NamedTuple):
    """Writes and checks cursors with one key, the same in every process of a deployment."""

    key: bytes

    @classmethod
    def of(cls, *secrets: str) -> Self:
        """Return the seal that belongs to these words, whatever their length."""
        return cls(blake2b("\0".join(secrets).encode(), digest_size=32).digest())

    def close(self, position: Sequence[str], *, asked: bytes) -> str:
        """Return the cursor that stands for `position` in the list that `asked` names."""
        payload = json.dumps(list(position), separators=(",", ":"), ensure_ascii=False).encode()
        token = _VERSION + self._tag(payload, asked) + payload
        return urlsafe_b64encode(token).rstrip(b"=").decode()

    def open(self, token: str, *, asked: bytes) -> tuple[str, ...]:
        """Return the position that `close` was given.

        Raises:
            BadCursorError: the token was not made by `close` with this key and this question.
        """
        if len(token) > _LONGEST_TOKEN:
            raise BadCursorError(_MESSAGE)
        try:
            raw = urlsafe_b64decode(token.encode("ascii") + b"=" * (-len(token) % 4))
        except (UnicodeEncodeError, Base64Error) as error:
            raise BadCursorError(_MESSAGE) from error
        version, tag, payload = raw[:1], raw[1 : 1 + _TAG_BYTES], raw[1 + _TAG_BYTES :]
        if version != _VERSION or not compare_digest(tag, self._tag(payload, asked)):
            raise BadCursorError(_MESSAGE)
        if urlsafe_b64encode(raw).rstrip(b"=").decode() != token:
            raise BadCursorError(_MESSAGE)
        position: list[str] = json.loads(payload)
        return tuple(position)

    def _tag(self, payload: bytes, asked: bytes) -> bytes:
        bound = blake2b(asked, digest_size=32, key=self.key).digest()
        return blake2b(payload, digest_size=_TAG_BYTES, key=bound).digest()
