"""Three patches that make moto's DynamoDB and its clients faster.

Owns patches of moto and botocore in the processes of the tests. Never changes a response: the
patches only skip work whose result is known.
"""

from copy import deepcopy
from functools import cache
from typing import Any

from botocore.loaders import JSONFileLoader
from moto.core.serialize import ResponseSerializer
from moto.dynamodb.models.dynamo_type import DynamoType, Item, LimitedSizeDict

_CONTAINERS = frozenset({"L", "M", "SS", "NS", "BS"})


def install() -> None:
    """Read each data file of botocore once, look up values by exact names, and copy items flat.

    botocore reads its files again for each session, and moto starts a session for each test.
    For each of the ten types of a value, moto tries up to eight spellings of the type's name.
    moto copies every value of an item that a query finds, and of all items before a transaction;
    it never changes a number, string or bytes in place.
    """
    load = cache(JSONFileLoader().load_file)
    get_value = ResponseSerializer.get_value

    def load_file(_: JSONFileLoader, file_path: str) -> Any:
        return load(file_path)

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

    JSONFileLoader.load_file = load_file  # type: ignore[method-assign, assignment]
    ResponseSerializer.get_value = get_known_value  # type: ignore[method-assign]
    Item.__deepcopy__ = copy_item  # type: ignore[method-assign]
