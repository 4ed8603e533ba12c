"""How large DynamoDB takes an item to be, and how many units that is.

Owns the rules of the Amazon DynamoDB Developer Guide, "DynamoDB item sizes and formats" and
"DynamoDB read and write operations". Pure.
"""

from collections.abc import Mapping
from typing import Any

Item = Mapping[str, Any]

_WRITE_UNIT_BYTES = 1_024
_READ_UNIT_BYTES = 4_096


def item_bytes(item: Item) -> int:
    """The size of an item in the client's low-level form: every name and every value."""
    return sum(len(name.encode()) + value_bytes(value) for name, value in item.items())


def value_bytes(value: Mapping[str, Any]) -> int:
    """The size of one value, such as `{"S": "text"}`."""
    ((kind, held),) = value.items()
    match kind:
        case "S":
            size = len(held.encode())
        case "N":
            size = _number_bytes(held)
        case "B":
            size = len(held)
        case "BOOL" | "NULL":
            size = 1
        case "L":
            size = 3 + sum(1 + value_bytes(one) for one in held)
        case "M":
            size = 3 + sum(1 + len(name.encode()) + value_bytes(one) for name, one in held.items())
        case "SS" | "NS" | "BS":
            size = sum(value_bytes({kind[0]: one}) for one in held)
        case _:
            raise ValueError(f"no such type of value: {kind}")
    return size


def write_units(size: int) -> int:
    """What writing so many bytes costs once."""
    return max(1, -(-size // _WRITE_UNIT_BYTES))


def read_units(size: int, *, consistent: bool) -> float:
    """What reading so many bytes costs; what is not there costs a read too."""
    units = max(1, -(-size // _READ_UNIT_BYTES))
    return float(units) if consistent else units / 2


def _number_bytes(text: str) -> int:
    # One byte for two significant digits, one more, and one for a minus.
    digits = text.lstrip("-").replace(".", "").strip("0")
    return (len(digits) + 1) // 2 + 1 + text.startswith("-")
