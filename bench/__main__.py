"""The command line: `python -m bench` runs every part, `python -m bench rollup` runs one.

Prints the tables and writes the same numbers to `.run/bench.json`.
"""

import json
import sys
from importlib import import_module
from pathlib import Path

from bench.report import Table

PARTS = {
    "rollup": "bench.rollup.part",
    "query": "bench.queries.part",
    "large": "bench.large.part",
}
"""The module of each part. It is imported only when the part runs: parts need different tools."""

RESULT = Path(__file__).resolve().parents[1] / ".run" / "bench.json"


def run(names: list[str]) -> dict[str, list[Table]]:
    """Run the named parts in order and return their tables."""
    return {name: import_module(PARTS[name]).measure() for name in names}


def main(arguments: list[str]) -> int:
    """Run the named parts, or all of them, and return the exit status."""
    if unknown := [name for name in arguments if name not in PARTS]:
        print(
            f"Unknown part: {', '.join(unknown)}. The parts are {', '.join(PARTS)}.",
            file=sys.stderr,
        )
        return 2
    parts = run(arguments or list(PARTS))
    for tables in parts.values():
        print("\n\n".join(str(table) for table in tables), end="\n\n")
    RESULT.parent.mkdir(parents=True, exist_ok=True)
    found = {name: [table.as_json() for table in tables] for name, tables in parts.items()}
    RESULT.write_text(json.dumps({"parts": found}, indent=1) + "\n")
    print(f"The same tables as JSON: {RESULT}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
