"""The settings of a deployment, from environment variables. A process reads them once. Pure."""

from collections.abc import Mapping
from typing import NamedTuple, Self

from graphql_api.http.cors import Cors
from graphql_api.reading.tables import Tables
from rollup.service_levels.targets import DEFAULT_TARGETS, Targets, parse_targets


class Settings(NamedTuple):
    """What a deployment decides: its tables, service levels, origins, introspection and secret."""

    tables: Tables
    access_keys_table: str
    targets: Targets
    cors: Cors
    introspection: bool
    cursor_secret: str

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> Self:
        """Return the settings of an environment.

        Raises:
            KeyError: The name of a table or the secret of cursors is missing.
            ValueError: INTROSPECTION is neither on nor off, or SERVICE_LEVELS is malformed.
        """
        introspection = environment.get("INTROSPECTION", "on")
        if introspection not in {"on", "off"}:
            raise ValueError("INTROSPECTION must be on or off")
        levels = environment.get("SERVICE_LEVELS")
        return cls(
            tables=Tables(
                all_events=environment["ALL_EVENTS_TABLE"],
                repository_overview=environment["REPOSITORY_OVERVIEW_TABLE"],
                organisation_overview=environment["ORGANISATION_OVERVIEW_TABLE"],
            ),
            access_keys_table=environment["ACCESS_KEYS_TABLE"],
            targets=DEFAULT_TARGETS if levels is None else parse_targets(levels),
            cors=Cors.parse(environment.get("CORS_ORIGINS", "")),
            introspection=introspection == "on",
            cursor_secret=environment["CURSOR_SECRET"],
        )
