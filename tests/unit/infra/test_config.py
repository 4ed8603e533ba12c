"""CDK context becomes one config, or one message that says all that is wrong."""

from pathlib import Path

import pytest

from infra.config import AWS, EMULATOR, Config, ConfigError, config_from
from infra.settings import KEYS
from tests.support.paths import ROOT

PYTHON = (3, 13)


def read(**context: object) -> Config:
    return config_from(context, python=PYTHON)


def test_no_context_at_all_describes_a_safe_deployment_to_aws() -> None:
    config = read()

    assert config.place is AWS
    assert config.deletion_protection
    assert config.meta_url == "https://api.github.com/meta"
    assert config.alarm_email is None
    assert config.bundle_dir == ROOT / "build" / "bundles"
    assert config.runtime_name == "python3.13"


@pytest.mark.parametrize("value", [True, "true", "True"])
def test_the_emulator_is_chosen_from_json_and_from_the_command_line(value: object) -> None:
    config = read(emulator=value)

    assert config.place is EMULATOR
    assert not config.deletion_protection


def test_every_key_is_read() -> None:
    config = read(
        emulator="true",
        stackName="Alerts-2",
        metaUrl="http://127.0.0.1:8080/meta",
        deletionProtection="true",
        alarmEmail="team@example.org",
        logLevel="DEBUG",
        logRetentionDays="7",
        archiveDays=365,
        unknownChangesDays="14",
        keepActors="true",
        corsOrigins="https://a.example.org,http://localhost:3000",
        introspection=False,
        snapStart="true",
        apiId="abc123",
        bundleDir="/tmp/elsewhere",  # noqa: S108
    )

    assert config == Config(
        place=EMULATOR,
        stack_name="Alerts-2",
        meta_url="http://127.0.0.1:8080/meta",
        deletion_protection=True,
        alarm_email="team@example.org",
        log_level="DEBUG",
        log_retention_days=7,
        archive_days=365,
        unknown_changes_days=14,
        keep_actors=True,
        cors_origins="https://a.example.org,http://localhost:3000",
        introspection=False,
        snap_start=False,
        api_id="abc123",
        bundle_dir=Path("/tmp/elsewhere"),  # noqa: S108
        python=PYTHON,
    )


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("emulator", "perhaps"),
        ("stackName", "9lives"),
        ("stackName", 9),
        ("metaUrl", "api.github.com/meta"),
        ("metaUrl", "http://github.example.org/api/v3/meta"),
        ("deletionProtection", 1),
        ("alarmEmail", "team"),
        ("logLevel", "LOUD"),
        ("logRetentionDays", "8"),
        ("archiveDays", "0"),
        ("archiveDays", "-3"),
        ("unknownChangesDays", "0"),
        ("keepActors", "some"),
        ("corsOrigins", "grafana.example.org"),
        ("corsOrigins", "https://grafana.example.org/path"),
        ("introspection", "off"),
        ("snapStart", "on"),
        ("bundleDir", ""),
    ],
)
def test_a_wrong_value_is_refused_by_name(key: str, value: object) -> None:
    with pytest.raises(ConfigError, match=f"{key} = "):
        read(**{key: value})


def test_all_problems_are_told_at_once() -> None:
    with pytest.raises(ConfigError) as refused:
        read(logLevel="LOUD", archiveDays="x", alarmMail="team@example.org")

    for told in ("logLevel", "archiveDays", "alarmMail: unknown; did you mean alarmEmail?"):
        assert told in str(refused.value)


def test_an_id_for_the_api_is_for_the_emulator_only() -> None:
    with pytest.raises(ConfigError, match="apiId: only the emulator"):
        read(apiId="abc123")


def test_hook_ranges_are_read_from_this_machine_on_the_emulator_only() -> None:
    local = "http://127.0.0.1:8080/meta"

    assert read(emulator=True, metaUrl=local).meta_url == local
    with pytest.raises(ConfigError, match="must be https outside the emulator"):
        read(metaUrl=local)


def test_a_python_that_lambda_does_not_offer_is_refused() -> None:
    with pytest.raises(ConfigError, match=r"Python 3\.15 runs this app"):
        config_from({}, python=(3, 15))


@pytest.mark.parametrize("python", [(3, 12), (3, 14)])
def test_snap_start_is_off_by_default_and_on_when_set(python: tuple[int, int]) -> None:
    assert not config_from({}, python=python).snap_start
    assert config_from({"snapStart": "true"}, python=python).snap_start


def test_snap_start_needs_python_3_12() -> None:
    with pytest.raises(
        ConfigError, match=r"snapStart = true: .* 3\.12 and newer, but Python 3\.11"
    ):
        config_from({"snapStart": True}, python=(3, 11))


def test_emulator_ignores_snap_start() -> None:
    config = config_from({"snapStart": True, "emulator": True}, python=(3, 11))

    assert not config.snap_start


def test_the_cdk_s_own_keys_are_left_alone() -> None:
    assert read(**{"@aws-cdk/core:checkSecretUsage": True, "aws:cdk:bundling-stacks": []}) == read()


def test_no_key_of_ours_is_taken_for_a_slip() -> None:
    for key in KEYS:
        assert not any(f"{key}: unknown" in told for told in _refusals(key))


def _refusals(key: str) -> list[str]:
    try:
        read(**{key: None})
    except ConfigError as error:
        return [str(error)]
    return []
