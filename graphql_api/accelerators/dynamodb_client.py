"""The client of DynamoDB that the query side reads with, made quickly and quick to ask.

A botocore session is all it takes; boto3 would add its resources. Owns how botocore is set up here:
what reads its descriptions of AWS, what reads answers, and what it need not do for every client and
every request. Where requests go and how they are signed stays botocore's.
"""

import gzip
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import orjson
from botocore.config import Config
from botocore.credentials import ContainerProvider, CredentialResolver, EnvProvider
from botocore.handlers import BUILTIN_HANDLERS
from botocore.loaders import JSONFileLoader, Loader
from botocore.session import Session

from graphql_api.accelerators.dynamodb_parser import DynamoDBParserFactory

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

# Both would be worked out anew for every request: what is sent is built by `tables` alone, and the
# user agent does not change.
_CONFIG = Config(parameter_validation=False, user_agent="gcsmttr")


class _Descriptions(JSONFileLoader):
    """Reads botocore's files with orjson, which takes a fraction of json's time."""

    def load_file(self, file_path: str) -> Any:  # noqa: ANN401
        """Return what is in a file that is named without its ending, or None without the file."""
        for ending, read in ((".json", bytes), (".json.gz", gzip.decompress)):
            path = Path(file_path + ending)
            if path.is_file():
                return orjson.loads(read(path.read_bytes()))
        return None


class _OneService(Loader):
    """Knows one service, where botocore would look for all of them in its folders and endpoints."""

    def list_available_services(self, type_name: str) -> list[str]:  # noqa: ARG002
        """Return the only service that is asked for here."""
        return ["dynamodb"]

    def load_data_with_path(self, name: str) -> Any:  # noqa: ANN401
        """Return what a file says, and the file.

        "endpoints", a megabyte of exceptions for other services, is made from "partitions": where
        DynamoDB is follows from its rules, of which botocore wants the region to be known here too.
        """
        if name != "endpoints":
            return super().load_data_with_path(name)
        found, path = super().load_data_with_path("partitions")
        return {"partitions": [_endpoints(partition) for partition in found["partitions"]]}, path


def _endpoints(partition: dict[str, Any]) -> dict[str, Any]:
    plain, dual_stack = (partition["outputs"][name] for name in ("dnsSuffix", "dualStackDnsSuffix"))
    regional, fips = ("{service}" + ending + ".{region}.{dnsSuffix}" for ending in ("", "-fips"))
    return {
        "partition": partition["id"],
        "dnsSuffix": plain,
        "regions": partition["regions"],
        "regionRegex": partition["regionRegex"],
        "services": {},
        "defaults": {
            "hostname": regional,
            "protocols": ["https"],
            "signatureVersions": ["v4"],
            "variants": [
                {"tags": ["fips"], "hostname": fips, "dnsSuffix": plain},
                {"tags": ["dualstack"], "hostname": regional, "dnsSuffix": dual_stack},
                {"tags": ["dualstack", "fips"], "hostname": fips, "dnsSuffix": dual_stack},
            ],
        },
    }


def client() -> "DynamoDBClient":
    """Return a new client, with the region and credentials of the environment, as Lambda has them.

    Of botocore's handlers it has those of every service, and not a hundred of one service each.
    """
    session = Session(include_builtin_handlers=False)
    for event, handler, *_ in BUILTIN_HANDLERS:
        if "." not in event:
            session.register(event, handler)
    session.register_component("data_loader", _OneService(file_loader=_Descriptions()))
    session.register_component("response_parser_factory", DynamoDBParserFactory())
    # With SnapStart, Lambda has the credentials at a local endpoint, not in the environment.
    providers = [EnvProvider(), ContainerProvider()]
    session.register_component("credential_provider", CredentialResolver(providers))
    return cast("DynamoDBClient", session.create_client("dynamodb", config=_CONFIG))
