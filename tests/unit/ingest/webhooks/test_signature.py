"""Signatures: only a delivery that is signed with one of the secrets passes, up to a size."""

import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.errors import WebhookError
from ingest.webhooks.delivery import MAX_BODY_BYTES, Delivery, verify
from ingest.webhooks.signature import is_signed

SECRET = "It's a Secret to Everybody"


def test_signature_matches_example_of_github_documentation() -> None:
    header = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
    assert is_signed(b"Hello, World!", header=header, secrets=["old", SECRET])
    for wrong in (None, "", "sha1=1", header + "0", header.upper(), "sha256=é"):
        assert not is_signed(b"Hello, World!", header=wrong, secrets=[SECRET])
    assert not is_signed(b"Hello, World!", header=header, secrets=[])


@given(st.binary(min_size=1, max_size=40), st.data())
def test_any_byte_changed_after_signing_fails_verification(
    body: bytes, data: st.DataObject
) -> None:
    header = "sha256=" + hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
    assert is_signed(body, header=header, secrets=[SECRET])
    position = data.draw(st.integers(0, len(body) - 1))
    other = bytearray(body)
    other[position] ^= data.draw(st.integers(1, 255))
    assert not is_signed(bytes(other), header=header, secrets=[SECRET])


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (Delivery({}, b"x" * (MAX_BODY_BYTES + 1)), (413, "body_too_large")),
        (Delivery({}, b"{}"), (401, "signature_missing")),
        (Delivery({"x-hub-signature-256": "sha256=0"}, b"{}"), (401, "signature_wrong")),
    ],
)
def test_unsigned_or_too_large_delivery_is_refused(
    one: Delivery, expected: tuple[int, str]
) -> None:
    with pytest.raises(WebhookError) as caught:
        verify(one, secrets=lambda: [[SECRET], ["another"]])
    assert (caught.value.status, caught.value.reason) == expected
