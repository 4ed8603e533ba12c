"""The generated table of docs/cost-and-performance.md.

Owns the arithmetic of the costs. The counts are those of `bench.rollup.requests`, the memory of the
functions and the numbers of secrets, alarms and queues those of the template. Pure.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from bench.cost import assumptions, prices
from bench.report import Value

MILLION = 1_000_000
_GB = 1e9
_BEGIN = "<!-- begin: python -m bench.cost -->\n"
_END = "<!-- end: python -m bench.cost -->\n"
_LEVELS: Mapping[str, Sequence[str]] = {
    "repository": ("rollup.alert_stream_handler", "rollup.repository_queue_handler"),
    "organisation": ("rollup.repository_stream_handler", "rollup.organisation_queue_handler"),
}
_INGEST = ("ingest.receiver_handler", "ingest.recorder_handler")
_QUERY = ("graphql_api.query_handler",)
_AUTHORIZER = ("ingest.authorizer_handler",)

Row = tuple[str, float, float]


class Template:
    """What the synthesised template contains."""

    def __init__(self, resources: Mapping[str, Any]) -> None:
        """Store the `Resources` of the template."""
        self._resources = resources

    def count(self, kind: str) -> int:
        """Return the number of resources of a type."""
        return sum(one["Type"] == kind for one in self._resources.values())

    def memory_mb(self, module: str) -> int:
        """Return the memory of the function with this handler."""
        (found,) = (
            one["Properties"]["MemorySize"]
            for one in self._resources.values()
            if one["Type"] == "AWS::Lambda::Function"
            and one["Properties"]["Handler"] == f"{module}.handler"
        )
        return int(found)

    def fifo_sources(self) -> int:
        """Return the number of queues that Lambda polls."""
        return sum(
            one["Type"] == "AWS::Lambda::EventSourceMapping"
            and "StartingPosition" not in one["Properties"]
            for one in self._resources.values()
        )


def per_million(
    template: Template, counts: Sequence[Mapping[str, Value]], detail: int
) -> list[Row]:
    """Return the costs of a million alerts: one by one, and together.

    Args:
        template: The template.
        counts: The rows of the counted requests per alert.
        detail: The bytes of an event.
    """
    one, many = ("one by one", _together(counts))
    ingest = _row(counts, one, "All Events")
    express_s = assumptions.EXPRESS_MS / 1000
    express_hours = express_s / 3600 * assumptions.EXPRESS_MB / 1024
    same = (
        ("HTTP API", prices.HTTP_API_REQUEST),
        ("EventBridge", prices.EVENT),
        ("archive, one month", detail * prices.ARCHIVED_GB / _GB),
        ("Step Functions Express, requests", prices.EXPRESS_REQUEST),
        ("Step Functions Express, duration", express_hours * prices.EXPRESS_GB_HOUR),
        ("receiver and recorder", _invocations(template, _INGEST)),
        ("All Events, Repositories: DynamoDB", _dynamodb(ingest)),
        ("access log", assumptions.ACCESS_LOG_BYTES * prices.LOGS_GB / _GB),
    )
    rows: list[Row] = [(name, cost * MILLION, cost * MILLION) for name, cost in same]
    rows.append(("authorizer, at most", _invocations(template, _AUTHORIZER) * MILLION, 0.0))
    for level, modules in _LEVELS.items():
        single, batched = _row(counts, one, level), _row(counts, many, level)
        for title, cost in (
            ("functions", _functions(template, modules)),
            ("SQS FIFO", lambda row: float(row["SQS"]) * prices.FIFO_REQUEST),
            ("DynamoDB", _dynamodb),
        ):
            rows.append(
                (f"{level} level: {title}", cost(single) * MILLION, cost(batched) * MILLION)
            )
    rows.append(("together", sum(row[1] for row in rows), sum(row[2] for row in rows)))
    return rows


def million_queries(template: Template) -> list[tuple[str, float]]:
    """Return the costs of a million queries, without what they read."""
    rows = [
        ("HTTP API", prices.HTTP_API_REQUEST * MILLION),
        ("query function", _invocations(template, _QUERY) * MILLION),
        ("access log", assumptions.ACCESS_LOG_BYTES * prices.LOGS_GB / _GB * MILLION),
    ]
    return [*rows, ("together", sum(cost for _, cost in rows))]


def idle_month(template: Template) -> list[tuple[str, float]]:
    """Return the costs of a month without alerts and queries."""
    polls = template.fifo_sources() * assumptions.POLLS_AT_ONCE
    requests = polls * assumptions.MONTH_S / assumptions.POLL_S
    secrets = template.count("AWS::SecretsManager::Secret")
    alarms = template.count("AWS::CloudWatch::Alarm")
    composites = template.count("AWS::CloudWatch::CompositeAlarm")
    rows = [
        (f"{secrets} secrets", secrets * prices.SECRET_MONTH),
        (f"{alarms} alarms", alarms * prices.ALARM_MONTH),
        (f"{composites} composite alarms", composites * prices.COMPOSITE_ALARM_MONTH),
        (f"polls of {template.fifo_sources()} FIFO queues", requests * prices.FIFO_REQUEST),
    ]
    return [*rows, ("together", sum(cost for _, cost in rows))]


def block(
    rows: Sequence[Row], queries: Sequence[tuple[str, float]], idle: Sequence[tuple[str, float]]
) -> str:
    """Return the tables between their marks."""
    lines = [
        "| | a million alerts, one by one | a thousand of one repository at once |",
        "| --- | --- | --- |",
        *(f"| {name} | {one:.2f} $ | {many:.2f} $ |" for name, one, many in rows),
        "",
        "| a million queries, without read units | |",
        "| --- | --- |",
        *(f"| {name} | {cost:.2f} $ |" for name, cost in queries),
        "",
        "| an idle month | |",
        "| --- | --- |",
        *(f"| {name} | {cost:.2f} $ |" for name, cost in idle),
    ]
    return _BEGIN + "\n" + "\n".join(lines) + "\n\n" + _END


def with_block(page: str, new: str) -> str:
    """Return a page with a new block in place of the old one."""
    before, _, rest = page.partition(_BEGIN)
    _, _, after = rest.partition(_END)
    return before + new + after


def _together(counts: Sequence[Mapping[str, Value]]) -> str:
    (name,) = {str(row["alerts"]) for row in counts if "at once" in str(row["alerts"])}
    return name


def _row(counts: Sequence[Mapping[str, Value]], alerts: str, level: str) -> Mapping[str, Value]:
    (found,) = (row for row in counts if (row["alerts"], row["level"]) == (alerts, level))
    return found


def _dynamodb(row: Mapping[str, Value]) -> float:
    return float(row["WCU"]) * prices.WRITE_UNIT + float(row["RCU"]) * prices.READ_UNIT


def _invocations(template: Template, modules: Sequence[str]) -> float:
    """Return the cost of one invocation of each function, with its log."""
    gb_s = sum(template.memory_mb(one) for one in modules) / 1024 * assumptions.INVOCATION_MS / 1000
    log = assumptions.LOG_BYTES * prices.LOGS_GB / _GB
    return gb_s * prices.LAMBDA_ARM_GB_SECOND + len(modules) * (prices.LAMBDA_REQUEST + log)


def _functions(template: Template, modules: Sequence[str]) -> Any:  # noqa: ANN401
    """Return the cost of the invocations in a row, half of them of each function."""
    each = _invocations(template, modules) / len(modules)
    return lambda row: float(row["Lambda"]) * each
