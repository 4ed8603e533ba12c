"""The costs in the documentation are those that follow from the code, and their arithmetic."""

import pytest

from bench.cost import prices
from bench.cost.derive import PAGE, derived
from bench.cost.page import Template, block, idle_month, with_block

FUNCTION = {
    "Type": "AWS::Lambda::Function",
    "Properties": {"Handler": "ingest.receiver_handler.handler", "MemorySize": 512},
}


def test_page_has_the_derived_costs() -> None:
    page = PAGE.read_text()
    assert with_block(page, derived()) == page, "run python -m bench.cost"


def test_idle_month_counts_the_resources_of_the_template() -> None:
    secret = {"Type": "AWS::SecretsManager::Secret", "Properties": {}}
    queue = {"Type": "AWS::Lambda::EventSourceMapping", "Properties": {}}
    stream = {"Type": "AWS::Lambda::EventSourceMapping", "Properties": {"StartingPosition": "x"}}
    template = Template({"a": secret, "b": secret, "c": queue, "d": stream, "e": FUNCTION})
    rows = dict(idle_month(template))
    assert template.memory_mb("ingest.receiver_handler") == 512
    assert rows["2 secrets"] == 2 * prices.SECRET_MONTH
    assert rows["polls of 1 FIFO queues"] == pytest.approx(0.3285)
    assert rows["together"] == pytest.approx(0.8 + 0.3285)


def test_block_replaces_only_the_text_between_its_marks() -> None:
    old, new = block([("a", 1.0, 2.0)], [], []), block([("b", 1.0, 2.0)], [], [])
    assert with_block(f"before\n{old}after\n", new) == f"before\n{new}after\n"
