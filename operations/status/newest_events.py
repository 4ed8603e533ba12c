"""The newest change at each level: All Events, Repository Overview and Organisation Overview.

Owns the number of organisations that are compared. Reads two rows of an index for each of them and
never scans a whole table. A change of an alert is the time of its creation or of its closing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from ingest import instant
from ingest.alerts import alert_key
from ingest.alerts import attributes as of_alert
from ingest.terms import AlertState
from operations.status.section import Finding, Section, ago
from rollup.metrics.period import ALL
from rollup.rows import attributes as names
from rollup.rows import overview_row
from rollup.rows.overview_row import ORGANISATION, REPOSITORY, Level
from rollup.rows.row_key import RowKey

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

_MOST_ORGANISATIONS = 100


@dataclass(frozen=True, slots=True)
class _Newest:
    """The newest change of an alert, and the newest events that the rows above it count."""

    organisation: str
    alert_at: datetime
    repository_at: datetime | None
    organisation_at: datetime | None

    @property
    def is_behind(self) -> bool:
        """Whether a row above lacks the change."""
        return any(
            at is None or at < self.alert_at for at in (self.repository_at, self.organisation_at)
        )


class NewestEvents:
    """The tables of a deployment, by the names of its outputs."""

    def __init__(self, client: "DynamoDBClient", tables: Mapping[str, str]) -> None:
        self._client = client
        self._alerts = tables["AllEventsTable"]
        self._overviews = {
            REPOSITORY: tables["RepositoryOverviewTable"],
            ORGANISATION: tables["OrganisationOverviewTable"],
        }

    def section(self, now: datetime, *, is_idle: bool) -> Section:
        """Return the newest change at each level.

        Args:
            now: The present time.
            is_idle: Whether both queues are empty: then all rows should contain all changes.
        """
        organisations, are_more = self._organisations()
        found = [one for name in organisations if (one := self._newest(name))]
        levels = {
            "All Events": max((one.alert_at for one in found), default=None),
            "Repository Overview": _latest(one.repository_at for one in found),
            "Organisation Overview": _latest(one.organisation_at for one in found),
        }
        note = f" (of the first {_MOST_ORGANISATIONS} organisations)" if are_more else ""
        rows = [
            (level, "no event yet" if at is None else ago(at, now) + note)
            for level, at in levels.items()
        ]
        behind = [one.organisation for one in found if one.is_behind] if is_idle else []
        findings = [
            Finding(
                f"The overviews of {name} lack its newest change, and no message waits.",
                f"gcsmttr verify --organisation {name}",
            )
            for name in behind
        ]
        if is_idle and not organisations and self._has_alerts():
            rows[0] = ("All Events", "at least one alert, which no overview counts")
            findings = [
                Finding(
                    "All Events has alerts, but no overview counts one.", "gcsmttr verify --all"
                )
            ]
        facts = {
            "organisations": len(organisations),
            "isComplete": not are_more,
            "allEvents": _text(levels["All Events"]),
            "repositoryOverview": _text(levels["Repository Overview"]),
            "organisationOverview": _text(levels["Organisation Overview"]),
        }
        return Section(
            key="newestEvents",
            title="Newest change",
            rows=tuple(rows),
            facts=facts,
            findings=tuple(findings),
        )

    def _organisations(self) -> tuple[list[str], bool]:
        """Return the names of the first organisations, and whether there are more."""
        response = self._client.query(
            TableName=self._overviews[ORGANISATION],
            IndexName=overview_row.LISTED,
            KeyConditionExpression="#listed = :all",
            ExpressionAttributeNames={"#listed": names.LISTED},
            ExpressionAttributeValues={":all": {"S": overview_row.LISTED_ORGANISATIONS}},
            Limit=_MOST_ORGANISATIONS,
        )
        found = [item[names.ORGANISATION_NAME]["S"] for item in response["Items"]]
        return found, "LastEvaluatedKey" in response

    def _has_alerts(self) -> bool:
        """Return whether All Events has an alert: tombstones are not in the index."""
        scanned = self._client.scan(
            TableName=self._alerts, IndexName=alert_key.BY_ORGANISATION_STATE, Limit=1
        )
        return bool(scanned["Items"])

    def _newest(self, organisation: str) -> _Newest | None:
        alerts = [item for state in AlertState for item in self._alert(organisation, state)]
        if not alerts:
            return None
        newest = max(alerts, key=lambda item: str(item[of_alert.STATE_AT]["S"]))
        return _Newest(
            organisation,
            instant.parse(newest[of_alert.STATE_AT]["S"]),
            self._row(REPOSITORY, newest[of_alert.REPOSITORY_NAME]["S"]),
            self._row(ORGANISATION, organisation),
        )

    def _alert(self, organisation: str, state: AlertState) -> list[dict[str, Any]]:
        return self._client.query(
            TableName=self._alerts,
            IndexName=alert_key.BY_ORGANISATION_STATE,
            KeyConditionExpression="#key = :key",
            ExpressionAttributeNames={"#key": of_alert.ORGANISATION_STATE},
            ExpressionAttributeValues={":key": {"S": alert_key.state_key(organisation, state)}},
            ScanIndexForward=False,
            Limit=1,
        )["Items"]

    def _row(self, level: Level, name: str) -> datetime | None:
        """Return the time of the newest event that a row of all time counts."""
        item = self._client.get_item(
            TableName=self._overviews[level],
            Key=overview_row.key(level, RowKey(name, ALL)),
            ProjectionExpression=names.LAST_EVENT_AT,
        ).get("Item", {})
        return instant.parse(item[names.LAST_EVENT_AT]["S"]) if item else None


def _latest(times: Iterable[datetime | None]) -> datetime | None:
    return max((at for at in times if at is not None), default=None)


def _text(at: datetime | None) -> str | None:
    return None if at is None else instant.to_text(instant.to_ms(at))
