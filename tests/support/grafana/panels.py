"""The panels of the committed dashboard, asked as Grafana asks them."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from grafana.files import FOLDER
from tests.support.grafana.interpolation import Value
from tests.support.grafana.plugin import Frame, frame_of, request_of

DASHBOARD: dict[str, Any] = json.loads((FOLDER / "dashboards" / "gcsmttr.json").read_text())
PANELS: dict[str, dict[str, Any]] = {panel["title"]: panel for panel in DASHBOARD["panels"]}
VARIABLES: dict[str, dict[str, Any]] = {
    variable["name"]: variable for variable in DASHBOARD["templating"]["list"]
}
SEVERITIES = [option["value"] for option in VARIABLES["severity"]["options"]]
INTERVALS = [option["value"] for option in VARIABLES["row_interval"]["options"]]

Ask = Callable[[dict[str, Any]], dict[str, Any]]
"""Sends the body of a request to an API, and returns its answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewer:
    """A person who looks at the dashboard: the choice of variables and of the time range."""

    ask: Ask
    organisation: str
    start: datetime
    end: datetime
    interval: str = "WEEK"
    severities: tuple[str, ...] = ()
    """Empty for All. Grafana replaces All by every option."""

    @property
    def variables(self) -> Mapping[str, Value]:
        """The values of Grafana's variables."""
        return {
            "organisation": self.organisation,
            "severity": list(self.severities) or SEVERITIES,
            "row_interval": self.interval,
            "__from": self.start,
            "__to": self.end,
        }

    def frame(self, panel: Mapping[str, Any]) -> Frame:
        """Return what a panel shows. The answer must not have errors."""
        (target,) = panel["targets"]
        return self.frame_of(target)

    def frame_of(self, query: Mapping[str, Any]) -> Frame:
        """Return the frame of a query. The answer must not have errors."""
        answer = self.ask(request_of(query, self.variables))
        assert "errors" not in answer, answer["errors"]
        return frame_of(query, answer, self.variables)

    def api(self, fields: str) -> dict[str, Any]:
        """Return fields of the organisation, in a query that is written for a test.

        `WINDOW` stands for the window and the filter, `FILTER` for the filter alone.
        """
        filter_ = f"filter: {{severity: [{', '.join(self.severities or SEVERITIES)}]}}"
        window = f'from: "{self.start.date()}", to: "{self.end.date()}", {filter_}'
        text = fields.replace("WINDOW", window).replace("FILTER", filter_)
        answer = self.ask(
            {"query": f'{{ organisation(name: "{self.organisation}") {{ {text} }} }}'}
        )
        assert "errors" not in answer, answer["errors"]
        organisation: dict[str, Any] = answer["data"]["organisation"]
        return organisation

    def starts(self) -> list[datetime]:
        """Return the start of each interval of the time range."""
        days = (self.end.date() - self.start.date()).days
        every = [self.start.date() + timedelta(days=n) for n in range(days + 1)]
        return [
            datetime(day.year, day.month, day.day, tzinfo=UTC)
            for day in every
            if day == every[0] or _STARTS[self.interval](day)
        ]


_STARTS: dict[str, Callable[[date], bool]] = {
    "DAY": lambda _: True,
    "WEEK": lambda day: day.weekday() == 0,
    "MONTH": lambda day: day.day == 1,
}


def rows_of(frame: Frame, *columns: str) -> Iterator[tuple[Any, ...]]:
    """Return the values of some fields, row by row."""
    return zip(*(frame[column] for column in columns), strict=True)
