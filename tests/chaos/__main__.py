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


def trials() -> list[str]:
    """Return the names of all trials in the order in which they run."""
    single = [fault.name for fault in FAULTS]
    paired = [fault.name for fault in FAULTS if fault.in_pairs]
    pairs = [f"{one}+{other}" for one, other in combinations(paired, 2)]
    return [*single, *Session.SPECIAL, *pairs, *Session.LOADS]


def main(arguments: list[str]) -> int:
    """Run the trials, print the table, and return 1 if one of them did not end exactly."""
    options = _parser().parse_args(arguments)
    names = options.trials or trials()
    if unknown := sorted(set(names) - set(trials())):
        print(f"Unknown trials: {', '.join(unknown)}. --list shows all.", file=sys.stderr)
        return 2
    if options.list:
        print("\n".join(names))
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
