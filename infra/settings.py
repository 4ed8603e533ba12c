"""The settings of a deployment; each is a key of the CDK context.

Owns their keys, defaults, accepted values and descriptions; those of the modules in
SETTINGS belong to them. `config` reads them, and `reference` writes them into
docs/limits-and-settings.md. Never reads a context itself.
"""

import difflib
from pathlib import Path

from graphql_api.repositories import teams
from infra import (
    access_settings,
    address_settings,
    alarm_settings,
    capacity_settings,
    deployment_settings,
    monitoring_settings,
)
from infra.paths import ROOT
from infra.setting import Setting, between, boolean, text
from ingest.errors import HookRangesError
from ingest.recording.recorder import UNKNOWN_CHANGES_DAYS as UNKNOWN_CHANGES_DEFAULT
from ingest.source_addresses.hook_ranges import HookRanges
from ingest.source_addresses.seed import GITHUB_COM_META_URL
from rollup.service_levels.targets import DEFAULT_TARGETS, parse_targets, targets_text

NONE = "none"


_days = between(1, 99_999)


def _retention_days(value: object) -> int:
    days = _days(value)
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
_TRUE_OR_FALSE = "true or false"
_A_NUMBER_OF_DAYS = "a whole number of days, 1 to 99999"
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
    accepts=_TRUE_OR_FALSE,
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
ARCHIVE_DAYS = Setting(
    key="archiveDays",
    meaning="The days for which the event archive keeps events, for a replay.",
    accepts=_A_NUMBER_OF_DAYS,
    parse=_days,
    default=90,
    shown_default="90",
)
UNKNOWN_CHANGES_DAYS = Setting(
    key="unknownChangesDays",
    meaning="The days for which changes that arrive before their alert's creation are kept.",
    accepts=_A_NUMBER_OF_DAYS,
    parse=_days,
    default=UNKNOWN_CHANGES_DEFAULT,
    shown_default=str(UNKNOWN_CHANGES_DEFAULT),
)
KEEP_ACTORS = Setting(
    key="keepActors",
    meaning="Whether alerts keep the login of the person who dismissed them.",
    accepts=_TRUE_OR_FALSE,
    parse=boolean,
    default=False,
    shown_default="false",
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
INTROSPECTION = Setting(
    key="introspection",
    meaning="Whether clients can read the schema. GraphiQL needs it for its docs.",
    accepts=_TRUE_OR_FALSE,
    parse=boolean,
    default=True,
    shown_default="true",
)
TEAM: Setting[str | None] = Setting(
    key="team",
    meaning="The custom property or the prefix of topics that is the team of a repository.",
    accepts=teams.ACCEPTED,
    parse=text(teams.SYNTAX),
    default=None,
    shown_default=NONE,
)
SNAP_START = Setting(
    key="snapStart",
    meaning="Whether Lambda starts the query function from a snapshot (SnapStart). AWS charges for "
    "it, and it needs the setting python to be 3.12 or newer.",
    accepts=_TRUE_OR_FALSE,
    parse=boolean,
    default=False,
    shown_default="false",
)
GITHUB_SCHEDULES = Setting(
    key="githubSchedules",
    meaning="Whether the stack redelivers and reconciles on a schedule, once an App is connected.",
    accepts=_TRUE_OR_FALSE,
    parse=boolean,
    default=True,
    shown_default="true",
)
RECONCILE_HOURS = Setting(
    key="reconcileHours",
    meaning="The hours between two reconciliations of what changed at GitHub.",
    accepts="a whole number of hours, 1 to 24",
    parse=between(1, 24),
    default=1,
    shown_default="1",
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
EMULATOR = Setting(
    key="emulator",
    meaning="Whether the stack is deployed to the local AWS emulator instead of AWS.",
    accepts=_TRUE_OR_FALSE,
    parse=boolean,
    default=False,
    shown_default="false",
)
API_ID: Setting[str | None] = Setting(
    key="apiId",
    meaning="The id of the HTTP API, for the emulator only; AWS chooses its own.",
    accepts="4 to 32 lower-case letters or digits",
    parse=text("[a-z0-9]{4,32}"),
    default=None,
    shown_default=NONE,
)

SETTINGS: tuple[Setting[object], ...] = (
    *(value for value in list(vars().values()) if isinstance(value, Setting)),
    *deployment_settings.SETTINGS,
    *address_settings.SETTINGS,
    *alarm_settings.SETTINGS,
    *capacity_settings.SETTINGS,
    *access_settings.SETTINGS,
    *monitoring_settings.SETTINGS,
)
KEYS = frozenset(setting.key for setting in SETTINGS)


def closest_key(key: str) -> str | None:
    """Return the setting's key that a misspelled key resembles, None if it resembles none."""
    if key in KEYS:
        return None
    known = {name.lower(): name for name in KEYS}
    found = difflib.get_close_matches(key.lower().replace("-", ""), known, n=1, cutoff=0.8)
    return known[found[0]] if found else None
