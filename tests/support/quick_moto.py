"""Patches that make moto's DynamoDB and its clients faster.

Owns patches of moto and botocore in the processes of the tests. Never changes a response: the
patches only skip work whose result is known.
"""

from copy import deepcopy
from functools import cache
from typing import Any

import botocore.session
from botocore.loaders import create_loader
from moto.core.serialize import ResponseSerializer
from moto.dynamodb.models.dynamo_type import DynamoType, Item, LimitedSizeDict

_CONTAINERS = frozenset({"L", "M", "SS", "NS", "BS"})
_TEXTS = frozenset({"S", "B"})


def install() -> None:
    """Read each data file of botocore once, look up values by exact names, and copy items flat.

    botocore searches and reads its files for each session, and each test has sessions of its own.
    For each of the ten types of a value, moto tries up to eight spellings of the type's name.
    moto copies every value of an item that a query finds, and of all items before a transaction;
    it never changes a number, string or bytes in place. Queries compare and measure all values.
    """
    get_value, size = ResponseSerializer.get_value, DynamoType.size

    def get_known_value(self: ResponseSerializer, value: Any, key: str, shape: Any) -> Any:
        if isinstance(value, dict) and shape.parent.name == "AttributeValue":
            return value.get(key)
        return get_value(self, value, key, shape)

    def copy_item(self: Item, memo: dict[int, Any]) -> Item:
        attributes = LimitedSizeDict()
        dict.update(
            attributes, {name: copy_value(value, memo) for name, value in self.attrs.items()}
        )
        copied = object.__new__(Item)
        copied.hash_key, copied.range_key, copied.attrs = self.hash_key, self.range_key, attributes
        return copied

    def copy_value(value: DynamoType, memo: dict[int, Any]) -> DynamoType:
        return deepcopy(value, memo) if value.type in _CONTAINERS else value

    def is_equal(self: DynamoType, other: DynamoType) -> bool:
        if self.type != other.type:
            return False
        if self.type in _TEXTS:
            return bool(self.value == other.value)
        return bool(self.cast_value == other.cast_value)

    def size_of(self: DynamoType) -> int:
        is_ascii = self.type in _TEXTS and isinstance(self.value, str) and self.value.isascii()
        return len(self.value) if is_ascii else size(self)

    botocore.session.create_loader = cache(create_loader)
    ResponseSerializer.get_value = get_known_value  # type: ignore[method-assign]
    Item.__deepcopy__ = copy_item  # type: ignore[method-assign]
    DynamoType.__eq__ = is_equal  # type: ignore[method-assign]
    DynamoType.size = size_of  # type: ignore[method-assign]
