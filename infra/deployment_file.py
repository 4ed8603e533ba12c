"""The settings of one deployment in a file, deployments/NAME.json.

Owns the file's form: an object whose keys are settings. The values are validated with the rest of
the context, in `config`. A value of the command line (`-c key=value`) overrides that of the file.
"""

import json
from collections.abc import Mapping
from pathlib import Path

from infra.config import ConfigError
from infra.paths import ROOT
from infra.settings.deployment import DEPLOYMENT
from infra.settings.every import KEYS, closest_key
from infra.settings.general import STACK_NAME

FOLDER = ROOT / "deployments"
SCHEMA = "$schema"
"""A key for editors; it names the JSON schema of these files."""


def with_deployment(
    context: Mapping[str, object], *, folder: Path = FOLDER
) -> Mapping[str, object]:
    """Return the context with the settings of the file that it names, or itself if it names none.

    Raises:
        ConfigError: The file does not exist, is not a JSON object, has unknown keys, or does not
            name its stack.
    """
    try:
        name = DEPLOYMENT.read(context.get(DEPLOYMENT.key))
    except ValueError as error:
        raise ConfigError(f"deployment = {context[DEPLOYMENT.key]!r}: {error}") from error
    if name is None:
        return context
    file = folder / f"{name}.json"
    found = _object_in(file)
    problems = [_unknown(key) for key in sorted(found) if key not in KEYS - {"deployment"}]
    # Two files without a name would update the same stack.
    if STACK_NAME.key not in found:
        problems.append("stackName: missing; each file names its own stack")
    if problems:
        raise ConfigError(f"{_shown(file)} is not valid:\n- " + "\n- ".join(problems))
    return {**found, **context}


def _object_in(file: Path) -> Mapping[str, object]:
    try:
        found = json.loads(file.read_text(encoding="utf-8"), object_pairs_hook=_without_repetition)
    except FileNotFoundError as error:
        offered = sorted(one.stem for one in file.parent.glob("*.json") if "." not in one.stem)
        raise ConfigError(
            f"{_shown(file)} does not exist. Copy deployments/example.json; there are:"
            f" {', '.join(offered) or 'none'}"
        ) from error
    except ValueError as error:
        raise ConfigError(f"{_shown(file)} is not JSON: {error}") from error
    if not isinstance(found, dict):
        raise ConfigError(f"{_shown(file)} must be a JSON object of settings")
    return {key: value for key, value in found.items() if key != SCHEMA}


def _without_repetition(pairs: list[tuple[str, object]]) -> dict[str, object]:
    keys = [key for key, _ in pairs]
    repeated = sorted({key for key in keys if keys.count(key) > 1})
    if repeated:
        raise ValueError(f"{', '.join(repeated)} is there more than once")
    return dict(pairs)


def _unknown(key: str) -> str:
    closest = closest_key(key)
    return f"{key}: unknown; did you mean {closest}?" if closest else f"{key}: unknown"


def _shown(file: Path) -> str:
    return f"{file.parent.name}/{file.name}"
