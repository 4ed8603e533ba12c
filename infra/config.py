"""The settings of a deployment: CDK context in, one validated `Config` out.

Owns the names, defaults and rules of the context keys, and the one list of differences between AWS
and the local emulator (`Place`). Never reads the environment or anything else of the machine but
the version of the interpreter that it is told.
"""

import difflib
import platform
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeVar
from urllib.parse import urlsplit

from ingest.alert_store import UNKNOWN_CHANGES_DAYS

ROOT = Path(__file__).resolve().parents[1]
GITHUB_META_URL = "https://api.github.com/meta"
LAMBDA_PYTHONS = ((3, 11), (3, 12), (3, 13), (3, 14))

T = TypeVar("T")


class ConfigError(Exception):
    """Context that no stack can be made of; the message names every key that is wrong and why."""


@dataclass(frozen=True, slots=True)
class Place:
    """What differs by where the stack is deployed to, all of it."""

    name: Literal["aws", "emulator"]
    architecture: Literal["arm64", "x86_64"]
    wheels_for_host: bool
    """Take the wheels of this machine, where the emulator runs the functions, not of Lambda's."""
    keeps_data: bool
    """Tables and archives outlive the stack, and tables refuse to be deleted."""
    has_event_archive: bool
    has_custom_resources: bool
    """Whether the first refresh of the hook ranges can be started by the deployment itself."""
    source_address_cache_s: int
    """How long a verdict on a source address stands; the emulator takes all addresses for one."""
    least_timeout_s: int
    """The emulator counts the start of a function's process, on a busy machine, as its own time."""
    throttled_as: str
    """The error by which a state machine knows that a function has no execution to spare."""
    queue_visibility_s: int
    """How long a group waits after a failure; AWS advises six times the function's timeout."""


AWS = Place(
    name="aws",
    architecture="arm64",
    wheels_for_host=False,
    keeps_data=True,
    has_event_archive=True,
    has_custom_resources=True,
    source_address_cache_s=300,
    least_timeout_s=1,
    throttled_as="Lambda.TooManyRequestsException",
    queue_visibility_s=120,
)
EMULATOR = Place(
    name="emulator",
    architecture="arm64" if platform.machine() in {"arm64", "aarch64"} else "x86_64",
    wheels_for_host=True,
    keeps_data=False,
    has_event_archive=False,
    has_custom_resources=False,
    source_address_cache_s=0,
    least_timeout_s=20,
    throttled_as="Lambda.Unknown",
    queue_visibility_s=20,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """One deployment, as the context describes it."""

    place: Place
    stack_name: str
    meta_url: str
    deletion_protection: bool
    alarm_email: str | None
    log_level: str
    log_retention_days: int
    archive_days: int
    unknown_changes_days: int
    cors_origins: str
    introspection: bool
    api_id: str | None
    bundle_dir: Path
    python: tuple[int, int]

    @property
    def runtime_name(self) -> str:
        """Lambda's name of the interpreter that the bundles are compiled with."""
        return "python{}.{}".format(*self.python)


def config_from(context: Mapping[str, object], *, python: tuple[int, int]) -> Config:
    """The config that CDK context describes; `python` is the running interpreter's version.

    Values may be JSON (cdk.json) or text (`-c key=value`). Raises ConfigError, which names every
    wrong key at once. Keys of others (feature flags, look-ups) are left alone, except near misses
    of ours.
    """
    problems: list[str] = [_near_miss(key) for key in sorted(context) if _is_near_miss(key)]
    if python not in LAMBDA_PYTHONS:
        offered = ", ".join(f"{major}.{minor}" for major, minor in LAMBDA_PYTHONS)
        problems.append(
            f"Python {python[0]}.{python[1]} runs this app, but Lambda offers {offered}; the"
            " functions run on the version that builds them"
        )

    def read(key: str, parse: Callable[[object], T], default: T) -> T:
        if context.get(key) is None:
            return default
        try:
            return parse(context[key])
        except ValueError as error:
            problems.append(f"{key} = {context[key]!r}: {error}")
            return default

    place = EMULATOR if read("emulator", _boolean, default=False) else AWS
    config = Config(
        place=place,
        stack_name=read("stackName", _stack_name, "Gcsmttr"),
        meta_url=read("metaUrl", _meta_url, GITHUB_META_URL),
        deletion_protection=read("deletionProtection", _boolean, place.keeps_data),
        alarm_email=read("alarmEmail", _email, None),
        log_level=read("logLevel", _log_level, "INFO"),
        log_retention_days=read("logRetentionDays", _retention_days, 30),
        archive_days=read("archiveDays", _positive, 90),
        unknown_changes_days=read("unknownChangesDays", _positive, UNKNOWN_CHANGES_DAYS),
        cors_origins=read("corsOrigins", _origins, ""),
        introspection=read("introspection", _boolean, default=True),
        api_id=read("apiId", _api_id, None),
        bundle_dir=read("bundleDir", _directory, ROOT / "build" / "bundles"),
        python=python,
    )
    if config.api_id and config.place is not EMULATOR:
        problems.append("apiId: only the emulator lets the id of an API be chosen")
    if urlsplit(config.meta_url).scheme != "https" and config.place is not EMULATOR:
        problems.append(f"metaUrl = {config.meta_url!r}: must be https outside the emulator")
    if problems:
        raise ConfigError("The CDK context does not fit:\n- " + "\n- ".join(problems))
    return config


KEYS = (
    "emulator",
    "stackName",
    "metaUrl",
    "deletionProtection",
    "alarmEmail",
    "logLevel",
    "logRetentionDays",
    "archiveDays",
    "unknownChangesDays",
    "corsOrigins",
    "introspection",
    "apiId",
    "bundleDir",
)
_RETENTION_DAYS = (1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1827, 3653)


def _is_near_miss(key: str) -> bool:
    return key not in KEYS and bool(_alike(key))


def _near_miss(key: str) -> str:
    return f"{key}: unknown; is {_alike(key)[0]} meant?"


def _alike(key: str) -> list[str]:
    known = {name.lower(): name for name in KEYS}
    found = difflib.get_close_matches(key.lower().replace("-", ""), known, n=1, cutoff=0.8)
    return [known[name] for name in found]


def _text(value: object, pattern: str, hint: str) -> str:
    if not isinstance(value, str) or not re.fullmatch(pattern, value):
        raise ValueError(hint)
    return value


def _boolean(value: object) -> bool:
    words = {"true": True, "false": False}
    answer = words.get(str(value).lower())
    if answer is None:
        raise ValueError("must be true or false")
    return answer


def _positive(value: object) -> int:
    return int(_text(str(value), r"[1-9][0-9]{0,4}", "must be a whole number of days above 0"))


def _retention_days(value: object) -> int:
    days = _positive(value)
    if days not in _RETENTION_DAYS:
        raise ValueError(f"CloudWatch Logs offers {', '.join(map(str, _RETENTION_DAYS))}")
    return days


def _stack_name(value: object) -> str:
    hint = "must be a letter, then up to 127 letters, digits or hyphens"
    return _text(value, r"[A-Za-z][A-Za-z0-9-]{0,127}", hint)


def _meta_url(value: object) -> str:
    hint = f"must be an https address such as {GITHUB_META_URL}, or http://127.0.0.1:<port>/…"
    return _text(value, r"(https://[^\s/]+|http://127\.0\.0\.1:\d+)(/\S*)?", hint)


def _email(value: object) -> str:
    return _text(value, r"[^@\s]+@[^@\s]+\.[^@\s]+", "must be an e-mail address")


def _log_level(value: object) -> str:
    levels = r"DEBUG|INFO|WARNING|ERROR|CRITICAL"
    return _text(value, levels, "must be one of " + levels.replace("|", ", "))


def _origins(value: object) -> str:
    origin = r"https?://[^\s/,]+"
    hint = "must be * or origins such as https://grafana.example.org with commas between them"
    return _text(value, rf"\*|{origin}(,{origin})*", hint)


def _api_id(value: object) -> str:
    return _text(value, r"[a-z0-9]{4,32}", "must be 4 to 32 lower-case letters or digits")


def _directory(value: object) -> Path:
    return ROOT / _text(value, r".+", "must be a path")
