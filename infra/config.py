"""The settings of a deployment: CDK context in, one validated `Config` out.

Owns the rules that span several settings, and the one list of differences between AWS and the
local emulator (`Place`). Each setting by itself belongs to `settings`. Never reads the environment,
nor anything of the machine but its architecture.
"""

import platform
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeVar
from urllib.parse import urlsplit

from infra import settings
from infra.settings import Setting

LAMBDA_PYTHONS = ((3, 11), (3, 12), (3, 13), (3, 14))
SNAP_START_PYTHON = (3, 12)
"""The oldest Python for which Lambda has SnapStart."""

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
    has_snap_start: bool
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
    has_snap_start=True,
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
    has_snap_start=False,
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
    keep_actors: bool
    cors_origins: str
    introspection: bool
    snap_start: bool
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
    problems = [
        f"{key}: unknown; did you mean {closest}?"
        for key in sorted(context)
        if (closest := settings.closest_key(key))
    ]
    if python not in LAMBDA_PYTHONS:
        offered = ", ".join(f"{major}.{minor}" for major, minor in LAMBDA_PYTHONS)
        problems.append(
            f"Python {python[0]}.{python[1]} runs this app, but Lambda offers {offered}; the"
            " functions run on the version that builds them"
        )

    def read(setting: Setting[T]) -> T:
        try:
            return setting.read(context.get(setting.key))
        except ValueError as error:
            problems.append(f"{setting.key} = {context[setting.key]!r}: {error}")
            return setting.default

    place = EMULATOR if read(settings.EMULATOR) else AWS
    protection = read(settings.DELETION_PROTECTION)
    config = Config(
        place=place,
        stack_name=read(settings.STACK_NAME),
        meta_url=read(settings.META_URL),
        deletion_protection=place.keeps_data if protection is None else protection,
        alarm_email=read(settings.ALARM_EMAIL),
        log_level=read(settings.LOG_LEVEL),
        log_retention_days=read(settings.LOG_RETENTION_DAYS),
        archive_days=read(settings.ARCHIVE_DAYS),
        unknown_changes_days=read(settings.UNKNOWN_CHANGES_DAYS),
        keep_actors=read(settings.KEEP_ACTORS),
        cors_origins=read(settings.CORS_ORIGINS),
        introspection=read(settings.INTROSPECTION),
        snap_start=read(settings.SNAP_START) and place.has_snap_start,
        api_id=read(settings.API_ID),
        bundle_dir=read(settings.BUNDLE_DIR),
        python=python,
    )
    if config.api_id and config.place is not EMULATOR:
        problems.append("apiId: only the emulator lets the id of an API be chosen")
    if urlsplit(config.meta_url).scheme != "https" and config.place is not EMULATOR:
        problems.append(f"metaUrl = {config.meta_url!r}: must be https outside the emulator")
    if config.snap_start and python < SNAP_START_PYTHON:
        needed = ".".join(map(str, SNAP_START_PYTHON))
        problems.append(
            f"snapStart = true: Lambda has SnapStart for Python {needed} and newer, but Python"
            f" {python[0]}.{python[1]} runs this app; choose another with make deploy PYTHON=..."
        )
    if problems:
        raise ConfigError("The CDK context is not valid:\n- " + "\n- ".join(problems))
    return config
