"""The settings of a deployment that concern no single topic of the other modules.

Owns their keys, defaults, accepted values and descriptions. Never reads a context itself.
"""

from pathlib import Path

from graphql_api.repositories import teams
from infra.paths import ROOT
from infra.settings.setting import (
    NONE,
    TRUE_OR_FALSE,
    Setting,
    between,
    boolean,
    flag,
    settings_in,
    text,
    whole_number,
)
from ingest.errors import HookRangesError
from ingest.recording.recorder import UNKNOWN_CHANGES_DAYS as UNKNOWN_CHANGES_DEFAULT
from ingest.source_addresses.hook_ranges import HookRanges
from ingest.source_addresses.seed import GITHUB_COM_META_URL
from rollup.service_levels.targets import DEFAULT_TARGETS, parse_targets, targets_text

_MOST_DAYS = 99_999


def _retention_days(value: object) -> int:
    days = between(1, _MOST_DAYS)(value)
    if days not in _RETENTION_DAYS:
        raise ValueError(value)
    return days


def _ranges(value: object) -> str:
    ranges = text(r"\S+")(value).split(",")
    if len(ranges) > _MOST_RANGES:
        raise ValueError(value)
    try:
        return ",".join(HookRanges.listed(ranges).to_list())
    except HookRangesError as error:
        raise ValueError(value) from error


def _directory(value: object) -> Path:
    return ROOT / text(r".+")(value)


_MOST_RANGES = 100
"""The environment of a function has at most 4 KB."""
_RETENTION_DAYS = (1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1827, 3653)
_LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
_ORIGIN = r"https?://[^\s/,]+"

STACK_NAME = Setting(
    key="stackName",
    meaning="The name of the CloudFormation stack; commands take it as `--stack`.",
    accepts="a letter, then up to 127 letters, digits or hyphens",
    parse=text("[A-Za-z][A-Za-z0-9-]{0,127}"),
    default="Gcsmttr",
    shown_default="Gcsmttr",
)
DELETION_PROTECTION: Setting[bool | None] = Setting(
    key="deletionProtection",
    meaning="Whether the tables are protected from deletion, on AWS.",
    accepts=TRUE_OR_FALSE,
    parse=boolean,
    default=None,
    shown_default="true; false on the emulator",
)
LOG_LEVEL = Setting(
    key="logLevel",
    meaning="The least severe level that the functions log.",
    accepts="one of " + ", ".join(_LOG_LEVELS),
    parse=text("|".join(_LOG_LEVELS)),
    default="INFO",
    shown_default="INFO",
)
LOG_RETENTION_DAYS = Setting(
    key="logRetentionDays",
    meaning="The days after which CloudWatch deletes log lines.",
    accepts="one of " + ", ".join(map(str, _RETENTION_DAYS)),
    parse=_retention_days,
    default=30,
    shown_default="30",
)
ARCHIVE_DAYS = whole_number(
    "archiveDays",
    "The days for which the event archive keeps events, for a replay.",
    least=1,
    most=_MOST_DAYS,
    default=90,
    unit="days",
)
UNKNOWN_CHANGES_DAYS = whole_number(
    "unknownChangesDays",
    "The days for which changes that arrive before their alert's creation are kept.",
    least=1,
    most=_MOST_DAYS,
    default=UNKNOWN_CHANGES_DEFAULT,
    unit="days",
)
KEEP_ACTORS = flag(
    "keepActors",
    "Whether alerts keep the login of the person who dismissed them.",
    default=False,
)
SERVICE_LEVELS = Setting(
    key="serviceLevels",
    meaning="The days within which alerts must be closed, by severity. A severity that is left out "
    "has no target.",
    accepts=f"severities with days, such as {targets_text(DEFAULT_TARGETS)}; days are 1 to 30, 45, "
    "60, 90, 120, 180 or 365",
    parse=lambda value: parse_targets(text(r".+")(value)),
    default=DEFAULT_TARGETS,
    shown_default=targets_text(DEFAULT_TARGETS),
)
CORS_ORIGINS = Setting(
    key="corsOrigins",
    meaning="The origins whose pages may send queries from a browser.",
    accepts="* or origins such as https://grafana.example.org with commas between them",
    parse=text(rf"\*|{_ORIGIN}(,{_ORIGIN})*"),
    default="",
    shown_default=NONE,
)
INTROSPECTION = flag(
    "introspection",
    "Whether clients can read the schema. GraphiQL needs it for its docs.",
    default=True,
)
TEAM: Setting[str | None] = Setting(
    key="team",
    meaning="The custom property or the prefix of topics that is the team of a repository.",
    accepts=teams.ACCEPTED,
    parse=text(teams.SYNTAX),
    default=None,
    shown_default=NONE,
)
SNAP_START = flag(
    "snapStart",
    "Whether Lambda starts the query function from a snapshot (SnapStart). AWS charges for "
    "it, and it needs the setting python to be 3.12 or newer.",
    default=False,
)
GITHUB_SCHEDULES = flag(
    "githubSchedules",
    "Whether the stack redelivers and reconciles on a schedule, once an App is connected.",
    default=True,
)
RECONCILE_HOURS = whole_number(
    "reconcileHours",
    "The hours between two reconciliations of what changed at GitHub.",
    least=1,
    most=24,
    default=1,
    unit="hours",
)
META_URL = Setting(
    key="metaUrl",
    meaning="Where GitHub publishes the addresses that its webhooks come from.",
    accepts=f"an https address such as {GITHUB_COM_META_URL}; on the emulator also "
    "http://127.0.0.1:PORT/…",
    parse=text(r"(https://[^\s/]+|http://127\.0\.0\.1:\d+)(/\S*)?"),
    default=GITHUB_COM_META_URL,
    shown_default=GITHUB_COM_META_URL,
)
ALLOWED_RANGES: Setting[str | None] = Setting(
    key="allowedRanges",
    meaning="The source addresses from which webhooks are accepted, in place of those at "
    "`metaUrl`. Set it for GitHub Enterprise Server and ghe.com, which publish none.",
    accepts="up to 100 CIDR ranges such as 192.0.2.0/24,2001:db8::/32 with commas between them",
    parse=_ranges,
    default=None,
    shown_default=NONE,
)
BUNDLE_DIR = Setting(
    key="bundleDir",
    meaning="The directory in which the functions' bundles are built.",
    accepts="a path, relative to the repository or absolute",
    parse=_directory,
    default=ROOT / "build" / "bundles",
    shown_default="build/bundles",
)
EMULATOR = flag(
    "emulator",
    "Whether the stack is deployed to the local AWS emulator instead of AWS.",
    default=False,
)
API_ID: Setting[str | None] = Setting(
    key="apiId",
    meaning="The id of the HTTP API, for the emulator only; AWS chooses its own.",
    accepts="4 to 32 lower-case letters or digits",
    parse=text("[a-z0-9]{4,32}"),
    default=None,
    shown_default=NONE,
)

SETTINGS = settings_in(vars())
