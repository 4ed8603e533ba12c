"""The command line: `python -m bench.cost` writes the tables into the page."""

from bench.cost.derive import PAGE, derived
from bench.cost.page import with_block

if __name__ == "__main__":
    PAGE.write_text(with_block(PAGE.read_text(), derived()))
