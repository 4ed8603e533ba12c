"""The settings of a deployment, from environment variables. A process reads them once. Pure."""

from collections.abc import Mapping
from typing import NamedTuple, Self

from graphql_api.access.github_actions.trust import Trust
from graphql_api.http.cors import Cors
from graphql_api.reading.tables import Tables
from graphql_api.repositories.teams import TeamSource
from rollup.service_levels.targets import DEFAULT_TARGETS, Targets, parse_targets


class Settings(NamedTuple):
    """The settings of the query function.

    Attributes:
        tables: The names of the tables with alerts and overviews.
        access_keys_table: The name of the table with API keys.
        trust: Whose GitHub Actions tokens are accepted. None means nobody's.
        key_requests_per_second: The requests of a key in each second. 0 means no limit.
        key_request_burst: The requests that a key can send at once.
        targets: The days of each severity's service level.
        cors: The allowed origins.
        introspection: Whether clients can read the schema.
        cursor_secret: The secret that seals cursors.
        team_source: What a team is. None means that nothing is by team.
    """

    tables: Tables
    access_keys_table: str
    trust: Trust | None
    key_requests_per_second: int
    key_request_burst: int
    targets: Targets
    cors: Cors
    introspection: bool
    cursor_secret: str
    team_source: TeamSource | None

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> Self:
        """Return the settings of an environment.

        Raises:
            KeyError: The name of a table, the secret of cursors or OIDC_AUDIENCE is missing.
            ValueError: INTROSPECTION is neither on nor off, or another setting is malformed.
        """
        introspection = environment.get("INTROSPECTION", "on")
        if introspection not in {"on", "off"}:
            raise ValueError("INTROSPECTION must be on or off")
        levels = environment.get("SERVICE_LEVELS")
        team = environment.get("TEAM")
        return cls(
            tables=Tables(
                all_events=environment["ALL_EVENTS_TABLE"],
                repository_overview=environment["REPOSITORY_OVERVIEW_TABLE"],
                organisation_overview=environment["ORGANISATION_OVERVIEW_TABLE"],
                repositories=environment["REPOSITORIES_TABLE"],
            ),
            access_keys_table=environment["ACCESS_KEYS_TABLE"],
            trust=Trust.read(environment),
            key_requests_per_second=int(environment.get("KEY_REQUESTS_PER_SECOND", "0")),
            key_request_burst=int(environment.get("KEY_REQUEST_BURST", "1")),
            targets=DEFAULT_TARGETS if levels is None else parse_targets(levels),
            cors=Cors.parse(environment.get("CORS_ORIGINS", "")),
            introspection=introspection == "on",
            cursor_secret=environment["CURSOR_SECRET"],
            team_source=TeamSource.parse(team) if team else None,
        )
