"""The server of the page: which requests it accepts, and what it sends."""

import socket
import threading
from collections.abc import Iterator
from dataclasses import replace

import httpx2
import pytest

from operations.connect.guide.page import Step, View
from operations.connect.guide.server import PageServer, serving


@pytest.fixture
def server(view: View) -> Iterator[PageServer]:
    with serving() as started:
        started.show(view)
        yield started


def get(server: PageServer, name: str = "", **headers: str) -> httpx2.Response:
    return httpx2.get(server.url + name, headers=headers, trust_env=False)


def test_page_is_served_on_the_loopback_below_a_random_path(server: PageServer) -> None:
    assert server.host.startswith("127.0.0.1:")
    with serving() as other:
        assert other.path != server.path
        assert other.state != server.state
        assert other.host != server.host
    assert len(server.path) > 20
    response = get(server)
    assert response.status_code == 200
    assert "Connect acme to GCSMTTR" in response.text
    for wrong in ("/", "/favicon.ico", f"{server.path}other", server.path[:-2] + "/"):
        response = httpx2.get(f"http://{server.host}{wrong}", trust_env=False)
        assert response.status_code == 404
        assert "acme" not in response.text


def test_every_response_forbids_caches_frames_referrers_and_foreign_code(
    server: PageServer,
) -> None:
    for name in ("", "version", "registered?code=1&state=x", "other"):
        headers = get(server, name).headers
        assert headers["cache-control"] == "no-store"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["x-content-type-options"] == "nosniff"
        policy = headers["content-security-policy"]
        assert policy.startswith("default-src 'none';")
        assert "frame-ancestors 'none'" in policy
        assert "Python" not in headers["server"]
    first, second = get(server), get(server)
    nonces = {one.headers["content-security-policy"].split("'nonce-")[1][:10]
              for one in (first, second)}  # fmt: skip
    assert len(nonces) == 2


def test_form_can_go_to_a_sign_in_elsewhere_but_not_to_plain_http(
    server: PageServer, view: View
) -> None:
    assert "form-action https: ;" in get(server).headers["content-security-policy"]
    server.show(replace(view, form_url="http://127.0.0.1:7/settings/apps/new?state=s"))
    policy = get(server).headers["content-security-policy"]
    assert "form-action https: http://127.0.0.1:7;" in policy


@pytest.mark.parametrize("host", ["attacker.test", "localhost", "127.0.0.1", ""])
def test_another_host_name_is_refused(server: PageServer, host: str) -> None:
    host = f"localhost:{server.host.partition(':')[2]}" if host == "localhost" else host
    for name in ("", f"registered?code=c&state={server.state}"):
        response = get(server, name, host=host)
        assert response.status_code == 421
        assert "acme" not in response.text
    assert server.take_code() is None


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_only_get_is_served(server: PageServer, method: str) -> None:
    response = httpx2.request(method, server.url, trust_env=False)
    assert response.status_code == 501


def test_right_state_gives_the_code_once_and_leaves_no_address_behind(server: PageServer) -> None:
    response = get(server, f"registered?code=the-code&state={server.state}")
    assert (response.status_code, response.headers["location"]) == (303, server.path)
    assert server.take_code() == "the-code"
    assert server.take_code() is None


def test_replayed_redirection_gives_no_second_code(server: PageServer) -> None:
    for code in ("first", "second"):
        response = get(server, f"registered?code={code}&state={server.state}")
        assert response.status_code == 303
    assert server.take_code() == "first"
    get(server, f"registered?code=first&state={server.state}")
    assert server.take_code() is None


@pytest.mark.parametrize(
    "query",
    ["", "code=c", "state=STATE", "code=c&state=", "code=c&state=wrong", "code=c&state=STATEx",
     "code=&state=STATE", "code=c&state=%00", "code=c&state=%F0%9F%98%80",
     "code=c&state=x&state=STATE"],
)  # fmt: skip
def test_wrong_state_is_refused_and_the_run_goes_on(server: PageServer, query: str) -> None:
    response = get(server, "registered?" + query.replace("STATE", server.state))
    assert response.status_code == 403
    assert server.take_code() is None
    get(server, f"registered?code=right&state={server.state}")
    assert server.take_code() == "right"


def test_too_many_fields_are_refused(server: PageServer) -> None:
    query = "&".join(f"x{number}=1" for number in range(50))
    assert get(server, f"registered?{query}&code=c&state={server.state}").status_code == 403
    assert server.take_code() is None


def test_return_from_github_ends_a_pause(server: PageServer) -> None:
    for name in (f"registered?code=c&state={server.state}", "installed?installation_id=7"):
        returned = threading.Timer(0.05, get, (server, name))
        returned.start()
        server.pause(30)
        returned.join()


def test_end_waits_until_the_browser_has_it(server: PageServer, view: View) -> None:
    server.wait_until_seen(30)  # Nobody has opened the page.
    get(server)
    server.show(replace(view, step=Step.DONE))
    assert get(server, "version").text == "3 "
    later = threading.Timer(0.05, get, (server,))
    later.start()
    server.wait_until_seen(30)
    later.join()


def test_hostile_request_does_not_stop_the_server(
    server: PageServer, capfd: pytest.CaptureFixture[str]
) -> None:
    port = int(server.host.partition(":")[2])
    for sent in (b"\x00\xff\r\n\r\n", b"GET http://[ HTTP/1.1\r\nHost: x\r\n\r\n", b"GET\r\n\r\n",
                 b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\n\r\n"):  # fmt: skip
        with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
            connection.sendall(sent)
            connection.shutdown(socket.SHUT_WR)
            while connection.recv(4096):
                pass
    assert get(server).status_code == 200
    assert capfd.readouterr().err == ""
