"""The hook ranges: which addresses they allow, malformed documents, and the stored copy."""

from datetime import UTC, datetime, timedelta

import pytest

from ingest.errors import HookRangesError
from ingest.source_addresses.hook_ranges import HookRanges
from ingest.source_addresses.seed import GITHUB_COM_META_URL, seed_of
from ingest.source_addresses.stored_ranges import StoredRanges

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


def test_hook_ranges_allow_addresses_inside_them_only() -> None:
    ranges = HookRanges.parse('{"hooks":["192.30.252.0/22","2a0a:a440::/29"]}')
    allowed = ("192.30.252.1", "::ffff:192.30.255.255", "2a0a:a440::1")
    assert all(ranges.allow(address) for address in allowed)
    assert not any(ranges.allow(address) for address in ("127.0.0.1", "::1", "", "x"))
    assert HookRanges.listed(ranges.to_list()) == ranges
    assert not HookRanges.parse('{"hooks":[]}').allow("192.30.252.1")


@pytest.mark.parametrize(
    "document", ["", "[]", "{}", '{"hooks":{}}', '{"hooks":[1]}', '{"hooks":["x"]}']
)
def test_malformed_meta_document_is_refused(document: str) -> None:
    with pytest.raises(HookRangesError, match="hook_ranges_malformed"):
        HookRanges.parse(document)


@pytest.mark.parametrize("ranges", [["192.0.2.1/24"], ["192.0.2.0/33"], ["0.0.0.0/0"] * 201])
def test_malformed_ranges_are_refused(ranges: list[str]) -> None:
    with pytest.raises(HookRangesError, match="hook_ranges_malformed"):
        HookRanges.listed(ranges)


def test_only_the_ranges_of_github_com_are_known_in_advance() -> None:
    assert seed_of(GITHUB_COM_META_URL).allow("140.82.112.1")
    assert not seed_of("https://github.example.org/api/v3/meta").networks


def test_stored_copy_contains_its_time() -> None:
    stored = StoredRanges(HookRanges.listed(["192.0.2.0/24"]), NOW)
    assert StoredRanges.parse(stored.to_text()) == stored
    assert stored.age_h(NOW + timedelta(minutes=90)) == 1.5
    assert stored.age_h(NOW - timedelta(minutes=1)) == 0


@pytest.mark.parametrize(
    "text",
    ["", '{"hooks":[]}', '{"hooks":[],"storedAt":7}', '{"hooks":[],"storedAt":"2026-11-01"}'],
)
def test_malformed_copy_is_refused(text: str) -> None:
    with pytest.raises(HookRangesError, match="hook_ranges_malformed"):
        StoredRanges.parse(text)
