"""The size of an item in DynamoDB, and the capacity units of reading or writing it.

Owns the rules of the Amazon DynamoDB Developer Guide, "DynamoDB item sizes and formats" and
"DynamoDB read and write operations". Pure.
"""

from collections.abc import Mapping
from typing import Any

Item = Mapping[str, Any]

_WRITE_UNIT_BYTES = 1_024
_READ_UNIT_BYTES = 4_096


def item_bytes(item: Item) -> int:
    """Return the size of an item in the client's low-level form: all names and values."""
    return sum(len(name.encode()) + value_bytes(value) for name, value in item.items())


def value_bytes(value: Mapping[str, Any]) -> int:
    """Return the size of one value, such as `{"S": "text"}`.

    Raises:
        ValueError: The type of the value is unknown.
    """
    ((kind, content),) = value.items()
    match kind:
        case "S":
            size = len(content.encode())
        case "N":
            size = _number_bytes(content)
        case "B":
            size = len(content)
        case "BOOL" | "NULL":
            size = 1
        case "L":
            size = 3 + sum(1 + value_bytes(one) for one in content)
        case "M":
            size = 3 + sum(
                1 + len(name.encode()) + value_bytes(one) for name, one in content.items()
            )
        case "SS" | "NS" | "BS":
            size = sum(value_bytes({kind[0]: one}) for one in content)
        case _:
            raise ValueError(f"Unknown type of value: {kind}.")
    return size


def write_units(size_bytes: int) -> int:
    """Return the units of one write outside a transaction."""
    return max(1, -(-size_bytes // _WRITE_UNIT_BYTES))


def read_units(size_bytes: int, *, consistent: bool) -> float:
    """Return the units of one read. A missing item costs as much as the smallest one."""
    units = max(1, -(-size_bytes // _READ_UNIT_BYTES))
    return float(units) if consistent else units / 2


def _number_bytes(text: str) -> int:
    # One byte for every two significant digits, one more, and one for a minus sign.
    digits = text.lstrip("-").replace(".", "").strip("0")
    return (len(digits) + 1) // 2 + 1 + text.startswith("-")
