"""The settings of a deployment, from environment variables. A process reads them once. Pure."""

from collections.abc import Mapping
from typing import NamedTuple, Self

from graphql_api.http.cors import Cors
from graphql_api.reading.tables import Tables


class Settings(NamedTuple):
    """The names of the tables, the allowed origins, introspection, and the secret of cursors."""

    tables: Tables
    access_keys_table: str
    cors: Cors
    introspection: bool
    cursor_secret: str

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> Self:
        """Return the settings of an environment.

        Raises:
            KeyError: The name of a table or the secret of cursors is missing.
            ValueError: INTROSPECTION is neither on nor off.
        """
        introspection = environment.get("INTROSPECTION", "on")
        if introspection not in {"on", "off"}:
            raise ValueError("INTROSPECTION must be on or off")
        return cls(
            tables=Tables(
                all_events=environment["ALL_EVENTS_TABLE"],
                repository_overview=environment["REPOSITORY_OVERVIEW_TABLE"],
                organisation_overview=environment["ORGANISATION_OVERVIEW_TABLE"],
            ),
            access_keys_table=environment["ACCESS_KEYS_TABLE"],
            cors=Cors.parse(environment.get("CORS_ORIGINS", "")),
            introspection=introspection == "on",
            cursor_secret=environment["CURSOR_SECRET"],
        )
