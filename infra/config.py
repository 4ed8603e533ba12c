"""The configuration of a deployment, made from CDK context and validated.

Owns the rules that concern several settings. The rules of a single setting are in `settings`, and
the differences between AWS and the local emulator in `target`. Never reads environment variables.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from infra.errors import InfraError
from infra.settings import access, addresses, alarms, capacity, deployment, general, monitoring
from infra.settings.deployment import LAMBDA_PYTHONS
from infra.settings.every import closest_key
from infra.settings.setting import Setting
from infra.target import AWS, EMULATOR, Target
from rollup.service_levels.targets import Targets

SNAP_START_PYTHON = (3, 12)
"""The oldest Python for which Lambda has SnapStart."""

T = TypeVar("T")


class ConfigError(InfraError):
    """The CDK context is invalid; the message lists all wrong keys with the reasons."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """The configuration of one deployment."""

    target: Target
    stack_name: str
    account: str | None
    region: str | None
    tags: Mapping[str, str]
    termination_protection: bool
    meta_url: str
    allowed_ranges: str | None
    """CIDR ranges with commas between them, in place of those of the meta document."""
    deletion_protection: bool
    restored_tables: Mapping[str, str]
    alarm_email: str | None
    alarm_topic_arn: str | None
    alarm_late_minutes: int
    alarm_hook_ranges_hours: int
    alarm_webhook_refusals: int
    alarm_client_errors: int
    alarm_function_errors: int
    webhook_concurrency: int | None
    queue_handlers: int
    log_level: str
    log_retention_days: int
    archive_days: int
    unknown_changes_days: int
    keep_actors: bool
    service_levels: Targets
    cors_origins: str
    introspection: bool
    dashboard_page: bool
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
    domain_name: str | None
    certificate_arn: str | None
    hosted_zone_id: str | None
    execute_api_endpoint: bool
    graphiql: bool
    badges: bool
    landing_page: bool
    dashboard: bool
    tracing: bool
    api_id: str | None
    bundle_dir: Path
    python: tuple[int, int]

    @property
    def runtime_name(self) -> str:
        """The name of the Lambda runtime."""
        return "python{}.{}".format(*self.python)


def config_from(context: Mapping[str, object], *, python: tuple[int, int]) -> Config:
    """Return the config that CDK context describes.

    Args:
        context: JSON values from cdk.json and the deployment's file, and texts from `-c key=value`.
            Unknown keys, such as the CDK's feature flags, are ignored unless they resemble a
            setting.
        python: The version of the running Python, which the emulator's functions use.

    Raises:
        ConfigError: A key is wrong; the message lists all of them.
    """
    problems = [
        f"{key}: unknown; did you mean {closest}?"
        for key in sorted(context)
        if (closest := closest_key(key))
    ]

    def read(setting: Setting[T]) -> T:
        try:
            return setting.read(context.get(setting.key))
        except ValueError as error:
            problems.append(f"{setting.key} = {context[setting.key]!r}: {error}")
            return setting.default

    target = EMULATOR if read(general.EMULATOR) else AWS
    deletion_protection = read(general.DELETION_PROTECTION)
    termination_protection = read(deployment.TERMINATION_PROTECTION)
    pinned = read(deployment.PYTHON)
    concurrency = read(capacity.WEBHOOK_CONCURRENCY)
    config = Config(
        target=target,
        stack_name=read(general.STACK_NAME),
        meta_url=read(general.META_URL),
        account=read(deployment.ACCOUNT),
        region=read(deployment.REGION),
        tags=read(deployment.TAGS),
        termination_protection=_or_default(termination_protection, target.keeps_data),
        deletion_protection=_or_default(deletion_protection, target.keeps_data),
        allowed_ranges=read(general.ALLOWED_RANGES),
        restored_tables=read(deployment.RESTORED_TABLES),
        alarm_email=read(alarms.ALARM_EMAIL),
        alarm_topic_arn=read(alarms.ALARM_TOPIC_ARN),
        alarm_late_minutes=read(alarms.ALARM_LATE_MINUTES),
        alarm_hook_ranges_hours=read(alarms.ALARM_HOOK_RANGES_HOURS),
        alarm_webhook_refusals=read(alarms.ALARM_WEBHOOK_REFUSALS),
        alarm_client_errors=read(alarms.ALARM_CLIENT_ERRORS),
        alarm_function_errors=read(alarms.ALARM_FUNCTION_ERRORS),
        webhook_concurrency=concurrency if target.has_reserved_concurrency else None,
        queue_handlers=read(capacity.QUEUE_HANDLERS),
        log_level=read(general.LOG_LEVEL),
        log_retention_days=read(general.LOG_RETENTION_DAYS),
        archive_days=read(general.ARCHIVE_DAYS),
        unknown_changes_days=read(general.UNKNOWN_CHANGES_DAYS),
        keep_actors=read(general.KEEP_ACTORS),
        service_levels=read(general.SERVICE_LEVELS),
        cors_origins=read(general.CORS_ORIGINS),
        introspection=read(general.INTROSPECTION),
        dashboard_page=read(addresses.DASHBOARD_PAGE),
        team=read(general.TEAM),
        snap_start=read(general.SNAP_START) and target.has_snap_start,
        github_schedules=read(general.GITHUB_SCHEDULES),
        reconcile_hours=read(general.RECONCILE_HOURS),
        drift_threshold=read(alarms.DRIFT_THRESHOLD),
        oidc_owners=read(access.OIDC_OWNERS),
        oidc_repositories=read(access.OIDC_REPOSITORIES),
        oidc_workflows=read(access.OIDC_WORKFLOWS),
        oidc_audience=read(access.OIDC_AUDIENCE),
        oidc_issuer=read(access.OIDC_ISSUER),
        key_requests_per_second=read(access.KEY_REQUESTS_PER_SECOND),
        key_request_burst=read(access.KEY_REQUEST_BURST),
        domain_name=read(addresses.DOMAIN_NAME),
        certificate_arn=read(addresses.CERTIFICATE_ARN),
        hosted_zone_id=read(addresses.HOSTED_ZONE_ID),
        execute_api_endpoint=read(addresses.EXECUTE_API_ENDPOINT),
        graphiql=read(addresses.GRAPHIQL),
        badges=read(addresses.BADGES),
        landing_page=read(addresses.LANDING_PAGE),
        dashboard=read(monitoring.DASHBOARD),
        tracing=read(monitoring.TRACING),
        api_id=read(general.API_ID),
        bundle_dir=read(general.BUNDLE_DIR),
        python=python if target is EMULATOR else pinned,
    )
    problems += _conflicts(config, context)
    if problems:
        raise ConfigError("The CDK context is not valid:\n- " + "\n- ".join(problems))
    return config


def _or_default(value: bool | None, default: bool) -> bool:
    return default if value is None else value


def _conflicts(config: Config, context: Mapping[str, object]) -> Iterator[str]:
    """Yield what is wrong with settings that are valid by themselves."""
    if config.python not in LAMBDA_PYTHONS:
        offered = ", ".join(f"{major}.{minor}" for major, minor in LAMBDA_PYTHONS)
        yield f"Python {config.runtime_name[6:]} runs the emulator, but Lambda offers {offered}"
    if config.api_id and config.target is not EMULATOR:
        yield "apiId: only the emulator accepts an id for the API"
    for key, url in (("metaUrl", config.meta_url), ("oidcIssuer", config.oidc_issuer)):
        if urlsplit(url).scheme != "https" and config.target is not EMULATOR:
            yield f"{key} = {url!r}: must be https outside the emulator"
    if config.alarm_email and config.alarm_topic_arn:
        yield (
            "alarmEmail: has no effect with alarmTopicArn. Subscribe the address to that topic, or"
            " remove one of the two settings"
        )
    if not context.get("oidcOwners"):
        for key in sorted(key for key in context if key.startswith("oidc") and context[key]):
            yield f"{key}: has no effect without oidcOwners"
    yield from _conflicts_of_domain(config)
    if config.snap_start and config.python < SNAP_START_PYTHON:
        needed = ".".join(map(str, SNAP_START_PYTHON))
        yield (
            f"snapStart = true: Lambda has SnapStart for Python {needed} and newer, but the setting"
            f" python is {config.runtime_name[6:]}"
        )


def _conflicts_of_domain(config: Config) -> Iterator[str]:
    if config.domain_name is None:
        for key, value in (
            ("certificateArn", config.certificate_arn),
            ("hostedZoneId", config.hosted_zone_id),
        ):
            if value:
                yield f"{key}: has no effect without domainName"
        if not config.execute_api_endpoint:
            yield "executeApiEndpoint = false: without domainName the API would have no address"
        return
    if config.target is EMULATOR:
        yield "domainName: the emulator has no domains"
    if config.certificate_arn is None:
        yield "domainName: needs certificateArn"
    elif config.region and config.certificate_arn.split(":")[3] != config.region:
        yield f"certificateArn: the certificate must be in the Region {config.region}"
