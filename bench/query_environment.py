"""Where Graphene lives: it needs a graphql-core that Strawberry does not work with."""

from pathlib import Path

from infra.local.setup import install_python, stamp_of

ROOT = Path(__file__).resolve().parents[1]
HOME = ROOT / "build" / "graphene-venv"
LOCK = ROOT / "requirements" / "graphene.txt"


def graphene_python() -> str:
    """Return the interpreter that imports Graphene, installing both where they are not yet."""
    stamp, wanted = HOME / ".installed-from", stamp_of(LOCK)
    if not stamp.exists() or stamp.read_text() != wanted:
        HOME.parent.mkdir(exist_ok=True)
        install_python(HOME, lock=LOCK, log=ROOT / ".run" / "logs" / "setup-graphene.log")
        stamp.write_text(wanted)
    return str(HOME / "bin" / "python")
