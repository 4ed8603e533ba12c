"""The schema as text. `python -m graphql_api.sdl` writes the file schema.graphql."""

from pathlib import Path

from graphql_api.schema.root import DESCRIPTION, schema_of

FILE = Path(__file__).parents[1] / "schema.graphql"


def sdl() -> str:
    """Return the schema in GraphQL's schema definition language."""
    # Strawberry's printer omits the description of the schema itself.
    root = f'"""\n{DESCRIPTION}"""\nschema {{\n  query: Query\n}}\n\n'
    return root + schema_of().as_str().rstrip() + "\n"


if __name__ == "__main__":
    FILE.write_text(sdl(), encoding="utf-8")
