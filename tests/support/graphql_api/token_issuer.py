"""An issuer of tokens like GitHub Actions: its keys, its two documents over HTTP, and its tokens.

Owns what GitHub does. A test changes the keys, the documents and the claims.
"""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

OWNER_ID = "9919"
AUDIENCE = "https://gcsmttr.example/graphql"
DISCOVERY = "/.well-known/openid-configuration"
KEYS = "/.well-known/jwks"
TOKEN = "/token"
"""Where a job asks for its token, as at the address in ACTIONS_ID_TOKEN_REQUEST_URL."""
WORKFLOW = "octo-org/web/.github/workflows/report.yml@refs/heads/main"


@cache
def private_key(name: str) -> rsa.RSAPrivateKey:
    """Return the private key of a name, always the same one in a process."""
    size = 1_024 if name == "weak" else 2_048
    return rsa.generate_private_key(public_exponent=65_537, key_size=size)


def public_pem(name: str) -> bytes:
    """Return the public key of a name in PEM form."""
    public = private_key(name).public_key()
    return public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def web_key(name: str) -> dict[str, Any]:
    """Return the public key of a name as a key set contains it."""
    key = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(private_key(name).public_key()))
    return {**key, "kid": name, "use": "sig", "alg": "RS256"}


@dataclass(slots=True)
class Issuer:
    """The address of the server, and what it responds with.

    Attributes:
        url: The issuer, without a slash at its end.
        keys: The names of the published keys.
        replies: The status and the body of the responses that are not GitHub's, by path.
        delay_s: Seconds before each response.
        fetched: The paths that were requested, in order.
    """

    url: str = ""
    keys: list[str] = field(default_factory=lambda: ["first"])
    replies: dict[str, tuple[int, bytes]] = field(default_factory=dict)
    delay_s: float = 0.0
    fetched: list[str] = field(default_factory=list)

    def claims(self, **changed: Any) -> dict[str, Any]:
        """Return the claims of a token. A claim with the value None is left out."""
        now = int(time.time())
        claims = {
            "jti": "a57fa4e1-7dc1-4b8f-8e65-1a6a4f8e0000",
            "sub": "repo:octo-org/web:ref:refs/heads/main",
            "iss": self.url,
            "aud": AUDIENCE,
            "iat": now,
            "nbf": now - 300,
            "exp": now + 300,
            "repository": "octo-org/web",
            "repository_owner": "octo-org",
            "repository_owner_id": OWNER_ID,
            "job_workflow_ref": WORKFLOW,
            **changed,
        }
        return {name: value for name, value in claims.items() if value is not None}

    def token(self, *, key: str = "first", **changed: Any) -> str:
        """Return a token that is signed with a key, with changed claims."""
        headers = {"kid": key}
        return jwt.encode(self.claims(**changed), private_key(key), "RS256", headers=headers)

    def response(self, path: str) -> tuple[int, bytes]:
        """Return the status and the body of a path."""
        parts = urlsplit(path)
        if parts.path in self.replies:
            return self.replies[parts.path]
        documents = {
            DISCOVERY: {"issuer": self.url, "jwks_uri": self.url + KEYS},
            KEYS: {"keys": [web_key(name) for name in self.keys]},
        }
        if parts.path == TOKEN:
            (audience,) = parse_qs(parts.query)["audience"]
            documents[TOKEN] = {"count": 1, "value": self.token(aud=audience)}
        if parts.path not in documents:
            return 404, b"{}"
        return 200, json.dumps(documents[parts.path]).encode()


@contextmanager
def issuing() -> Iterator[Issuer]:
    """Serve an issuer on a free port of 127.0.0.1 until the context ends."""
    issuer = Issuer()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            issuer.fetched.append(self.path)
            time.sleep(issuer.delay_s)
            status, body = issuer.response(self.path)
            self.send_response(status)
            if status in {301, 302}:
                self.send_header("location", issuer.url + KEYS)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            with suppress(BrokenPipeError):  # a client that gave up
                self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Log nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    issuer.url = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield issuer
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
