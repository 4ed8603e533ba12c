"""Writes docs/limits-and-settings.md; `make schema` runs this."""

from infra.reference.page import FILE, page

if __name__ == "__main__":
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_text(page(), encoding="utf-8")
