"""The path of the checkout, from which `infra` reads and builds.

Owns one path, and imports nothing. `infra.local.setup` runs before `infra` can be imported, so it
finds the checkout itself.
"""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
