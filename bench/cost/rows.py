"""The rows of the cost tables: counts times prices, in US dollars.

The counts of alerts are those of `bench.rollup.requests`, those of queries are from
`bench.queries.reads`, and the memory of the functions and the numbers of resources are those of the
template. Pure.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from bench.cost import assumptions, bundle_sizes, metrics, prices, public_design
from bench.cost.template import Template
from bench.report import Value

MILLION = 1_000_000
_GB = 1e9
_LEVELS: Mapping[str, Sequence[str]] = {
    "repository": ("rollup.alert_stream_handler", "rollup.repository_queue_handler"),
    "organisation": ("rollup.repository_stream_handler", "rollup.organisation_queue_handler"),
}
_INGEST = ("ingest.receiver_handler", "ingest.recorder_handler")
_QUERY = "graphql_api.query_handler"
_AUTHORIZER = "ingest.authorizer_handler"
_AUTHORIZER_ROW = "authorizer, at most"
_TOGETHER = "together"

Row = tuple[str, Sequence[float]]
"""A name, and the cost in each column."""
Counts = Mapping[str, Value]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What was counted.

    Attributes:
        template: The template with default settings.
        alerts: The rows of the requests per alert.
        queries: The read units of each query, `RCU`.
        event_bytes: The bytes of an event on the bus.
        log_bytes: The bytes of the log of an invocation.
    """

    template: Template
    alerts: Sequence[Counts]
    queries: Mapping[str, Counts]
    event_bytes: int
    log_bytes: int


def per_million_alerts(measured: Measured) -> list[Row]:
    """Return the costs of a million alerts: one by one, together, and in the public design."""
    one, many = "one by one", _together(measured.alerts)
    invocation, public_invocation = _invocation(measured), _public_invocation(measured)
    authorizer = invocation(_AUTHORIZER)
    express_hours = assumptions.EXPRESS_MS / 1000 / 3600 * assumptions.EXPRESS_MB / 1024
    archived = measured.event_bytes * prices.ARCHIVED_GB / _GB
    ingest = sum(map(invocation, _INGEST))
    stored = _dynamodb(_row(measured.alerts, one, "All Events"))
    rows = [
        _same("HTTP API", prices.HTTP_API_REQUEST),
        _same("EventBridge", prices.EVENT),
        ("archive, one month", (archived, archived, 0)),
        _same("Step Functions Express, requests", prices.EXPRESS_REQUEST),
        _same("Step Functions Express, duration", express_hours * prices.EXPRESS_GB_HOUR),
        (
            "receiver and recorder",
            (ingest, ingest, public_design.INGEST_FUNCTIONS * public_invocation),
        ),
        ("All Events, Repositories: DynamoDB", (stored, stored, public_design.all_events())),
        _same("access log", _access_log()),
        (_AUTHORIZER_ROW, (authorizer, 0, public_invocation)),
    ]
    for level, modules in _LEVELS.items():
        single, batched = (_row(measured.alerts, name, level) for name in (one, many))
        each = sum(map(invocation, modules)) / len(modules)
        run, batched_run = (float(row["Lambda"]) * each for row in (single, batched))
        sent, batched_sent = (float(row["SQS"]) * prices.FIFO_REQUEST for row in (single, batched))
        public_run = public_design.LEVEL_FUNCTIONS * public_invocation
        public_sent = public_design.FIFO_REQUESTS * prices.FIFO_REQUEST
        written = (_dynamodb(single), _dynamodb(batched), public_design.overview())
        rows += [
            (f"{level} level: functions", (run, batched_run, public_run)),
            (f"{level} level: SQS FIFO", (sent, batched_sent, public_sent)),
            (f"{level} level: DynamoDB", written),
        ]
    return _with_sum(rows, MILLION)


def per_million_queries(measured: Measured) -> tuple[Sequence[str], list[Row]]:
    """Return the names of the queries and the costs of a million of each.

    The last one is the list of the public design.
    """
    units = [float(counts["RCU"]) for counts in measured.queries.values()]
    ours = len(units)
    rows: list[Row] = [
        (
            "HTTP API; AppSync",
            (*[prices.HTTP_API_REQUEST] * ours, public_design.APPSYNC_QUERY),
        ),
        ("query function, 50 ms", (*[_invocation(measured)(_QUERY)] * ours, 0)),
        ("access log", (*[_access_log()] * ours, 0)),
        (
            "DynamoDB: read units",
            [one * prices.READ_UNIT for one in (*units, public_design.PAGE_RCU)],
        ),
    ]
    return [*measured.queries, "public design: a scan of 50 alerts"], _with_sum(rows, MILLION)


def idle_month(template: Template) -> list[Row]:
    """Return the costs of a month without alerts and queries."""
    sources = template.fifo_sources()
    polls = sources * assumptions.POLLS_AT_ONCE * assumptions.MONTH_S / assumptions.POLL_S
    secrets = template.count("AWS::SecretsManager::Secret")
    alarms = template.count("AWS::CloudWatch::Alarm")
    composites = template.count("AWS::CloudWatch::CompositeAlarm")
    rows: list[Row] = [
        (f"{secrets} secrets", (secrets * prices.SECRET_MONTH,)),
        (
            f"{alarms} alarms on {template.alarm_metrics()} metrics",
            (template.alarm_metrics() * prices.ALARM_MONTH,),
        ),
        (f"{composites} composite alarms", (composites * prices.COMPOSITE_ALARM_MONTH,)),
        (
            f"{len(metrics.ALWAYS)} custom metric with a value in every hour",
            (len(metrics.ALWAYS) * prices.METRIC_MONTH,),
        ),
        (
            f"polls of {sources} FIFO queues, {polls / MILLION:.2f} million",
            (polls * prices.FIFO_REQUEST,),
        ),
        ("reads of the streams by Lambda", (0.0,)),
    ]
    return _with_sum(rows, 1)


def further(measured: Measured) -> list[Row]:
    """Return what settings and use add: to a month, or with traces to a million alerts."""
    template = measured.template
    dashboards = template.count("AWS::CloudWatch::Dashboard")
    busy, hourly = metrics.of_deliveries(), metrics.of_reconciliation()
    filters = template.count("AWS::Logs::MetricFilter")
    packed_mb = sum(packed for packed, _ in bundle_sizes.SIZES_MB.values())
    bundles = ", ".join(f"{name} {mb}" for name, (mb, _) in bundle_sizes.SIZES_MB.items())
    traces = _traces(measured)
    return [
        (
            f"{busy} metrics of deliveries, at most, with values in every hour",
            (busy * prices.METRIC_MONTH,),
        ),
        (f"{hourly} metrics of hourly reconciliations", (hourly * prices.METRIC_MONTH,)),
        (
            f"{filters} metrics of failed requests, with values in every hour",
            (filters * prices.METRIC_MONTH,),
        ),
        (
            f"{dashboards} dashboard, free among the first three of an account",
            (dashboards * prices.DASHBOARD_MONTH,),
        ),
        (
            f"code of one deployment in S3, on {bundle_sizes.MEASURED}: {bundles} MB",
            (packed_mb / 1000 * prices.STORED_GB_MONTH,),
        ),
        (
            f"setting `tracing`, a million alerts, {traces:.1f} traces each, at most",
            (traces * prices.TRACE * MILLION,),
        ),
    ]


def _traces(measured: Measured) -> float:
    """Return the traces of an alert that arrives alone: one for each function that AWS invokes.

    The state machine's trace contains the recorder's.
    """
    levels = (_row(measured.alerts, "one by one", level) for level in _LEVELS)
    return len((_AUTHORIZER, *_INGEST)) + sum(float(row["Lambda"]) for row in levels)


def _same(name: str, cost: float) -> Row:
    return name, (cost, cost, cost)


def _with_sum(rows: Sequence[Row], times: int) -> list[Row]:
    scaled = [(name, [cost * times for cost in costs]) for name, costs in rows]
    columns = zip(*(costs for _, costs in scaled), strict=True)
    return [*scaled, (_TOGETHER, [sum(column) for column in columns])]


def _together(alerts: Sequence[Counts]) -> str:
    (name,) = {str(row["alerts"]) for row in alerts if "at once" in str(row["alerts"])}
    return name


def _row(alerts: Sequence[Counts], name: str, level: str) -> Counts:
    (found,) = (row for row in alerts if (row["alerts"], row["level"]) == (name, level))
    return found


def _dynamodb(row: Counts) -> float:
    return float(row["WCU"]) * prices.WRITE_UNIT + float(row["RCU"]) * prices.READ_UNIT


def _access_log() -> float:
    return assumptions.ACCESS_LOG_BYTES * prices.LOGS_GB / _GB


def _invocation(measured: Measured) -> Callable[[str], float]:
    """Return the function from a handler to the cost of one invocation, with its log."""
    template, log_bytes = measured.template, measured.log_bytes
    return lambda module: _invocation_with(template.memory_mb(module), log_bytes)


def _public_invocation(measured: Measured) -> float:
    return _invocation_with(public_design.MEMORY_MB, measured.log_bytes)


def _invocation_with(memory_mb: int, log_bytes: int) -> float:
    gb_s = memory_mb / 1024 * assumptions.INVOCATION_MS / 1000
    log = log_bytes * prices.LOGS_GB / _GB
    return gb_s * prices.LAMBDA_ARM_GB_SECOND + prices.LAMBDA_REQUEST + log
