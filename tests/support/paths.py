"""Where the checkout is: the one place that knows how deep the folders of the tests are."""

from pathlib import Path

ROOT = Path(__file__).parents[2]
