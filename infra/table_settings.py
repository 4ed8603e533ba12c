"""The setting about the tables: which restored tables the stack uses instead of its own.

Owns the form of a restored table's name.
"""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from infra.setting import Setting
from operations.restore.run import FOLLOWED, TABLES

NO_TABLES: Mapping[str, str] = MappingProxyType({})

_NAME = r"[A-Za-z0-9_.-]{3,255}"
_STREAM = r"/stream/[0-9T:.-]+"


def _restored(value: object) -> Mapping[str, str]:
    """Return the restored tables by the tables that they replace.

    A table with a stream is `NAME/stream/LABEL`, the end of the ARN of its stream.
    """
    if isinstance(value, str):
        pairs = (part.partition("=") for part in value.split(","))
        value = {table: name for table, _, name in pairs}
    if not isinstance(value, Mapping) or not value:
        raise ValueError(value)
    for table, name in value.items():
        form = _NAME + (_STREAM if table in FOLLOWED else "")
        if table not in TABLES or not re.fullmatch(form, str(name)):
            raise ValueError(value)
    return {str(table): str(name) for table, name in value.items()}


RESTORED_TABLES: Setting[Mapping[str, str]] = Setting(
    key="restoredTables",
    meaning="The restored tables that the stack uses instead of its own, as `gcsmttr restore` "
    "prints them.",
    accepts="tables with their names, such as Ledger=Gcsmttr-Ledger-restored, with commas between "
    "them; those that functions follow with their stream, NAME/stream/LABEL",
    parse=_restored,
    default=NO_TABLES,
    shown_default="none",
)
SETTINGS: tuple[Setting[Any], ...] = (RESTORED_TABLES,)
