"""The history that `make run` shows: the same at each start, and like a real organisation's."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from infra.local.github.world import portrait
from infra.local.github.world.records import Alert, Repository
from infra.local.github.world.world import World

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)


def repositories(now: datetime = NOW) -> list[Repository]:
    return portrait.fill(World(lambda: now), "octo-org")


def alerts(now: datetime = NOW) -> Iterator[Alert]:
    for repository in repositories(now):
        yield from repository.alerts.values()


def closed_at(alert: Alert) -> datetime | None:
    return alert.fixed_at or alert.dismissed_at


def open_on(days_ago: int) -> int:
    day = NOW - timedelta(days=days_ago)
    return sum(
        alert.created_at <= day and not ((end := closed_at(alert)) and end <= day)
        for alert in alerts()
    )


def test_the_history_is_the_same_at_each_start_on_a_day() -> None:
    first, second = (
        [(alert.rule, alert.created_at, alert.state, closed_at(alert)) for alert in alerts(now)]
        for now in (NOW, NOW + timedelta(hours=11))
    )
    assert first == second


def test_nothing_happens_in_the_future_or_before_the_creation() -> None:
    for alert in alerts():
        assert NOW - timedelta(days=portrait.DAYS + 1) <= alert.created_at < NOW
        end = closed_at(alert)
        assert (end is None) == (alert.state == "open")
        assert end is None or alert.created_at < end < NOW


def test_there_are_three_teams_and_all_severities_tools_and_kinds_of_closing() -> None:
    made = repositories()
    assert len(made) == 12
    assert {one.properties["team"] for one in made} == {"payments", "web", "platform"}
    assert {alert.state for alert in alerts()} == {"open", "fixed", "dismissed"}
    severities = {alert.rule.security_severity for alert in alerts()}
    assert severities == {"critical", "high", "medium", "low", None}
    assert {alert.rule.tool for alert in alerts()} == {"CodeQL", "Trivy"}
    assert {alert.dismissed_reason for alert in alerts()} >= {"false positive", "won't fix"}


def test_a_release_leaves_a_backlog_that_is_worked_off() -> None:
    before, at_release, after = open_on(180), open_on(125), open_on(65)
    assert at_release > 1.5 * before
    assert after < 0.7 * at_release
