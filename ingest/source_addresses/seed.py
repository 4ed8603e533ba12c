"""GitHub's hook ranges as this version lists them, for the time before the first refresh.

Owns the list. It lets the first deliveries of a new deployment in, also while the meta endpoint
refuses anonymous requests. Pure.
"""

from ingest.source_addresses.hook_ranges import HookRanges

GITHUB_COM_META_URL = "https://api.github.com/meta"
REVIEWED = "2026-11-29"
"""The day when the list was compared with public copies of the meta document, of 2025 and 2026."""

# GitHub Docs, "REST API endpoints for meta data": `hooks` of the document of github.com.
_HOOKS = (
    "192.30.252.0/22",
    "185.199.108.0/22",
    "140.82.112.0/20",
    "143.55.64.0/20",
    "2a0a:a440::/29",
    "2606:50c0::/32",
)


def seed_of(meta_url: str) -> HookRanges:
    """Return the ranges before the first refresh. Only those of github.com are known."""
    return HookRanges.listed(_HOOKS if meta_url == GITHUB_COM_META_URL else ())
