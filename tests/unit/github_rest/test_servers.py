"""The addresses of github.com, ghe.com and Enterprise Server."""

import pytest

from github_rest.servers import GITHUB_COM, Server, server_of


@pytest.mark.parametrize("url", ["https://github.com", "https://api.github.com/"])
def test_github_com(url: str) -> None:
    assert server_of(url) == GITHUB_COM


@pytest.mark.parametrize("url", ["https://octo.ghe.com", "https://api.octo.ghe.com"])
def test_tenant_of_ghe_com(url: str) -> None:
    assert server_of(url) == Server("https://octo.ghe.com", "https://api.octo.ghe.com")


@pytest.mark.parametrize(
    "url", ["https://git.example.com:8443", "https://git.example.com:8443/api/v3/"]
)
def test_enterprise_server(url: str) -> None:
    web = "https://git.example.com:8443"
    assert server_of(url) == Server(web, f"{web}/api/v3")


def test_loopback_can_have_http() -> None:
    assert server_of("http://127.0.0.1:80").api_url == "http://127.0.0.1:80/api/v3"


@pytest.mark.parametrize(
    "url",
    ["http://github.com", "http://127.0.0.1.example.com", "https://user@github.com", "github.com",
     "https://", "https://example.com/?a=b", "ftp://example.com", ""],
)  # fmt: skip
def test_addresses_that_would_show_a_token_are_refused(url: str) -> None:
    with pytest.raises(ValueError, match="https://HOST"):
        server_of(url)
