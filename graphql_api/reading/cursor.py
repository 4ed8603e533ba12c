"""Opaque cursors: a position in a list, bound to the list and its arguments.

A cursor contains a position, the values that the list keeps between its pages, and nothing else. It
does not grant access: each page checks what the API key may read. Two tags distinguish a damaged
cursor from one that is used with other arguments.
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Base64Error
from collections.abc import Sequence
from hashlib import blake2b
from hmac import compare_digest
from typing import NamedTuple, Self

from graphql_api.vocabulary.errors import BadCursorError

_VERSION = b"\x02"
_TAG_BYTES = 16
_MAX_TOKEN_LENGTH = 4096
# Clients have cursors with these tags, so the two values never change.
_BINDING = b"question"
_WHOLE = b"cursor"


class Cursor(NamedTuple):
    """The content of a cursor."""

    position: tuple[str, ...]
    """The key attributes, as text, of the last row of the page."""
    kept: tuple[str, ...] = ()
    """The values that later pages take from the first page instead of computing them again."""


class DamagedCursorError(BadCursorError):
    """`nextToken` was not created by this deployment, or it was cut or changed."""

    def __init__(self, token: str) -> None:
        shown = token if len(token) <= 20 else f"{token[:20]}…"
        super().__init__(
            f"nextToken {shown!r} is damaged: send one that this API returned, unchanged, or "
            "leave it out for the first page."
        )


class OtherArgumentsError(BadCursorError):
    """`nextToken` was created for another field or for other arguments."""

    def __init__(self) -> None:
        super().__init__(
            "nextToken belongs to another field or to other arguments: send it with the arguments "
            "of the page that returned it. Only limit may change between pages."
        )


class OutdatedCursorError(BadCursorError):
    """`nextToken` was created by this deployment, but its position is not in the list any more."""

    def __init__(self) -> None:
        super().__init__(
            "nextToken contains a position that this list does not have any more: leave it out for "
            "the first page."
        )


def binding_of(field: str, **arguments: str | int | Sequence[str] | None) -> bytes:
    """Return the bytes that bind a cursor to a field and to all arguments that select its rows."""
    return json.dumps([field, arguments], sort_keys=True, separators=(",", ":")).encode()


class CursorCodec(NamedTuple):
    """Encodes and decodes cursors with one key, the same in every process of a deployment."""

    key: bytes

    @classmethod
    def of(cls, secret: str) -> Self:
        """Return the codec for a secret text of any length."""
        return cls(blake2b(secret.encode(), digest_size=32).digest())

    def encode(self, position: Sequence[str], *, binding: bytes, kept: Sequence[str] = ()) -> str:
        """Return the cursor of a position in the list with this binding."""
        content = [list(position), list(kept)]
        payload = json.dumps(content, separators=(",", ":"), ensure_ascii=False).encode()
        body = _VERSION + self._tag(binding, _BINDING) + payload
        return urlsafe_b64encode(self._tag(body, _WHOLE) + body).rstrip(b"=").decode()

    def decode(self, token: str, *, binding: bytes) -> Cursor:
        """Return the content that `encode` received.

        Raises:
            DamagedCursorError: The token was not created by `encode` with this key.
            OtherArgumentsError: The token was created for another binding.
            OutdatedCursorError: The payload has another form than `encode` writes today.
        """
        body = self._body(token)
        version, binding_tag, payload = body[:1], body[1 : 1 + _TAG_BYTES], body[1 + _TAG_BYTES :]
        if version != _VERSION:
            raise DamagedCursorError(token)
        if not compare_digest(binding_tag, self._tag(binding, _BINDING)):
            raise OtherArgumentsError
        cursor = _from_payload(payload)
        if cursor is None:
            raise OutdatedCursorError
        return cursor

    def _body(self, token: str) -> bytes:
        if len(token) > _MAX_TOKEN_LENGTH:
            raise DamagedCursorError(token)
        try:
            raw = urlsafe_b64decode(token.encode("ascii") + b"=" * (-len(token) % 4))
        except (UnicodeEncodeError, Base64Error) as error:
            raise DamagedCursorError(token) from error
        tag, body = raw[:_TAG_BYTES], raw[_TAG_BYTES:]
        # Several Base64 texts decode to the same bytes. Only the one that was returned is valid.
        is_authentic = compare_digest(tag, self._tag(body, _WHOLE))
        if not is_authentic or urlsafe_b64encode(raw).rstrip(b"=").decode() != token:
            raise DamagedCursorError(token)
        return body

    def _tag(self, content: bytes, purpose: bytes) -> bytes:
        return blake2b(content, digest_size=_TAG_BYTES, key=self.key, person=purpose).digest()


def _from_payload(payload: bytes) -> Cursor | None:
    try:
        position, kept = json.loads(payload)
        texts = [*position, *kept]
    except (TypeError, ValueError):
        return None
    are_texts = all(isinstance(text, str) for text in texts)
    return Cursor(tuple(position), tuple(kept)) if are_texts else None
