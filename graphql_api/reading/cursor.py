"""Opaque cursors: a position in a list, sealed together with the question that it belongs to.

A cursor carries a position, what else the list keeps between its pages, and nothing more; what its
bearer may read is checked as for any other request. Two tags tell a damaged cursor from one that is
sent with other arguments.
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
_LONGEST_TOKEN = 4096


class Cursor(NamedTuple):
    """What a cursor carries."""

    position: tuple[str, ...]
    """The key attributes, as text, of the last row that was given."""
    kept: tuple[str, ...] = ()
    """What later pages take from the first instead of working it out again."""


class DamagedCursorError(BadCursorError):
    """`nextToken` was not given by this deployment, or it was cut or changed."""

    def __init__(self, token: str) -> None:
        shown = token if len(token) <= 20 else f"{token[:20]}…"
        super().__init__(
            f"nextToken {shown!r} is damaged: send one that this API gave, unchanged, or "
            "leave it out for the first page."
        )


class OtherArgumentsError(BadCursorError):
    """`nextToken` was given for another field or for other arguments."""

    def __init__(self) -> None:
        super().__init__(
            "nextToken belongs to another field or to other arguments: send it with those that it "
            "was given for. Only limit may change between pages."
        )


class OutdatedCursorError(BadCursorError):
    """`nextToken` was given by this deployment, but the list has no such position any more."""

    def __init__(self) -> None:
        super().__init__(
            "nextToken holds a position that this list does not have any more: leave it out for "
            "the first page."
        )


def question(field: str, **arguments: str | int | Sequence[str] | None) -> bytes:
    """Return the bytes that bind a cursor to a field and all arguments that decide its rows."""
    return json.dumps([field, arguments], sort_keys=True, separators=(",", ":")).encode()


class Seal(NamedTuple):
    """Writes and checks cursors with one key, the same in every process of a deployment."""

    key: bytes

    @classmethod
    def of(cls, secret: str) -> Self:
        """Return the seal that belongs to a secret text, whatever its length."""
        return cls(blake2b(secret.encode(), digest_size=32).digest())

    def close(self, position: Sequence[str], *, asked: bytes, kept: Sequence[str] = ()) -> str:
        """Return the cursor of a position in the list that `asked` names."""
        carried = [list(position), list(kept)]
        payload = json.dumps(carried, separators=(",", ":"), ensure_ascii=False).encode()
        body = _VERSION + self._tag(asked, b"question") + payload
        return urlsafe_b64encode(self._tag(body, b"cursor") + body).rstrip(b"=").decode()

    def open(self, token: str, *, asked: bytes) -> Cursor:
        """Return what `close` was given.

        Raises:
            DamagedCursorError: the token was not made by `close` with this key.
            OtherArgumentsError: it was made for another question.
            OutdatedCursorError: it carries something else than `close` is given today.
        """
        body = self._body(token)
        version, question_tag, payload = body[:1], body[1 : 1 + _TAG_BYTES], body[1 + _TAG_BYTES :]
        if version != _VERSION:
            raise DamagedCursorError(token)
        if not compare_digest(question_tag, self._tag(asked, b"question")):
            raise OtherArgumentsError
        cursor = _carried(payload)
        if cursor is None:
            raise OutdatedCursorError
        return cursor

    def _body(self, token: str) -> bytes:
        if len(token) > _LONGEST_TOKEN:
            raise DamagedCursorError(token)
        try:
            raw = urlsafe_b64decode(token.encode("ascii") + b"=" * (-len(token) % 4))
        except (UnicodeEncodeError, Base64Error) as error:
            raise DamagedCursorError(token) from error
        tag, body = raw[:_TAG_BYTES], raw[_TAG_BYTES:]
        # Base64 has several spellings of the same bytes, of which one was given.
        is_ours = compare_digest(tag, self._tag(body, b"cursor"))
        if not is_ours or urlsafe_b64encode(raw).rstrip(b"=").decode() != token:
            raise DamagedCursorError(token)
        return body

    def _tag(self, of: bytes, purpose: bytes) -> bytes:
        return blake2b(of, digest_size=_TAG_BYTES, key=self.key, person=purpose).digest()


def _carried(payload: bytes) -> Cursor | None:
    try:
        position, kept = json.loads(payload)
        texts = [*position, *kept]
    except (TypeError, ValueError):
        return None
    are_texts = all(isinstance(text, str) for text in texts)
    return Cursor(tuple(position), tuple(kept)) if are_texts else None
