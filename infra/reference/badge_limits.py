"""The limits of badges, for the reference in docs/."""

from infra.reference.limit import Limit, limit

BADGES: tuple[Limit, ...] = (
    limit(
        "Requests a second, all badges; in a burst",
        "infra.constructs.api.BADGES_PER_SECOND",
        "infra.constructs.api.BADGE_BURST",
        form="{:,}; {:,}",
    ),
    limit(
        "Seconds for which caches may keep a badge, also a revoked one",
        "graphql_api.badges.endpoint.CACHE_SECONDS",
    ),
    limit(
        "Days of `--window`; by default",
        "graphql_api.badges.badge.MOST_DAYS",
        "graphql_api.badges.badge.DEFAULT_DAYS",
        form="{:,}; {:,}",
    ),
    limit("Characters of `--label`", "graphql_api.badges.badge.LONGEST_LABEL"),
    limit(
        "Share closed in time of a blue, of a brown badge",
        "graphql_api.badges.number.LEAST_GOOD_COMPLIANCE",
        "graphql_api.badges.number.LEAST_FAIR_COMPLIANCE",
        form="{:.0%}, {:.0%}",
    ),
)
