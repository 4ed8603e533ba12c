"""The gain of each accelerator: the same requests with all of them, and without each in turn."""

from contextlib import ExitStack
from statistics import median

from bench.queries.cold import cold_seconds, start_file
from bench.queries.documents import ALERTS, ONE_ALERT
from bench.queries.stacks import Data
from bench.queries.workers import seconds_of_rounds, started
from bench.report import Table
from graphql_api.accelerators import NAMES, SETTING

ALL = "all"
VARIANTS = {
    ALL: ",".join(NAMES),
    **{f"without {name}": ",".join(set(NAMES) - {name}) for name in NAMES},
    "without any": "off",
}
COLD = "cold start"
COLD_ROUNDS = 9


def ablation(data: Data) -> Table:
    """Return the CPU time of each variant, as a ratio to the service with all accelerators."""
    figures: dict[str, list[dict[str, float]]] = {}
    with ExitStack() as context:
        workers = [
            context.enter_context(
                started("ours, DynamoDB", data, name=name, environment={SETTING: names})
            )
            for name, names in VARIANTS.items()
        ]
        for document in (ONE_ALERT, ALERTS):
            figures[document] = seconds_of_rounds(document, workers, data[document])
    with start_file(data[ONE_ALERT]) as file:
        figures[COLD] = [
            {
                name: cold_seconds("ours", file, environment={SETTING: names})
                for name, names in VARIANTS.items()
            }
            for _ in range(COLD_ROUNDS)
        ]
    return Table(
        title="Query: the gain of each accelerator",
        note="CPU time with DynamoDB's responses parsed, as a ratio to all accelerators on.",
        rows=[
            {
                "accelerators": name,
                **{
                    figure: median(one[name] / one[ALL] for one in rounds)
                    for figure, rounds in figures.items()
                },
            }
            for name in VARIANTS
        ],
    )
