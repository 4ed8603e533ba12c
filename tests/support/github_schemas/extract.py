"""Extracts the schemas of GitHub's API that tests use from GitHub's own descriptions.

    python -m tests.support.github_schemas.extract

Owns which calls and webhooks are used, and the pinned packages of the descriptions. It downloads
them with npm, and writes `rest.json` and `webhooks.json`: JSON Schemas of the responses and
payloads, without the texts for people. The descriptions themselves have hundreds of megabytes.
"""

import json
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast

FOLDER = Path(__file__).parent
REST = ("@octokit/openapi", "23.0.2")
WEBHOOKS = ("@octokit/openapi-webhooks", "12.1.0")
_FILE = "package/generated/ghec.json"
_PREFIX = "#/components/schemas/"
_RESPONSES = "#/components/responses/"
_DROPPED = frozenset(
    {"description", "example", "examples", "title", "deprecated", "default", "externalDocs",
     "readOnly", "discriminator", "nullable"}
)  # fmt: skip

CALLS: dict[str, str] = {
    "GET /orgs/{org}/code-scanning/alerts": "200",
    "GET /enterprises/{enterprise}/code-scanning/alerts": "200",
    "GET /repos/{owner}/{repo}/code-scanning/alerts": "200",
    "GET /repos/{owner}/{repo}/code-scanning/alerts/{alert_number}": "200",
    "GET /repos/{owner}/{repo}": "200",
    "GET /orgs/{org}/repos": "200",
    "GET /users/{username}": "200",
    "GET /users/{username}/repos": "200",
    "GET /user/repos": "200",
    "GET /installation/repositories": "200",
    "GET /orgs/{org}/properties/values": "200",
    "GET /app": "200",
    "GET /app/installations": "200",
    "GET /orgs/{org}/installation": "200",
    "GET /app/hook/deliveries": "200",
    "POST /app/hook/deliveries/{delivery_id}/attempts": "202",
    "GET /orgs/{org}/hooks": "200",
    "GET /orgs/{org}/hooks/{hook_id}/deliveries": "200",
    "GET /repos/{owner}/{repo}/hooks": "200",
    "POST /app-manifests/{code}/conversions": "201",
    "POST /app/installations/{installation_id}/access_tokens": "201",
    "GET /rate_limit": "200",
    "GET /meta": "200",
}
"""The calls, each with the status whose schema is used."""
EVENTS = ("code-scanning-alert-", "installation-", "repository-", "ping")
"""The webhooks: the beginnings of their names in the description."""
ACTIONS = (
    *("created", "fixed", "closed-by-user", "reopened", "reopened-by-user", "appeared-in-branch"),
    *("renamed", "transferred", "deleted", "archived", "unarchived", "publicized", "privatized"),
    *("edited", ""),
)
ERROR = "basic-error"
# The description demands that the account in this list is a user and an enterprise at once. That of
# a single installation has it right.
_CORRECTED = {
    "GET /app/installations": {"type": "array", "items": {"$ref": _PREFIX + "installation"}},
}


def main() -> int:
    """Write both files."""
    with TemporaryDirectory() as folder:
        rest = _description(Path(folder), *REST)
        webhooks = _description(Path(folder), *WEBHOOKS)
    _write("rest.json", _rest(rest), rest)
    _write("webhooks.json", _webhooks(webhooks), webhooks)
    return 0


def _description(folder: Path, package: str, version: str) -> dict[str, Any]:
    command = ["npm", "pack", "--silent", f"{package}@{version}"]
    name = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout
    with tarfile.open(folder / name.strip()) as archive:
        member = archive.extractfile(_FILE)
        assert member is not None
        return cast("dict[str, Any]", json.load(member))


def _rest(description: dict[str, Any]) -> dict[str, Any]:
    schemas = {ERROR: {"$ref": _PREFIX + ERROR}}
    for call, status in CALLS.items():
        method, _, path = call.partition(" ")
        response = description["paths"][path][method.lower()]["responses"][status]
        if reference := response.get("$ref"):
            name = reference.removeprefix(_RESPONSES)
            response = description["components"]["responses"][name]
        schemas[call] = response["content"]["application/json"]["schema"]
    return schemas | _CORRECTED


def _webhooks(description: dict[str, Any]) -> dict[str, Any]:
    names = [f"{event}{action}" for event in EVENTS for action in ACTIONS]
    schemas = {}
    for name in names:
        if name in description["webhooks"]:
            body = description["webhooks"][name]["post"]["requestBody"]
            schemas[name] = body["content"]["application/json"]["schema"]
    return schemas


def _write(name: str, schemas: dict[str, Any], description: dict[str, Any]) -> None:
    components = description["components"]["schemas"]
    needed: dict[str, Any] = {}
    waiting = list(schemas.values())
    while waiting:
        for found in _references(waiting.pop()):
            if found not in needed:
                needed[found] = components[found]
                waiting.append(components[found])
    document = {
        "$comment": f"MIT License, Copyright GitHub; extracted by extract.py from {name}",
        "schemas": {key: _cleaned(value) for key, value in schemas.items()},
        "components": {"schemas": {key: _cleaned(needed[key]) for key in sorted(needed)}},
    }
    (FOLDER / name).write_text(json.dumps(document, indent=1, sort_keys=True) + "\n")


def _references(schema: object) -> Iterator[str]:
    if isinstance(schema, dict):
        reference = schema.get("$ref")
        if isinstance(reference, str) and reference.startswith(_PREFIX):
            yield reference.removeprefix(_PREFIX)
        for value in schema.values():
            yield from _references(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from _references(value)


def _cleaned(schema: Any, *, is_properties: bool = False) -> Any:
    """Return a schema without texts for people, and with `nullable` as JSON Schema has it."""
    if isinstance(schema, list):
        return [_cleaned(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    if is_properties:
        return {name: _cleaned(one) for name, one in schema.items()}
    kept = {
        key: _cleaned(value, is_properties=key == "properties")
        for key, value in schema.items()
        if key not in _DROPPED and not key.startswith("x-")
    }
    return {"anyOf": [{"type": "null"}, kept]} if schema.get("nullable") is True else kept


if __name__ == "__main__":
    sys.exit(main())
