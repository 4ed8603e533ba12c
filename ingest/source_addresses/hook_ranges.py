"""The address ranges from which GitHub sends webhooks.

Owns the parsing of GitHub's meta document (GitHub Docs, "About GitHub's IP addresses"). Pure.
"""

import json
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Self

from ingest.errors import HookRangesError

_MOST_RANGES = 200


@dataclass(frozen=True, slots=True)
class HookRanges:
    """IPv4 and IPv6 ranges. An empty list allows no address."""

    networks: tuple[IPv4Network | IPv6Network, ...]

    @classmethod
    def parse(cls, document: str | bytes) -> Self:
        """Return the `hooks` list of a meta document, which can be empty.

        Raises:
            HookRangesError: `hook_ranges_malformed`.
        """
        try:
            hooks = json.loads(document)["hooks"]
            if not isinstance(hooks, list) or len(hooks) > _MOST_RANGES:
                raise HookRangesError("hook_ranges_malformed")
            return cls(tuple(ip_network(hook) for hook in hooks if _is_text(hook)))
        except (ValueError, KeyError, TypeError) as error:
            raise HookRangesError("hook_ranges_malformed") from error

    def to_text(self) -> str:
        """Return the document that `parse` reads."""
        return json.dumps({"hooks": [str(network) for network in self.networks]})

    def allow(self, address: str) -> bool:
        """Return whether an address is in one of the ranges.

        An IPv4 address in IPv6 notation counts as IPv4.
        """
        try:
            parsed = ip_address(address)
        except ValueError:
            return False
        mapped = getattr(parsed, "ipv4_mapped", None)
        return any((mapped or parsed) in network for network in self.networks)


def _is_text(hook: object) -> bool:
    if not isinstance(hook, str):
        raise HookRangesError("hook_ranges_malformed")
    return True
