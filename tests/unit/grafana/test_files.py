"""The committed files of Grafana: equal to the code, and complete."""

import difflib

import yaml  # type: ignore[import-untyped]

from grafana.documents import document_of
from grafana.files import FOLDER, files
from grafana.infinity import PLUGIN
from tests.support.grafana.panels import VARIABLES
from tests.support.paths import ROOT


def test_committed_files_equal_generated_files() -> None:
    committed = {file: file.read_text() for file in FOLDER.rglob("*") if file.is_file()}
    assert set(committed) == set(files())
    for file, generated in files().items():
        diff = difflib.unified_diff(
            committed[file].splitlines(), generated.splitlines(), file.name, "the code"
        )
        assert committed[file] == generated, "Run `make schema`.\n" + "\n".join(diff)


def test_data_source_sends_the_key_to_the_api_only() -> None:
    file = yaml.safe_load((FOLDER / "datasources" / "gcsmttr.yaml").read_text())
    (source,) = file["datasources"]
    settings, secrets = source["jsonData"], source["secureJsonData"]
    assert (file["apiVersion"], source["type"]) == (1, PLUGIN)
    assert source["uid"] == VARIABLES["datasource"]["current"]["value"]
    assert (settings["apiKeyType"], settings["apiKeyKey"]) == ("header", "x-api-key")
    assert settings["allowedHosts"] == [source["url"]] == ["$GCSMTTR_URL"]
    assert settings["customHealthCheckUrl"].startswith(source["url"])
    assert secrets == {"apiKeyValue": "$GCSMTTR_KEY"}


def test_provider_reads_the_folder_of_the_dashboard() -> None:
    file = yaml.safe_load((FOLDER / "dashboards" / "gcsmttr.yaml").read_text())
    (provider,) = file["providers"]
    assert (file["apiVersion"], provider["type"]) == (1, "file")
    assert provider["options"]["path"] == "/etc/grafana/provisioning/dashboards"


def test_fragments_are_shared_with_the_dashboard_page() -> None:
    page = (ROOT / "dashboard" / "src" / "queries" / "slowest.graphql").read_text().strip()
    assert page in document_of("Slowest")
