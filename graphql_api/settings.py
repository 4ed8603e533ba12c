"""What a deployment sets through the environment, read once per process. Pure: takes a mapping."""

from collections.abc import Mapping
from typing import NamedTuple, Self

from graphql_api.http.cors import Cors
from graphql_api.reading.tables import Tables


class Settings(NamedTuple):
    """The tables, and what is served beside the defaults."""

    tables: Tables
    access_keys_table: str
    cors: Cors
    introspection: bool
    cursor_secret: str

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> Self:
        """Return the settings of an environment.

        Raises:
            KeyError: the name of a table or the secret of cursors is missing.
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
