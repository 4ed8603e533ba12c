"""What each accelerator saves: the same requests with all of them, and without each in turn."""

from collections.abc import Mapping
from statistics import median

from bench.queries.cold import cold_seconds, prepared
from bench.queries.workers import seconds_of_rounds, workers_of
from bench.table import Table
from graphql_api.accelerators import NAMES, SETTING

ALL = "all"
VARIANTS = {
    ALL: ",".join(NAMES),
    **{f"without {name}": ",".join(set(NAMES) - {name}) for name in NAMES},
    "without any": "off",
}
DOCUMENTS = ("one alert", "100 alerts")
COLD = "cold start"
COLD_ROUNDS = 9


def ablation(bodies: Mapping[str, str], answers: Mapping[str, object]) -> Table:
    """Return the CPU time of each variant, as a ratio to the service with all accelerators."""
    environments = {name: {SETTING: names} for name, names in VARIANTS.items()}
    sides = dict.fromkeys(VARIANTS, "ours, DynamoDB")
    figures: dict[str, list[dict[str, float]]] = {}
    task = {"documents": bodies, "answers": answers}
    with workers_of(sides, task, environments=environments) as workers:
        for document in DOCUMENTS:
            figures[document] = seconds_of_rounds(document, workers, answers[document])
    with prepared(bodies["one alert"]) as told:
        figures[COLD] = [
            {
                name: cold_seconds("ours", told, answers["one alert"], environment=environment)
                for name, environment in environments.items()
            }
            for _ in range(COLD_ROUNDS)
        ]
    return Table(
        title="Query: what each accelerator saves",
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
