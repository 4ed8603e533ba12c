"""Where a stack is deployed to: AWS or the local emulator, and all differences between them.

The architecture is the only fact about the machine that this module reads.
"""

import platform
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Target:
    """Where the stack is deployed to, and everything that depends on it."""

    name: Literal["aws", "emulator"]
    architecture: Literal["arm64", "x86_64"]
    wheels_for_host: bool
    """Whether the bundles contain wheels for this machine, since the emulator runs on it."""
    keeps_data: bool
    """Whether tables outlive the stack and are protected from deletion by default."""
    has_event_archive: bool
    """Whether CloudFormation can make the archive; otherwise the local deployment makes it."""
    has_snap_start: bool
    has_composite_alarms: bool
    has_reserved_concurrency: bool
    """Whether a throttled call is repeated; the emulator drops some of them."""
    has_custom_resources: bool
    """Whether CloudFormation can start the first refresh of the hook ranges."""
    has_saved_log_queries: bool
    source_address_cache_s: int
    """How long the authorizer's result is cached; the emulator's cache ignores the address."""
    least_timeout_s: int
    """The shortest timeout of a function; on the emulator it includes the start of its process."""
    throttled_as: str
    """The error that a state machine gets when Lambda throttles a function."""
    queue_visibility_s: int
    """How long a failed group waits. AWS recommends at least six times the function's timeout."""


AWS = Target(
    name="aws",
    architecture="arm64",
    wheels_for_host=False,
    keeps_data=True,
    has_event_archive=True,
    has_snap_start=True,
    has_composite_alarms=True,
    has_reserved_concurrency=True,
    has_custom_resources=True,
    has_saved_log_queries=True,
    source_address_cache_s=300,
    least_timeout_s=1,
    throttled_as="Lambda.TooManyRequestsException",
    queue_visibility_s=120,
)
EMULATOR = Target(
    name="emulator",
    architecture="arm64" if platform.machine() in {"arm64", "aarch64"} else "x86_64",
    wheels_for_host=True,
    keeps_data=False,
    has_event_archive=False,
    has_snap_start=False,
    has_composite_alarms=False,
    has_reserved_concurrency=False,
    has_custom_resources=False,
    has_saved_log_queries=False,
    source_address_cache_s=0,
    least_timeout_s=20,
    throttled_as="Lambda.Unknown",
    queue_visibility_s=20,
)
