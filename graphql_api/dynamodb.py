"""The client of DynamoDB that the query side reads with, made quickly and quick to ask.

A botocore session is all it takes; boto3 would add its resources. Owns how botocore is set up here:
what reads its descriptions of AWS, what reads answers, and what it need not do for every request.
"""

import gzip
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import orjson
from botocore.config import Config
from botocore.loaders import JSONFileLoader, Loader
from botocore.session import Session

from graphql_api.dynamodb_answers import DynamoDBParserFactory

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

# Both would be worked out anew for every request: what is sent is built by `tables` alone, and the
# user agent does not change.
_CONFIG = Config(parameter_validation=False, user_agent="gcsmttr")


class _Descriptions(JSONFileLoader):
    """Reads botocore's files with orjson: the endpoints alone are a megabyte of JSON."""

    def load_file(self, file_path: str) -> Any:  # noqa: ANN401
        """Return what is in a file that is named without its ending, or None without the file."""
        for ending, read in ((".json", bytes), (".json.gz", gzip.decompress)):
            path = Path(file_path + ending)
            if path.is_file():
                return orjson.loads(read(path.read_bytes()))
        return None


class _OneService(Loader):
    """Knows one service, where botocore would look for all of them in its folders."""

    def list_available_services(self, type_name: str) -> list[str]:  # noqa: ARG002
        """Return the only service that is asked for here."""
        return ["dynamodb"]


def client() -> "DynamoDBClient":
    """Return a new client, with the region and credentials of the environment."""
    session = Session()
    session.register_component("data_loader", _OneService(file_loader=_Descriptions()))
    session.register_component("response_parser_factory", DynamoDBParserFactory())
    return cast("DynamoDBClient", session.create_client("dynamodb", config=_CONFIG))
