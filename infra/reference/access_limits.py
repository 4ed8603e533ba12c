"""The limits of API keys and of tokens of GitHub Actions, for the list in `limits`."""

from infra.reference.limit import Limit, limit

_TOKENS = "graphql_api.access.github_actions"

ACCESS: tuple[Limit, ...] = (
    limit(
        "Seconds until a revoked key is refused everywhere",
        "graphql_api.access.key_store.KEPT_SECONDS",
        form="{:.0f}",
    ),
    limit(
        "Characters of a GitHub Actions token",
        f"{_TOKENS}.token_check.LONGEST_TOKEN",
        reason="unauthorized",
    ),
    limit(
        "Seconds by which the clock of a token's issuer can differ",
        f"{_TOKENS}.token_check.LEEWAY_S",
        reason="unauthorized",
    ),
    limit(
        "Seconds from the issue of a token to its expiry",
        f"{_TOKENS}.token_check.LONGEST_LIFETIME_S",
        reason="unauthorized",
    ),
    limit(
        "Seconds of waiting for a response of a token's issuer",
        f"{_TOKENS}.discovery.TIMEOUT_S",
        form="{:.0f}",
        reason="access_unavailable",
    ),
    limit(
        "Seconds until a new key of a token's issuer is accepted",
        f"{_TOKENS}.signing_keys.COOL_DOWN_S",
    ),
    limit(
        "Seconds until a withdrawn key of a token's issuer is refused; if the issuer cannot be "
        "reached",
        f"{_TOKENS}.signing_keys.FRESH_S",
        f"{_TOKENS}.signing_keys.USABLE_S",
        form="{:,}; {:,}",
    ),
)
