"""The address ranges from which GitHub sends webhooks.

Owns the parsing of GitHub's meta document (GitHub Docs, "About GitHub's IP addresses"). Pure.
"""

import json
from collections.abc import Sequence
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
            return cls.of(json.loads(document))
        except ValueError as error:
            raise HookRangesError("hook_ranges_malformed") from error

    @classmethod
    def of(cls, meta: object) -> Self:
        """Return the `hooks` list of a decoded meta document, which can be empty.

        Raises:
            HookRangesError: `hook_ranges_malformed`.
        """
        hooks = meta.get("hooks") if isinstance(meta, dict) else None
        if not isinstance(hooks, list) or not all(isinstance(hook, str) for hook in hooks):
            raise HookRangesError("hook_ranges_malformed")
        return cls.listed(hooks)

    @classmethod
    def listed(cls, ranges: Sequence[str]) -> Self:
        """Return ranges in CIDR notation. The bits after the prefix must be zero.

        Raises:
            HookRangesError: `hook_ranges_malformed`.
        """
        if len(ranges) > _MOST_RANGES:
            raise HookRangesError("hook_ranges_malformed")
        try:
            return cls(tuple(ip_network(one) for one in ranges))
        except ValueError as error:
            raise HookRangesError("hook_ranges_malformed") from error

    def to_list(self) -> list[str]:
        """Return the list that `listed` reads."""
        return [str(network) for network in self.networks]

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
