"""Random hostile deliveries: real payloads, and payloads made from GitHub's schemas, with changes.

Owns the changes: to values, structure, size, Unicode, headers, signatures and encodings.
"""

import copy
import hashlib
import hmac
import json
import random
from base64 import b64encode
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from ingest.webhooks.delivery import MAX_BODY_BYTES
from tests.support.paths import ROOT
from tests.support.sample_webhooks import story

EXAMPLES = ROOT / "node_modules" / "@octokit" / "webhooks-examples"

TEXTS = (
    *("", " ", "\x00", "\x7f", "\u202e", "\ud800", "\udfff", "\N{ROCKET}" * 400, "e\u0301" * 300),
    *("a/b", "a/b/c", "../..", "A" * 5_000, "null", "__proto__", "{{7*7}}", "' OR 1=1 --", "\n\r"),
    *("open", "fixed", "dismissed", "CREATED", "reconciled", "created", "fixed", "reopened"),
    *(
        "refs/heads/main",
        "refs/pull/1/merge",
        "critical",
        "won't fix",
        "\u212a",
        "\u0130",
        "\ufeff",
    ),
    *("9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z", "2026-02-30T00:00:00Z", "2026-W01-1"),
    *("2026-11-23T09:00:00Z", "2026-11-23T09:00:00.123456789+14:00", "2026-11-23T24:00:00Z"),
    *("https://github.com/a/b/security/dependabot/1", "javascript:alert(1)", "https://[::1"),
)
NUMBERS = (0, -0.0, -1, 1, 22, 2**31 - 1, 2**31, 2**63, 10**400, 1e308, 1.5, True, False)


@dataclass
class Hostile:
    """Random deliveries from one seeded source."""

    chance: random.Random
    payloads: list[dict[str, Any]]
    secret: str
    signed: list[tuple[bytes, str]] = field(default_factory=list)

    def event(self) -> tuple[dict[str, Any], bytes, bool]:
        """Return an event of the HTTP API, its body, and whether the body is signed."""
        headers, body, is_signed = self.delivery()
        try:
            text, is_base64 = body.decode(), self.chance.random() < 0.3
        except UnicodeDecodeError:
            text, is_base64 = "", True
        sent = b64encode(body).decode() if is_base64 else text
        return {"headers": headers, "body": sent, "isBase64Encoded": is_base64}, body, is_signed

    def delivery(self) -> tuple[dict[str, Any], bytes, bool]:
        """Return the headers, the body, and whether the body is signed."""
        body, content_type = self._body()
        signature = f"sha256={self._hmac(self.secret, body)}"
        headers: dict[str, Any] = {
            "x-github-event": self.chance.choice([*["code_scanning_alert"] * 5, "repository"]),
            "x-github-delivery": f"d-{self.chance.randrange(10**6)}",
            "content-type": content_type,
            "x-hub-signature-256": signature,
        }
        is_signed = True
        if self.chance.random() < 0.25:
            body, is_signed = self._unsign(headers, body)
        if self.chance.random() < 0.2:
            name = self.chance.choice(
                ["x-github-event", "x-github-delivery", "content-type", "host", "x-forwarded-for"]
            )
            headers[name] = self.chance.choice([*TEXTS, "ping", "push", "dependabot_alert"])
            if self.chance.random() < 0.3:
                del headers[name]
        return {self._spelled(name): value for name, value in headers.items()}, body, is_signed

    @staticmethod
    def _hmac(secret: str, body: bytes) -> str:
        return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()

    def _unsign(self, headers: dict[str, Any], body: bytes) -> tuple[bytes, bool]:
        good = headers["x-hub-signature-256"]
        match self.chance.randrange(6):
            case 0:
                del headers["x-hub-signature-256"]
            case 1:
                headers["x-hub-signature-256"] = self.chance.choice(
                    ["", "sha256=", "sha1=1", good[:-1], good + "0", good.upper(), *TEXTS]
                )
            case 2:
                headers["x-hub-signature-256"] = f"sha256={self._hmac('', body)}"
            case 3 if self.signed:
                _, headers["x-hub-signature-256"] = self.chance.choice(self.signed)
                return body + b" ", False
            case 4:
                headers["x-hub-signature"] = headers.pop("x-hub-signature-256")
            case _:
                position = self.chance.randrange(len(body) + 1)
                body = body[:position] + b"x" + body[position:]
        return body, False

    def _spelled(self, name: str) -> str:
        return name.title() if self.chance.random() < 0.5 else name

    def _body(self) -> tuple[bytes, str]:
        payload = copy.deepcopy(self.chance.choice(self.payloads))
        for _ in range(self.chance.choice([0, 1, 1, 2, 5])):
            self._mutate(payload)
        if self.chance.random() < 0.02:
            payload["padding"] = "x" * (MAX_BODY_BYTES - self.chance.randrange(20_000))
        text = json.dumps(payload, ensure_ascii=self.chance.random() < 0.5)
        if self.chance.random() < 0.1:
            text = self._broken(text)
        raw = text.encode(errors="surrogatepass")
        if self.chance.random() < 0.2:
            form = urlencode({"payload": raw})
            return form.encode(), "application/x-www-form-urlencoded"
        return raw, "application/json"

    def _broken(self, text: str) -> str:
        deep = self.chance.choice([50, 900, 20_000])
        return self.chance.choice(
            [
                text[: self.chance.randrange(len(text))],
                text.replace("null", self.chance.choice(["NaN", "Infinity", "-Infinity", "1e999"])),
                text.replace("null", "[" * deep + "]" * deep, 1),
                text.replace("null", "9" * 5_000, 1),
                f"[{text}]",
                text + text,
                "\ufeff" + text,
                "",
                "null",
                '"created"',
            ]
        )

    def _mutate(self, payload: dict[str, Any]) -> None:
        holder: Any = payload
        for step in self.chance.choice(PATHS):
            if not isinstance(holder.get(step), dict):
                break
            holder = holder[step]
        name = self.chance.choice([*holder, "ref", "state", "extra"])
        if self.chance.random() < 0.2:
            holder.pop(name, None)
        else:
            holder[name] = self._value()

    def _value(self) -> Any:
        return self.chance.choice(
            [
                None,
                [],
                {},
                [{"login": "x"}],
                {"name": {"name": 1}},
                self.chance.choice(NUMBERS),
                self.chance.choice(TEXTS),
                self.chance.choice(TEXTS),
            ]
        )


PATHS: tuple[tuple[str, ...], ...] = (
    *((), ("alert",), ("alert",), ("repository",), ("repository", "owner"), ("organization",)),
    *(("alert", "rule"), ("alert", "tool"), ("alert", "most_recent_instance")),
)


def payloads(now: datetime) -> list[dict[str, Any]]:
    """Return GitHub's own examples of alerts of every kind, and deliveries of the sample story."""
    kinds = ("code_scanning_alert", "dependabot_alert", "secret_scanning_alert")
    examples = [
        example
        for file in sorted(EXAMPLES.glob("*/index.json"))
        for event in json.loads(file.read_text())
        if event["name"] in kinds
        for example in event["examples"]
    ]
    return examples + list(story(now))[::5]
