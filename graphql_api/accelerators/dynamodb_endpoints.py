"""The endpoints of DynamoDB, from botocore's rules for partitions.

To create a client, botocore reads a file of endpoints, a megabyte with exceptions for other
services, and searches its folders for all services. The rules for partitions are enough for
DynamoDB. botocore still chooses the endpoint and signs the requests.
"""

from typing import Any

from botocore.loaders import Loader


class DynamoDBLoader(Loader):
    """A loader of botocore's data files that lists DynamoDB as the only service."""

    def list_available_services(self, type_name: str) -> list[str]:  # noqa: ARG002
        """Return the only service that the query function uses."""
        return ["dynamodb"]

    def load_data_with_path(self, name: str) -> Any:  # noqa: ANN401
        """Return the content of a data file, and its path.

        The content of "endpoints" is computed from "partitions". botocore reads it to find out
        whether a region exists.
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
