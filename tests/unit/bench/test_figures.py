"""The benchmark measures only what the documentation cites."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


def test_documentation_cites_each_table_of_the_benchmark() -> None:
    page = (ROOT / "docs" / "cost-and-performance.md").read_text()
    _, _, sources = page.partition("## Where the figures come from")
    assert set(re.findall(r'"([^"]+)"', sources)) == titles()


def titles() -> set[str]:
    """Return the title of each table that a module of the benchmark makes."""
    return {
        str(keyword.value.value)
        for module in (ROOT / "bench").rglob("*.py")
        for call in ast.walk(ast.parse(module.read_text()))
        if isinstance(call, ast.Call)
        for keyword in call.keywords
        if keyword.arg == "title" and isinstance(keyword.value, ast.Constant)
    }
