"""The JSON schema of the files in deployments/, for editors.

Owns its form. The keys and their descriptions come from `infra.settings`. The deployment validates
the values itself, since a schema cannot express all rules.
"""

import json

from infra.deployment_file import FOLDER, SCHEMA
from infra.settings.deployment import DEPLOYMENT
from infra.settings.every import SETTINGS
from infra.settings.general import STACK_NAME

SCHEMA_FILE = FOLDER / "settings.schema.json"


def schema() -> str:
    """Return the schema as JSON."""
    keys = {
        one.key: {
            "description": f"{one.meaning} Accepted: {one.accepts}.",
            **({"enum": [True, False]} if one.accepts == "true or false" else {}),
        }
        for one in SETTINGS
        if one is not DEPLOYMENT
    }
    described = {
        "$schema": "https://json-schema.org/draft-07/schema#",
        "title": "The settings of one GCSMTTR deployment",
        "type": "object",
        "properties": {SCHEMA: {"type": "string"}, **keys},
        "required": [STACK_NAME.key],
        "additionalProperties": False,
    }
    return json.dumps(described, indent=2, ensure_ascii=False) + "\n"
