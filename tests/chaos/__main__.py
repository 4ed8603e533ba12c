"""`python -m tests.chaos`: deploys the stack to an emulator of its own, and runs the trials."""

import argparse
import sys
from itertools import combinations

from infra.paths import ROOT
from tests.chaos import report
from tests.chaos.faults import FAULTS
from tests.chaos.session import Session, running_session

_FOLDER = ROOT / ".run" / "chaos"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("trials", nargs="*", help="names of faults, pairs such as a+b, or loads")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--list", action="store_true", help="only list the trials")
    return parser


_PAIRED = [fault.name for fault in FAULTS if fault.in_pairs]
_DISTANCES = (1, 4)


def pairs() -> list[str]:
    """Return all pairs of faults."""
    return [f"{one}+{other}" for one, other in combinations(_PAIRED, 2)]


def pairs_by_default() -> list[str]:
    """Return pairs in which each fault occurs four times. All pairs would take an hour."""
    positions = range(len(_PAIRED))
    names = (
        sorted((position, (position + distance) % len(_PAIRED)))
        for distance in _DISTANCES
        for position in positions
    )
    return [f"{_PAIRED[one]}+{_PAIRED[other]}" for one, other in names]


def trials() -> list[str]:
    """Return the names of the trials that run by default, in their order."""
    single = [fault.name for fault in FAULTS]
    return [*single, *Session.SPECIAL, *pairs_by_default(), *Session.LOADS]


def main(arguments: list[str]) -> int:
    """Run the trials, print the table, and return 1 if one of them did not end exactly."""
    options = _parser().parse_args(arguments)
    names = options.trials or trials()
    if unknown := sorted(set(names) - {*trials(), *pairs()}):
        print(f"Unknown trials: {', '.join(unknown)}. --list shows all.", file=sys.stderr)
        return 2
    if options.list:
        print("\n".join(dict.fromkeys([*names, *pairs()])))
        return 0
    with running_session(_FOLDER, seed=options.seed) as session:
        results = []
        for name in names:
            result = session.run(name)
            results.append(result)
            print(report.line(result), flush=True)
            report.write(results, _FOLDER / "results.json", seed=options.seed)
    print(report.table(results))
    return int(not all(result.is_exact for result in results))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
