"""Two patches that make moto's DynamoDB and its clients faster.

Owns patches of moto and botocore in the processes of the tests. Never changes a response: both
patches only skip work whose result is known.
"""

from functools import cache
from typing import Any

from botocore.loaders import JSONFileLoader
from moto.core.serialize import ResponseSerializer


def install() -> None:
    """Read each data file of botocore once, and look up attribute values by their exact names.

    botocore reads its files again for each session, and moto starts a session for each test.
    For each of the ten types of a value, moto tries up to eight spellings of the type's name.
    """
    load = cache(JSONFileLoader().load_file)
    get_value = ResponseSerializer.get_value

    def load_file(_: JSONFileLoader, file_path: str) -> Any:
        return load(file_path)

    def get_known_value(self: ResponseSerializer, value: Any, key: str, shape: Any) -> Any:
        if isinstance(value, dict) and shape.parent.name == "AttributeValue":
            return value.get(key)
        return get_value(self, value, key, shape)

    JSONFileLoader.load_file = load_file  # type: ignore[method-assign, assignment]
    ResponseSerializer.get_value = get_known_value  # type: ignore[method-assign]
