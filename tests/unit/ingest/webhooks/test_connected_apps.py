"""The text in which the connected GitHub Apps are stored."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.webhooks.connected_apps import (
    NO_APPS,
    ConnectedApp,
    apps_of,
    text_of,
    webhook_secrets_of,
)

APPS = st.builds(
    ConnectedApp,
    api_url=st.text(),
    app_id=st.integers(min_value=1),
    slug=st.text(),
    owner=st.text(),
    private_key=st.text(),
    webhook_secret=st.text(),
)


@given(st.lists(APPS))
def test_apps_are_read_as_they_were_written(apps: list[ConnectedApp]) -> None:
    assert apps_of(text_of(apps)) == tuple(apps)
    assert webhook_secrets_of(text_of(apps)) == tuple(app.webhook_secret for app in apps)


def test_a_new_deployment_has_no_apps() -> None:
    assert apps_of(NO_APPS) == ()
    assert text_of(()) == NO_APPS


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a secret",
        "7",
        "null",
        "{}",
        "[7]",
        '["a secret"]',
        '[{"appId": 1, "apiUrl": "a secret"}]',
    ],
)
def test_other_text_is_refused_without_showing_it(text: str) -> None:
    with pytest.raises(ValueError, match="is not a list of Apps") as error:
        apps_of(text)
    assert "a secret" not in str(error.value)
    assert error.value.__suppress_context__


def test_representation_has_no_secret() -> None:
    app = ConnectedApp(
        api_url="https://api.github.com",
        app_id=7,
        slug="our-metrics",
        owner="acme",
        private_key="the key",
        webhook_secret="the secret",
    )
    assert "the key" not in repr(app)
    assert "the secret" not in repr(app)
