"""CDK context becomes a config, or one message that lists all problems."""

from pathlib import Path

import pytest

from infra.config import Config, ConfigError, config_from
from infra.settings.every import KEYS
from infra.target import AWS, EMULATOR
from ingest.terms import Severity
from tests.support.paths import ROOT

PYTHON = (3, 13)


def read(**context: object) -> Config:
    return config_from(context, python=PYTHON)


def test_empty_context_describes_a_protected_deployment_to_aws() -> None:
    config = read()

    assert config.target is AWS
    assert config.deletion_protection
    assert config.meta_url == "https://api.github.com/meta"
    assert config.alarm_email is None
    assert config.bundle_dir == ROOT / "build" / "bundles"
    assert config.runtime_name == "python3.13"


@pytest.mark.parametrize("value", [True, "true", "True"])
def test_emulator_can_be_set_in_json_and_on_the_command_line(value: object) -> None:
    config = read(emulator=value)

    assert config.target is EMULATOR
    assert not config.deletion_protection


def test_every_key_is_read() -> None:
    config = read(
        emulator="true",
        deployment="second",
        stackName="Alerts-2",
        account="111122223333",
        region="us-gov-west-1",
        tags="team=security,cost-center=42",
        terminationProtection="true",
        python="3.12",
        metaUrl="http://127.0.0.1:8080/meta",
        allowedRanges="192.0.2.0/24,2001:DB8::/32",
        deletionProtection="true",
        alarmTopicArn="arn:aws-cn:sns:cn-north-1:123456789012:alarms",
        alarmLateMinutes="30",
        alarmHookRangesHours=6,
        alarmWebhookRefusals=7,
        alarmClientErrors=200,
        alarmFunctionErrors="8",
        webhookConcurrency=20,
        queueHandlers="2",
        logLevel="DEBUG",
        logRetentionDays="7",
        archiveDays=365,
        unknownChangesDays="14",
        keepActors="true",
        serviceLevels="CRITICAL=3,LOW=365",
        corsOrigins="https://a.example.org,http://localhost:3000",
        introspection=False,
        dashboardPage="false",
        team="topic:team-",
        snapStart="true",
        githubSchedules="false",
        reconcileHours="6",
        driftThreshold=25,
        oidcOwners="9919=octo-org",
        oidcRepositories="octo-org/web",
        oidcWorkflows="octo-org/web/.github/workflows/a.yml@refs/heads/main",
        oidcAudience="gcsmttr",
        oidcIssuer="http://127.0.0.1:8080",
        keyRequestsPerSecond="0",
        keyRequestBurst=5,
        restoredTables="Ledger=Old-Ledger,Repositories=R-1/stream/2026-11-29T10:00",
        executeApiEndpoint="true",
        graphiql="false",
        badges="false",
        landingPage=False,
        dashboard=False,
        tracing=True,
        apiId="abc123",
        bundleDir="/tmp/elsewhere",  # noqa: S108
    )

    assert config == Config(
        target=EMULATOR,
        stack_name="Alerts-2",
        account="111122223333",
        region="us-gov-west-1",
        tags={"team": "security", "cost-center": "42"},
        termination_protection=True,
        meta_url="http://127.0.0.1:8080/meta",
        allowed_ranges="192.0.2.0/24,2001:db8::/32",
        deletion_protection=True,
        restored_tables={
            "Ledger": "Old-Ledger",
            "Repositories": "R-1/stream/2026-11-29T10:00",
        },
        alarm_email=None,
        alarm_topic_arn="arn:aws-cn:sns:cn-north-1:123456789012:alarms",
        alarm_late_minutes=30,
        alarm_hook_ranges_hours=6,
        alarm_webhook_refusals=7,
        alarm_client_errors=200,
        alarm_function_errors=8,
        webhook_concurrency=None,
        queue_handlers=2,
        log_level="DEBUG",
        log_retention_days=7,
        archive_days=365,
        unknown_changes_days=14,
        keep_actors=True,
        service_levels={Severity.CRITICAL: 3, Severity.LOW: 365},
        cors_origins="https://a.example.org,http://localhost:3000",
        introspection=False,
        dashboard_page=False,
        team="topic:team-",
        snap_start=False,
        github_schedules=False,
        reconcile_hours=6,
        drift_threshold=25,
        oidc_owners="9919=octo-org",
        oidc_repositories="octo-org/web",
        oidc_workflows="octo-org/web/.github/workflows/a.yml@refs/heads/main",
        oidc_audience="gcsmttr",
        oidc_issuer="http://127.0.0.1:8080",
        key_requests_per_second=0,
        key_request_burst=5,
        domain_name=None,
        certificate_arn=None,
        hosted_zone_id=None,
        execute_api_endpoint=True,
        graphiql=False,
        badges=False,
        landing_page=False,
        dashboard=False,
        tracing=True,
        api_id="abc123",
        bundle_dir=Path("/tmp/elsewhere"),  # noqa: S108
        python=PYTHON,
    )


def test_alarms_go_to_an_address_or_to_a_topic() -> None:
    topic = "arn:aws:sns:eu-west-1:123456789012:alarms"
    assert read(alarmEmail="team@example.org").alarm_email == "team@example.org"
    with pytest.raises(ConfigError, match="alarmEmail: has no effect with alarmTopicArn"):
        read(alarmEmail="team@example.org", alarmTopicArn=topic)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("emulator", "perhaps"),
        ("stackName", "9lives"),
        ("account", 111122223333),
        ("account", "1234"),
        ("region", "Ireland"),
        ("python", "3.10"),
        ("python", 3.13),
        ("tags", "team"),
        ("tags", "team=a,team=b"),
        ("tags", {"aws:team": "security"}),
        ("tags", {"gcsmttr:stack": "Other"}),
        ("tags", {"team": 5}),
        ("tags", {str(number): "value" for number in range(41)}),
        ("terminationProtection", "on"),
        ("domainName", "https://gcsmttr.example.com"),
        ("domainName", "gcsmttr"),
        ("domainName", "Gcsmttr.example.com"),
        ("certificateArn", "gcsmttr.example.com"),
        ("hostedZoneId", "example.com"),
        ("executeApiEndpoint", "maybe"),
        ("graphiql", "off"),
        ("landingPage", "off"),
        ("stackName", 9),
        ("metaUrl", "api.github.com/meta"),
        ("allowedRanges", "192.0.2.1/24"),
        ("allowedRanges", "192.0.2.0/24, 2001:db8::/32"),
        ("allowedRanges", ",".join(["192.0.2.0/24"] * 101)),
        ("metaUrl", "http://github.example.org/api/v3/meta"),
        ("deletionProtection", 1),
        ("alarmEmail", "team"),
        ("alarmTopicArn", "alarms"),
        ("alarmTopicArn", "arn:aws:sns:eu-west-1:123456789012:alarms.fifo"),
        ("alarmLateMinutes", 0),
        ("alarmHookRangesHours", 1),
        ("alarmFunctionErrors", "none"),
        ("webhookConcurrency", 0),
        ("queueHandlers", 1),
        ("logLevel", "LOUD"),
        ("logRetentionDays", "8"),
        ("archiveDays", "0"),
        ("archiveDays", "-3"),
        ("unknownChangesDays", "0"),
        ("keepActors", "some"),
        ("serviceLevels", ""),
        ("serviceLevels", "CRITICAL=31"),
        ("serviceLevels", "CRITICAL=7,critical=30"),
        ("serviceLevels", "CRITICAL=7,CRITICAL=30"),
        ("corsOrigins", "grafana.example.org"),
        ("corsOrigins", "https://grafana.example.org/path"),
        ("introspection", "off"),
        ("dashboardPage", "off"),
        ("snapStart", "on"),
        ("bundleDir", ""),
        ("oidcOwners", ""),
        ("oidcOwners", {"9919": "octo-org"}),
        ("oidcOwners", "octo-org"),
        ("oidcRepositories", "octo-org"),
        ("oidcWorkflows", "octo-org/web"),
        ("oidcAudience", "two words"),
        ("oidcIssuer", "https://token.example/"),
        ("oidcIssuer", "http://token.example"),
        ("keyRequestsPerSecond", "-1"),
        ("keyRequestsPerSecond", True),
        ("keyRequestBurst", "0"),
        ("keyRequestBurst", "10001"),
    ],
)
def test_message_names_the_key_of_an_invalid_value(key: str, value: object) -> None:
    with pytest.raises(ConfigError, match=f"{key} = "):
        read(**{key: value})


def test_message_lists_all_problems() -> None:
    with pytest.raises(ConfigError) as refused:
        read(logLevel="LOUD", archiveDays="x", alarmMail="team@example.org")

    for problem in ("logLevel", "archiveDays", "alarmMail: unknown; did you mean alarmEmail?"):
        assert problem in str(refused.value)


def test_only_the_emulator_accepts_an_api_id() -> None:
    with pytest.raises(ConfigError, match="apiId: only the emulator"):
        read(apiId="abc123")


def test_only_the_emulator_accepts_a_local_meta_url() -> None:
    local = "http://127.0.0.1:8080/meta"

    assert read(emulator=True, metaUrl=local).meta_url == local
    with pytest.raises(ConfigError, match="must be https outside the emulator"):
        read(metaUrl=local)


def test_only_the_emulator_accepts_a_local_issuer() -> None:
    local = "http://127.0.0.1:8080"
    owners = "9919=octo-org"

    assert read(emulator=True, oidcOwners=owners, oidcIssuer=local).oidc_issuer == local
    with pytest.raises(ConfigError, match=r"oidcIssuer = .* must be https outside the emulator"):
        read(oidcOwners=owners, oidcIssuer=local)


@pytest.mark.parametrize(
    "issuer",
    ["https://ghes.example/_services/token", "https://token.actions.octo.ghe.com"],
)
def test_issuer_can_be_that_of_another_server(issuer: str) -> None:
    assert read(oidcOwners="5=acme", oidcIssuer=issuer).oidc_issuer == issuer


def test_settings_of_tokens_need_an_owner() -> None:
    with pytest.raises(ConfigError, match="oidcAudience: has no effect without oidcOwners"):
        read(oidcAudience="gcsmttr")


def test_runtime_is_pinned_whichever_python_deploys() -> None:
    assert config_from({}, python=(3, 11)).runtime_name == "python3.13"
    assert config_from({"python": "3.12"}, python=(3, 14)).runtime_name == "python3.12"


def test_functions_of_the_emulator_run_on_its_own_python() -> None:
    config = config_from({"python": "3.12", "emulator": True}, python=(3, 14))

    assert config.runtime_name == "python3.14"


def test_emulator_on_a_python_without_a_lambda_runtime_is_an_error() -> None:
    with pytest.raises(ConfigError, match=r"Python 3\.15 runs the emulator"):
        config_from({"emulator": True}, python=(3, 15))


@pytest.mark.parametrize("python", ["3.12", "3.14"])
def test_snap_start_is_off_by_default_and_on_when_set(python: str) -> None:
    assert not read(python=python).snap_start
    assert read(python=python, snapStart="true").snap_start


def test_snap_start_needs_python_3_12() -> None:
    with pytest.raises(
        ConfigError, match=r"snapStart = true: .* 3\.12 and newer, but the setting python is 3\.11"
    ):
        read(snapStart=True, python="3.11")


def test_emulator_ignores_snap_start() -> None:
    config = config_from({"snapStart": True, "emulator": True}, python=(3, 11))

    assert not config.snap_start


CERTIFICATE = "arn:aws:acm:eu-west-1:111122223333:certificate/0a1b"


def test_domain_is_read_with_its_certificate_and_zone() -> None:
    config = read(domainName="a.example.com", certificateArn=CERTIFICATE, hostedZoneId="Z01")

    assert (config.domain_name, config.certificate_arn) == ("a.example.com", CERTIFICATE)
    assert config.hosted_zone_id == "Z01"


@pytest.mark.parametrize(
    ("context", "reason"),
    [
        ({"domainName": "a.example.com"}, "domainName: needs certificateArn"),
        ({"certificateArn": CERTIFICATE}, "certificateArn: has no effect without domainName"),
        ({"hostedZoneId": "Z01"}, "hostedZoneId: has no effect without domainName"),
        ({"executeApiEndpoint": "false"}, "without domainName the API would have no address"),
        (
            {"domainName": "a.example.com", "certificateArn": CERTIFICATE, "region": "us-east-1"},
            "the certificate must be in the Region us-east-1",
        ),
        (
            {"domainName": "a.example.com", "certificateArn": CERTIFICATE, "emulator": True},
            "the emulator has no domains",
        ),
    ],
)
def test_settings_of_a_domain_are_validated_together(
    context: dict[str, object], reason: str
) -> None:
    with pytest.raises(ConfigError, match=reason):
        read(**context)


def test_keys_of_the_cdk_are_ignored() -> None:
    assert read(**{"@aws-cdk/core:checkSecretUsage": True, "aws:cdk:bundling-stacks": []}) == read()


def test_no_setting_is_reported_as_a_misspelling() -> None:
    for key in KEYS:
        assert not any(f"{key}: unknown" in message for message in _messages(key))


def _messages(key: str) -> list[str]:
    try:
        read(**{key: None})
    except ConfigError as error:
        return [str(error)]
    return []


@pytest.mark.parametrize(
    "value",
    [
        "",
        "Ledger",
        "Ledger=",
        "Ledger=a/stream/2026-11-29T10:00:00.123",
        "AllEvents=Old-AllEvents",
        "Rows=Old-Rows",
        {},
        ["Ledger"],
        {"Ledger": 3},
    ],
)
def test_restored_tables_need_known_names_and_streams_where_functions_follow(
    value: object,
) -> None:
    with pytest.raises(ConfigError, match=r"restoredTables = .* must be tables with their names"):
        config_from({"restoredTables": value}, python=PYTHON)


def test_restored_tables_can_be_an_object() -> None:
    config = config_from({"restoredTables": {"AccessKeys": "Old-Keys"}}, python=PYTHON)

    assert config.restored_tables == {"AccessKeys": "Old-Keys"}
