"""The endpoints of DynamoDB, derived from botocore's rules for partitions.

To make a client, botocore reads a megabyte of exceptions for other services and searches its
folders for all of them. Where DynamoDB is follows from the rules alone. Where requests go and how
they are signed stays botocore's decision.
"""

from typing import Any

from botocore.loaders import Loader


class OneService(Loader):
    """A loader that knows DynamoDB only."""

    def list_available_services(self, type_name: str) -> list[str]:  # noqa: ARG002
        """Return the only service that is used here."""
        return ["dynamodb"]

    def load_data_with_path(self, name: str) -> Any:  # noqa: ANN401
        """Return the content of a data file, and its path.

        "endpoints" is made from "partitions": botocore looks up there whether it knows a region.
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
