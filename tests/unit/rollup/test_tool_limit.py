"""Tools beyond a row's limit are pooled, and sums stay exact."""

from collections.abc import Iterable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.terms import Branch, Severity
from rollup.metrics import tool_limit
from rollup.metrics.counts import Cell, CellKey, Counts, Outcome
from rollup.metrics.tool_limit import MAX_TOOLS, OTHER, bounded
from rollup.rollup_step import step
from rollup.rows.contribution import RowContribution
from rollup.rows.ledger import Entry, SourceKey, row_source
from rollup.rows.overview_row import OverviewRow
from rollup.rows.row_key import RowKey
from tests.unit.rollup.builders import alert, entry

FEW = 3
"""The limit for the property tests."""

TOOLS = st.sampled_from([None, "CodeQL", "Trivy", "bap", "cap", "yap", "zap", OTHER])
STATES = st.builds(alert, tool=TOOLS, closed=st.none() | st.integers(0, 3))
HISTORIES = st.lists(
    st.tuples(st.sampled_from(["octo/cat", "octo/dog"]), st.integers(1, 6), STATES)
)


@pytest.fixture(autouse=True, scope="module")
def _few() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tool_limit, "MAX_TOOLS", FEW)
        yield


def opened(tools: Iterable[str]) -> Counts:
    return Counts(
        {CellKey(Severity.HIGH, Branch.DEFAULT, tool, Outcome.OPENED): Cell(1) for tool in tools}
    )


def names(counts: Counts) -> set[str]:
    return {key.tool for key, _ in counts}


def by_outcome(counts: Counts) -> dict[Outcome, Cell]:
    sums: dict[Outcome, list[Cell]] = {}
    for key, cell in counts:
        sums.setdefault(key.outcome, []).append(cell)
    return {outcome: total for outcome, cells in sums.items() if (total := Cell.total(cells))}


class Level:
    """The rows and the ledger of one level, in memory."""

    def __init__(self) -> None:
        self.rows: dict[RowKey, OverviewRow] = {}
        self.ledger: dict[SourceKey, Entry] = {}

    def apply(self, *entries: Entry) -> list[OverviewRow]:
        changed = step(entries, ledger=self.ledger, rows=self.rows).rows
        self.rows |= {row.key: row for row in changed}
        self.ledger |= {one.key: one for one in entries}
        return list(changed)

    def assert_exact(self) -> None:
        sums: dict[RowKey, list[Counts]] = {}
        for one in self.ledger.values():
            for key, share in one.shares().items():
                sums.setdefault(key, []).append(share.counts)
        for key, row in self.rows.items():
            total = Counts.total(sums.get(key, ()))
            assert row.counts == bounded(total, row.tool_limit).counts
            assert by_outcome(row.counts) == by_outcome(total)
            assert len(names(row.counts) - {"", OTHER}) <= FEW


def above(row: OverviewRow) -> Entry:
    contribution = RowContribution(row.key, row.counts, row.spelling, row.last_event_ms)
    return Entry(row_source(*row.key), row.revision, contribution)


@given(HISTORIES)
def test_sums_are_exact_at_both_levels_after_retractions(
    history: list[tuple[str, int, object]],
) -> None:
    repositories, organisations = Level(), Level()
    for revision, (repository, number, state) in enumerate(history, start=1):
        changed = repositories.apply(entry(repository, number, revision, state))  # type: ignore[arg-type]
        organisations.apply(*(above(row) for row in changed))
    repositories.assert_exact()
    organisations.assert_exact()


@given(st.lists(TOOLS, min_size=1, max_size=12), st.data())
def test_histories_without_retractions_name_the_same_tools_in_any_order(
    tools: list[str | None], data: st.DataObject
) -> None:
    alerts = [
        entry(("octo/cat", "octo/dog")[n % 2], n, 1, alert(tool=tool))
        for n, tool in enumerate(tools)
    ]
    ends: list[dict[RowKey, object]] = []
    for order in (alerts, data.draw(st.permutations(alerts))):
        repositories, organisations = Level(), Level()
        left = list(order)
        while left:
            size = data.draw(st.integers(1, len(left)))
            batch, left = left[:size], left[size:]
            organisations.apply(*(above(row) for row in repositories.apply(*batch)))
        ends.append({k: (r.counts, r.tool_limit) for k, r in repositories.rows.items()})
        ends.append({k: r.counts for k, r in organisations.rows.items()})
    assert ends[:2] == ends[2:]


def test_well_known_tools_rank_before_others_by_name() -> None:
    counts, limit = bounded(opened(["aaa", "aab", "CodeQL", "zap", "Trivy"]), None)
    assert names(counts) == {"CodeQL", "Trivy", "aaa", OTHER}
    assert limit == "aaa"
    assert counts.count({Outcome.OPENED}) == 5


def test_limit_only_becomes_stricter() -> None:
    counts, limit = bounded(opened(["aaa", "zap"]), "bap")
    assert (names(counts), limit) == ({"aaa", OTHER}, "bap")
    counts, limit = bounded(opened(["aaa", "aab", "aac", "aad"]), "bap")
    assert (names(counts), limit) == ({"aaa", "aab", "aac", OTHER}, "aac")


def test_alerts_without_a_tool_are_never_pooled() -> None:
    counts, limit = bounded(opened(["", "aaa", "aab", "aac", OTHER]), None)
    assert (names(counts), limit) == ({"", "aaa", "aab", "aac", OTHER}, None)
    assert names(bounded(opened(["", "a", "b", "c", "d"]), None).counts) >= {"", OTHER}


def test_limit_is_fifty_tools() -> None:
    assert MAX_TOOLS == 50
