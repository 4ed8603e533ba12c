"""Writes the page and the JSON schema of the settings; `make schema` runs this."""

from infra.reference.page import FILE, page
from infra.reference.schema import SCHEMA_FILE, schema

if __name__ == "__main__":
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_text(page(), encoding="utf-8")
    SCHEMA_FILE.write_text(schema(), encoding="utf-8")
