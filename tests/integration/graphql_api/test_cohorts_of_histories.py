"""Metrics of random histories through the API, on both bases, compared with a recount."""

import random
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import pytest

from ingest.alerts.alert_row import from_item
from ingest.instant import to_text
from ingest.terms import Action, Branch, ClosedAs, Ref, Severity
from rollup.metrics.counts import CLOSINGS, Outcome
from rollup.metrics.period import midnight_ms
from rollup.metrics.tally import CellSelection, GroupBy
from rollup.metrics.window import Interval, Window, intervals
from rollup.rows.contribution import AlertContribution
from tests.support.graphql_api.deployment import Deployment, alert, closing
from tests.unit.rollup.recount import Recount, group_of, selected
from tests.unit.rollup.test_series_cohorts import CohortRecount

NOW = datetime(2026, 3, 20, 23, 59, 59, 999_000, tzinfo=UTC)
FIRST = datetime(2025, 12, 20, 9, tzinfo=UTC)
DAYS = (NOW - FIRST).days
REPOSITORIES = ("octo/ant", "octo/bee", "octo/cat")
GROUPS = (None, *(one for one in GroupBy if one is not GroupBy.TEAM))
"""`test_teams` has histories whose repositories have teams."""
FIELDS = """group opened closed openAtEnd reopened fixed falsePositive wontFix usedInTests mitigated
  dismissed totalTimeToRemediate mean: meanTimeToRemediate
  week: shareClosedWithin(days: 7) month: shareClosedWithin(days: 30)"""
KINDS = ("FIXED", "FALSE_POSITIVE", "WONT_FIX", "USED_IN_TESTS", "MITIGATED", "DISMISSED")


def record_history(deployment: Deployment, dice: random.Random) -> list[AlertContribution]:
    """Record the events of thirty alerts in random order, and return the alerts in the end."""
    events = []
    for number in range(1, 31):
        day = dice.randrange(DAYS)
        facts: dict[str, Any] = {
            "repository": dice.choice(REPOSITORIES),
            "severity": dice.choice([Severity.CRITICAL, Severity.LOW]),
            "tool": dice.choice(["CodeQL", "Trivy"]),
            "ref": dice.choice([Ref.DEFAULT, Ref.OTHER]),
            "created_at": FIRST + timedelta(days=day, minutes=dice.randrange(600)),
        }
        first = alert(number, **facts)
        events.append(first)
        for turn in range(dice.randrange(4)):
            day += dice.randrange(25)
            at = FIRST + timedelta(days=day, hours=11, minutes=dice.randrange(60))
            if at > NOW:
                break
            if turn % 2:
                reopened: dict[str, Any] = {
                    "action": Action.REOPENED,
                    "happened_at": at,
                    "received_at": at,
                }
                events.append(alert(number, **facts, **reopened, delivery_id=f"{number}-{turn}"))
            else:
                events.append(closing(first, at, dice.choice(list(ClosedAs))))
    dice.shuffle(events)
    for start in range(0, len(events), 20):
        deployment.record(*events[start : start + 20])
        deployment.roll_up()
    items = deployment.client.scan(TableName="AllEvents")["Items"]
    rows = [from_item(item) for item in items]
    return [AlertContribution.of(row.repository, row.alert) for row in rows if row.alert]


class Query(NamedTuple):
    """The arguments of a query, as values."""

    window: Window
    interval: Interval
    selection: CellSelection
    closed_as: tuple[ClosedAs, ...]

    @property
    def text(self) -> str:
        selection = self.selection
        conditions = [
            *(["severity: LOW"] if selection.severities else []),
            *(['tool: "Trivy"'] if selection.tools else []),
            *([f"branch: {selection.branch}"] if selection.branch else []),
        ]
        closed_as = ", ".join(self.closed_as)
        group_by = f"groupBy: {selection.group_by}, " if selection.group_by else ""
        return (
            f'from: "{self.window.first}", to: "{self.window.last}", interval: {self.interval}, '
            f"filter: {{{', '.join(conditions)}}}, {group_by}closedAs: [{closed_as}]"
        )

    @property
    def outcomes(self) -> frozenset[Outcome]:
        return frozenset(CLOSINGS[one] for one in self.closed_as)


def random_query(dice: random.Random) -> Query:
    first = FIRST.date() + timedelta(days=dice.randrange(-20, DAYS))
    kinds = tuple(ClosedAs)
    return Query(
        Window(first, first + timedelta(days=dice.randrange(60))),
        dice.choice(list(Interval)),
        CellSelection(
            severities=dice.choice([None, frozenset({Severity.LOW})]),
            tools=dice.choice([None, frozenset({"Trivy"})]),
            branch=dice.choice([None, *Branch]),
            group_by=dice.choice(GROUPS),
        ),
        dice.choice([kinds, tuple(dice.sample(kinds, dice.randrange(1, 4)))]),
    )


def expected(found: Recount | CohortRecount, group: str | None) -> dict[str, Any]:
    """Return the row of the API for a recount."""
    times = found.times()
    if isinstance(found, CohortRecount):
        mean = found.mean_ms()
        week, month = (found.share_within(days) for days in (7, 30))
    else:
        mean = sum(times) / len(times) if times else None
        week, month = (
            sum(ms <= days * 86_400_000 for ms in times) / len(times) if times else None
            for days in (7, 30)
        )
    return {
        "group": group,
        "opened": found.opened(),
        "closed": len(times),
        "openAtEnd": found.open_at_end(),
        "reopened": found.reopened(),
        **dict(
            zip(
                ("fixed", "falsePositive", "wontFix", "usedInTests", "mitigated", "dismissed"),
                [found.closed_as_count(ClosedAs(kind)) for kind in KINDS],
                strict=True,
            )
        ),
        "totalTimeToRemediate": sum(times),
        "mean": None if mean is None else round(mean),
        "week": week if week is None else round(week, 4),
        "month": month if month is None else round(month, 4),
    }


@pytest.mark.parametrize("seed", range(2))
def test_metrics_of_random_histories_equal_a_recount(
    deployment: Deployment, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    now_ns = int(NOW.timestamp() * 1_000) * 1_000_000
    monkeypatch.setattr("time.time_ns", lambda: now_ns)
    dice = random.Random(seed)  # noqa: S311
    alerts = record_history(deployment, dice)
    for _ in range(40):
        query = random_query(dice)
        windows = {
            to_text(midnight_ms(one.first)): one for one in intervals(query.window, query.interval)
        }
        for basis, recount in (("CLOSED", Recount), ("OPENED", CohortRecount)):
            text = f"""{{ organisation(name: "octo") {{
              metrics({query.text}, basis: {basis}) {{ periodStart {FIELDS} }} }} }}"""
            for row in deployment.ask(text).data["organisation"]["metrics"]:
                window, group = windows[row.pop("periodStart")], row["group"]
                of_group = [
                    one
                    for one in selected(alerts, query.selection)
                    if group_of(one, query.selection) == group
                ]
                found = recount(of_group, window, query.outcomes)
                assert row == expected(found, group), (query.text, basis)
