"""The hook ranges: which addresses they allow, and malformed documents."""

import pytest

from ingest.errors import HookRangesError
from ingest.source_addresses.hook_ranges import HookRanges


def test_hook_ranges_allow_addresses_inside_them_only() -> None:
    ranges = HookRanges.parse('{"hooks":["192.30.252.0/22","2a0a:a440::/29"]}')
    allowed = ("192.30.252.1", "::ffff:192.30.255.255", "2a0a:a440::1")
    assert all(ranges.allow(address) for address in allowed)
    assert not any(ranges.allow(address) for address in ("127.0.0.1", "::1", "", "x"))
    assert HookRanges.parse(ranges.to_text()) == ranges
    assert not HookRanges.parse('{"hooks":[]}').allow("192.30.252.1")


@pytest.mark.parametrize(
    "document", ["", "[]", "{}", '{"hooks":{}}', '{"hooks":[1]}', '{"hooks":["x"]}']
)
def test_malformed_meta_document_is_refused(document: str) -> None:
    with pytest.raises(HookRangesError, match="hook_ranges_malformed"):
        HookRanges.parse(document)
