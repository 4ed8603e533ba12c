"""The configuration of a deployment, made from CDK context and validated.

Owns the rules that concern several settings, and all differences between AWS and the local emulator
(`Target`). The rules of a single setting are in `settings`. Never reads environment variables. The
architecture is the only fact about the machine that it reads.
"""

import platform
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeVar
from urllib.parse import urlsplit

from infra import access_settings, settings
from infra.errors import InfraError
from infra.setting import Setting
from rollup.service_levels.targets import Targets

LAMBDA_PYTHONS = ((3, 11), (3, 12), (3, 13), (3, 14))
SNAP_START_PYTHON = (3, 12)
"""The oldest Python for which Lambda has SnapStart."""

T = TypeVar("T")


class ConfigError(InfraError):
    """The CDK context is invalid; the message lists all wrong keys with the reasons."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where the stack is deployed to, and everything that depends on it."""

    name: Literal["aws", "emulator"]
    architecture: Literal["arm64", "x86_64"]
    wheels_for_host: bool
    """Whether the bundles contain wheels for this machine, since the emulator runs on it."""
    keeps_data: bool
    """Whether tables outlive the stack and are protected from deletion by default."""
    has_event_archive: bool
    """Whether CloudFormation can make the archive; otherwise the local deployment makes it."""
    has_snap_start: bool
    has_custom_resources: bool
    """Whether CloudFormation can start the first refresh of the hook ranges."""
    source_address_cache_s: int
    """How long the authorizer's result is cached; the emulator's cache ignores the address."""
    least_timeout_s: int
    """The shortest timeout of a function; on the emulator it includes the start of its process."""
    throttled_as: str
    """The error that a state machine gets when Lambda throttles a function."""
    queue_visibility_s: int
    """How long a failed group waits. AWS recommends at least six times the function's timeout."""


AWS = Target(
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
EMULATOR = Target(
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
    """The configuration of one deployment."""

    target: Target
    stack_name: str
    meta_url: str
    deletion_protection: bool
    alarm_email: str | None
    log_level: str
    log_retention_days: int
    archive_days: int
    unknown_changes_days: int
    keep_actors: bool
    service_levels: Targets
    cors_origins: str
    introspection: bool
    team: str | None
    snap_start: bool
    github_schedules: bool
    reconcile_hours: int
    drift_threshold: int
    oidc_owners: str
    oidc_repositories: str
    oidc_workflows: str
    oidc_audience: str | None
    oidc_issuer: str
    key_requests_per_second: int
    key_request_burst: int
    api_id: str | None
    bundle_dir: Path
    python: tuple[int, int]

    @property
    def runtime_name(self) -> str:
        """The name of the Lambda runtime with the Python that compiles the bundles."""
        return "python{}.{}".format(*self.python)


def config_from(context: Mapping[str, object], *, python: tuple[int, int]) -> Config:
    """Return the config that CDK context describes.

    Args:
        context: JSON values from cdk.json and texts from `-c key=value`. Unknown keys, such as the
            CDK's feature flags, are ignored unless they resemble a setting.
        python: The version of the running Python.

    Raises:
        ConfigError: A key is wrong; the message lists all of them.
    """
    problems = [
        f"{key}: unknown; did you mean {closest}?"
        for key in sorted(context)
        if (closest := settings.closest_key(key))
    ]
    if python not in LAMBDA_PYTHONS:
        offered = ", ".join(f"{major}.{minor}" for major, minor in LAMBDA_PYTHONS)
        problems.append(
            f"Python {python[0]}.{python[1]} runs this app, but Lambda offers {offered}. The"
            " functions run on the same Python version as this app"
        )

    def read(setting: Setting[T]) -> T:
        try:
            return setting.read(context.get(setting.key))
        except ValueError as error:
            problems.append(f"{setting.key} = {context[setting.key]!r}: {error}")
            return setting.default

    target = EMULATOR if read(settings.EMULATOR) else AWS
    protection = read(settings.DELETION_PROTECTION)
    config = Config(
        target=target,
        stack_name=read(settings.STACK_NAME),
        meta_url=read(settings.META_URL),
        deletion_protection=target.keeps_data if protection is None else protection,
        alarm_email=read(settings.ALARM_EMAIL),
        log_level=read(settings.LOG_LEVEL),
        log_retention_days=read(settings.LOG_RETENTION_DAYS),
        archive_days=read(settings.ARCHIVE_DAYS),
        unknown_changes_days=read(settings.UNKNOWN_CHANGES_DAYS),
        keep_actors=read(settings.KEEP_ACTORS),
        service_levels=read(settings.SERVICE_LEVELS),
        cors_origins=read(settings.CORS_ORIGINS),
        introspection=read(settings.INTROSPECTION),
        team=read(settings.TEAM),
        snap_start=read(settings.SNAP_START) and target.has_snap_start,
        github_schedules=read(settings.GITHUB_SCHEDULES),
        reconcile_hours=read(settings.RECONCILE_HOURS),
        drift_threshold=read(settings.DRIFT_THRESHOLD),
        oidc_owners=read(access_settings.OIDC_OWNERS),
        oidc_repositories=read(access_settings.OIDC_REPOSITORIES),
        oidc_workflows=read(access_settings.OIDC_WORKFLOWS),
        oidc_audience=read(access_settings.OIDC_AUDIENCE),
        oidc_issuer=read(access_settings.OIDC_ISSUER),
        key_requests_per_second=read(access_settings.KEY_REQUESTS_PER_SECOND),
        key_request_burst=read(access_settings.KEY_REQUEST_BURST),
        api_id=read(settings.API_ID),
        bundle_dir=read(settings.BUNDLE_DIR),
        python=python,
    )
    if config.api_id and config.target is not EMULATOR:
        problems.append("apiId: only the emulator accepts an id for the API")
    for key, url in (("metaUrl", config.meta_url), ("oidcIssuer", config.oidc_issuer)):
        if urlsplit(url).scheme != "https" and config.target is not EMULATOR:
            problems.append(f"{key} = {url!r}: must be https outside the emulator")
    if not context.get("oidcOwners"):
        dependent = sorted(key for key in context if key.startswith("oidc") and context[key])
        problems += [f"{key}: has no effect without oidcOwners" for key in dependent]
    if config.snap_start and python < SNAP_START_PYTHON:
        needed = ".".join(map(str, SNAP_START_PYTHON))
        problems.append(
            f"snapStart = true: Lambda has SnapStart for Python {needed} and newer, but Python"
            f" {python[0]}.{python[1]} runs this app. Choose another with make deploy PYTHON=..."
        )
    if problems:
        raise ConfigError("The CDK context is not valid:\n- " + "\n- ".join(problems))
    return config
