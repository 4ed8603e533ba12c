"""The schema as text: `python -m graphql_api.sdl` writes schema.graphql, which is committed."""

from pathlib import Path

from graphql_api.schema import SCHEMA

FILE = Path(__file__).parents[1] / "schema.graphql"


def sdl() -> str:
    """Return the schema in GraphQL's schema definition language."""
    return SCHEMA.as_str().rstrip() + "\n"


if __name__ == "__main__":
    FILE.write_text(sdl(), encoding="utf-8")
