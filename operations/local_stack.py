"""The file in which `make run` describes its stack while it runs.

Owns the path of the file and the names of the fields that commands read. `infra.local` writes it.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from operations.errors import NoLocalStackError

_CHECKOUT = Path(__file__).resolve().parents[1]
FILE = "outputs.json"


@dataclass(frozen=True, slots=True)
class LocalStack:
    """Where the emulator listens, and which stack it has."""

    endpoint: str
    region: str
    stack: str

    def to_facts(self) -> Mapping[str, str]:
        """Return the fields of the file that `read` needs."""
        return {"awsEndpointUrl": self.endpoint, "region": self.region, "stackName": self.stack}


def local_url(endpoint: str, output: str) -> str:
    """Return the path-style address for an output such as `https://<apiId>.…/graphql`."""
    host, _, path = output.partition("://")[2].partition("/")
    api_id = host.partition(".")[0]
    return f"{endpoint}/_aws/execute-api/{api_id}/$default/{path}"


def folder() -> Path:
    """Return the folder of `make run`: `.run` in the checkout, or the variable RUN_DIR."""
    return Path(os.environ.get("RUN_DIR") or _CHECKOUT / ".run").resolve()


def read() -> LocalStack:
    """Return the stack of `make run`.

    Raises:
        NoLocalStackError: It does not run.
    """
    file = folder() / FILE
    try:
        facts = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise NoLocalStackError(file) from error
    return LocalStack(facts["awsEndpointUrl"], facts["region"], facts["stackName"])
