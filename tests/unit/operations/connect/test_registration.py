"""The manifest of an App, and the exchange of its code."""

import pytest

from operations.connect import registration
from operations.connect.registration import name_of
from tests.unit.operations.connect.conftest import ACME

PAGE = "http://127.0.0.1:1/random/"


@pytest.mark.parametrize(
    ("owner", "name"),
    [
        ("acme", "GCSMTTR acme"),
        ("a" * 39, "GCSMTTR " + "a" * 26),
        ("b" * 25 + "-" + "c" * 13, "GCSMTTR " + "b" * 25),
    ],
)
def test_name_of_an_app_fits(owner: str, name: str) -> None:
    assert name_of(owner) == name
    assert len(name) <= 34


def test_manifest_of_a_private_app_that_reads_alerts() -> None:
    manifest = registration.manifest(
        ACME,
        webhook_url="https://stack.test/github/webhook",
        homepage_url="https://stack.test/graphiql",
        page_url=PAGE,
    )
    assert manifest["public"] is False
    assert manifest["default_permissions"] == {"metadata": "read", "security_events": "read"}
    assert manifest["default_events"] == ["code_scanning_alert", "repository"]
    assert manifest["hook_attributes"] == {
        "url": "https://stack.test/github/webhook",
        "active": True,
    }
    assert manifest["redirect_url"] == f"{PAGE}registered"
    assert manifest["setup_url"] == f"{PAGE}installed"
    assert manifest["url"] == "https://stack.test/graphiql"
