"""A deployment's settings are read from its file, and a wrong file is refused with the reason."""

import json
import re
from pathlib import Path

import pytest

from infra.config import ConfigError, config_from
from infra.deployment_file import FOLDER, with_deployment
from infra.reference.schema import SCHEMA_FILE, schema
from infra.settings.deployment import DEPLOYMENT
from infra.settings.every import SETTINGS

PYTHON = (3, 13)


def write(folder: Path, content: object, name: str = "team") -> None:
    text = content if isinstance(content, str) else json.dumps(content)
    (folder / f"{name}.json").write_text(text)


def test_settings_of_the_file_are_read(tmp_path: Path) -> None:
    write(tmp_path, {"stackName": "Alerts", "archiveDays": 30, "tags": {"team": "security"}})

    context = with_deployment({"deployment": "team"}, folder=tmp_path)
    config = config_from(context, python=PYTHON)

    assert (config.stack_name, config.archive_days) == ("Alerts", 30)
    assert config.tags == {"team": "security"}


def test_command_line_overrides_the_file(tmp_path: Path) -> None:
    write(tmp_path, {"stackName": "Alerts", "archiveDays": 30})
    given = {"deployment": "team", "archiveDays": "7"}

    context = with_deployment(given, folder=tmp_path)

    assert config_from(context, python=PYTHON).archive_days == 7
    assert config_from(context, python=PYTHON).stack_name == "Alerts"


def test_without_a_deployment_no_file_is_read(tmp_path: Path) -> None:
    context = {"archiveDays": "7"}

    assert with_deployment(context, folder=tmp_path / "missing") == context


def test_all_unknown_keys_are_refused_with_the_closest(tmp_path: Path) -> None:
    write(tmp_path, {"alarmMail": "a@example.org", "zebra": 1, "deployment": "other"})

    with pytest.raises(ConfigError) as refused:
        with_deployment({"deployment": "team"}, folder=tmp_path)

    for problem in (
        "alarmMail: unknown; did you mean alarmEmail?",
        "zebra: unknown",
        "deployment: unknown",
        "stackName: missing",
    ):
        assert f"- {problem}" in str(refused.value)


def test_wrong_value_in_the_file_has_the_same_reason_as_on_the_command_line(tmp_path: Path) -> None:
    write(tmp_path, {"stackName": "Alerts", "logLevel": "LOUD"})
    context = with_deployment({"deployment": "team"}, folder=tmp_path)

    with pytest.raises(ConfigError, match="logLevel = 'LOUD': must be one of"):
        config_from(context, python=PYTHON)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("{", "is not JSON"),
        ([], "must be a JSON object"),
        ('{"stackName": "A", "stackName": "B"}', "stackName is there more than once"),
    ],
)
def test_file_that_is_not_an_object_is_refused(
    tmp_path: Path, content: object, reason: str
) -> None:
    write(tmp_path, content)

    with pytest.raises(ConfigError, match=reason):
        with_deployment({"deployment": "team"}, folder=tmp_path)


def test_missing_file_is_refused_with_the_names_of_others(tmp_path: Path) -> None:
    write(tmp_path, {}, name="production")

    with pytest.raises(ConfigError, match=r"team\.json does not exist.*there are: production$"):
        with_deployment({"deployment": "team"}, folder=tmp_path)


@pytest.mark.parametrize("name", ["../secrets", "a/b", "", "team.json"])
def test_name_that_leaves_the_folder_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ConfigError, match=re.escape(f"deployment = {name!r}")):
        with_deployment({"deployment": name}, folder=tmp_path)


@pytest.mark.parametrize("file", sorted(set(FOLDER.glob("*.json")) - {SCHEMA_FILE}))
def test_files_of_this_repository_are_valid(file: Path) -> None:
    context = with_deployment({"deployment": file.stem})

    assert config_from(context, python=PYTHON).stack_name


def test_schema_for_editors_is_up_to_date() -> None:
    assert SCHEMA_FILE.read_text(encoding="utf-8") == schema(), "run `make schema`"


def test_schema_has_exactly_the_keys_that_a_file_can_have() -> None:
    keys = {one.key for one in SETTINGS} - {DEPLOYMENT.key}

    assert set(json.loads(schema())["properties"]) == {"$schema", *keys}
