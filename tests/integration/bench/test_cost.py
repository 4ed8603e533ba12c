"""The costs in the documentation are those that follow from the code, and their arithmetic."""

import pytest

from bench.cost import metrics, prices, public_design
from bench.cost.derive import PAGE, derived
from bench.cost.page import block, table, with_block
from bench.cost.rows import idle_month
from bench.cost.template import Template
from bench.queries.reads import QUERIES, reads_with
from ingest.metrics.names import Name

FUNCTION = {
    "Type": "AWS::Lambda::Function",
    "Properties": {"Handler": "ingest.receiver_handler.handler", "MemorySize": 512},
}


def test_page_has_the_derived_costs() -> None:
    page = PAGE.read_text()
    assert with_block(page, derived()) == page, (
        "The counts or the template have changed. Run `python -m bench.cost`, and commit "
        "docs/cost-and-performance.md with your change."
    )


def test_idle_month_counts_the_resources_of_the_template() -> None:
    secret = {"Type": "AWS::SecretsManager::Secret", "Properties": {}}
    queue = {"Type": "AWS::Lambda::EventSourceMapping", "Properties": {}}
    stream = {"Type": "AWS::Lambda::EventSourceMapping", "Properties": {"StartingPosition": "x"}}
    template = Template({"a": secret, "b": secret, "c": queue, "d": stream, "e": FUNCTION})
    rows = dict(idle_month(template))
    assert template.memory_mb("ingest.receiver_handler") == 512
    assert rows["2 secrets"] == [2 * prices.SECRET_MONTH]
    assert rows["polls of 1 FIFO queues, 0.66 million"] == pytest.approx([0.3285])
    assert rows["together"] == pytest.approx([0.8 + 0.3285 + prices.METRIC_MONTH])


def test_alarm_on_an_expression_costs_its_metrics() -> None:
    kind = "AWS::CloudWatch::Alarm"
    metric = {"MetricStat": {"Stat": "Sum"}}
    expression = {"Metrics": [{"Expression": "a + b"}, metric, metric]}
    alarms = {
        "one": {"Type": kind, "Properties": {"MetricName": "Errors"}},
        "two": {"Type": kind, "Properties": expression},
        "all": {"Type": "AWS::CloudWatch::CompositeAlarm", "Properties": {}},
    }
    template = Template(alarms)
    assert template.alarm_metrics() == 3
    rows = dict(idle_month(template))
    assert rows["2 alarms on 3 metrics"] == pytest.approx([0.3])
    assert rows["1 composite alarms"] == [0.5]


def test_metrics_of_deliveries_are_all_names_with_their_dimensions() -> None:
    levels, actions = 3, 3
    of_levels = len(metrics.OF_A_LEVEL) * levels
    others = set(Name) - set(metrics.OF_A_LEVEL) - {Name.REFUSED, Name.IGNORED}
    assert metrics.of_deliveries() == of_levels + len(others) + actions


def test_public_design_makes_a_read_and_a_write_with_three_indexes() -> None:
    expected = 0.5 * prices.READ_UNIT + 4 * prices.WRITE_UNIT
    assert public_design.overview() == pytest.approx(expected)


def test_read_units_are_those_of_whole_items() -> None:
    counted = reads_with(100)
    assert set(counted) == set(QUERIES)
    for counts in counted.values():
        assert float(counts["RCU"]) >= 0.5 * float(counts["requests"])
    assert counted["worst repositories"]["RCU"] > counted["a year by month"]["RCU"]


def test_block_replaces_only_the_text_between_its_marks() -> None:
    old, new = (block([table("t", ("$",), [(name, [1.0])])]) for name in ("a", "b"))
    assert with_block(f"before\n{old}after\n", new) == f"before\n{new}after\n"
