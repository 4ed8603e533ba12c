"""The variables of the dashboard, and how they reach the variables of a GraphQL document."""

from collections.abc import Sequence

from grafana.infinity import PLUGIN, Column, query
from ingest.terms import Severity
from rollup.metrics.window import Interval

DATA_SOURCE = {"type": PLUGIN, "uid": "${datasource}"}
UID = "gcsmttr"
"""The uid of the provisioned data source, and of the dashboard."""

_VALUES = {
    "name": "${organisation:doublequote}",
    "from": '"${__from:date:iso}"',
    "to": '"${__to:date:iso}"',
    "firstMonth": '"now-11M/M"',
    "interval": '"${row_interval}"',
    # With doublequote, one value and many have the same form. With json, one text has no quotes.
    "filter": '{"severity": [${severity:doublequote}]}',
}
"""The JSON of each variable of a document, with variables of Grafana in it."""

_ON_LOAD = 1


def request_variables(names: Sequence[str]) -> str:
    """Return the variables of a document as JSON, with variables of Grafana in it."""
    return "{" + ", ".join(f'"{name}": {_VALUES[name]}' for name in names) + "}"


def dashboard_variables() -> list[dict[str, object]]:
    """Return the variables of the dashboard.

    Grafana also replaces `$name` in documents, so none of them has the name of a variable that a
    document declares. So the interval is `row_interval`.
    """
    return [_data_source(), _organisation(), _severity(), _interval()]


def _data_source() -> dict[str, object]:
    return {
        "type": "datasource",
        "name": "datasource",
        "label": "Data source",
        "query": PLUGIN,
        "current": {"text": "GCSMTTR", "value": UID},
        "hide": 0,
        "includeAll": False,
        "multi": False,
        "options": [],
        "refresh": _ON_LOAD,
        "regex": "",
    }


def _organisation() -> dict[str, object]:
    target = query(
        document="query Organisations {\n  organisations {\n    name\n  }\n}\n",
        variables="{}",
        root="data.organisations",
        columns=[Column("name", "name", "string")],
    )
    return {
        "type": "query",
        "name": "organisation",
        "label": "Organisation",
        "description": "The organisations that the API key of the data source can read.",
        "datasource": DATA_SOURCE,
        "query": {"queryType": "infinity", "query": "", "refId": "variable"}
        | {"infinityQuery": target | {"refId": "variable"}},
        "current": {"text": "", "value": ""},
        "hide": 0,
        "includeAll": False,
        "multi": False,
        "options": [],
        "refresh": _ON_LOAD,
        "regex": "",
        "sort": 0,
    }


def _severity() -> dict[str, object]:
    options = [(severity.capitalize(), severity.value) for severity in Severity]
    return _choice("severity", "Severity", options) | {
        "current": {"text": ["All"], "value": ["$__all"]},
        "includeAll": True,
        "multi": True,
    }


def _interval() -> dict[str, object]:
    rows = (one for one in Interval if one is not Interval.TOTAL)
    options = [(one.capitalize(), one.value) for one in rows]
    return _choice("row_interval", "Interval", options) | {
        "current": {"text": "Week", "value": Interval.WEEK.value},
        "includeAll": False,
        "multi": False,
    }


def _choice(name: str, label: str, options: Sequence[tuple[str, str]]) -> dict[str, object]:
    return {
        "type": "custom",
        "name": name,
        "label": label,
        "query": ", ".join(f"{text} : {value}" for text, value in options),
        "hide": 0,
        "options": [
            {"text": text, "value": value, "selected": value == Interval.WEEK}
            for text, value in options
        ],
    }
