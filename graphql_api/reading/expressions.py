"""The expressions of a DynamoDB request, with placeholders for all names and values.

Owns the placeholders. Independent of tables and of alerts. Pure.
"""

from collections.abc import Sequence


class Expressions:
    """Builds the conditions of one request, and collects their names and values."""

    def __init__(self) -> None:
        self.attributes: dict[str, str] = {}
        self.values: dict[str, dict[str, str]] = {}

    def names(self, *attributes: str) -> str:
        """Return the list of distinct attributes."""
        return ",".join(self._name(attribute) for attribute in dict.fromkeys(attributes))

    def equal(self, attribute: str, value: str) -> str:
        """Return the condition that an attribute equals a value."""
        return f"{self._name(attribute)} = {self._value(value)}"

    def between(self, attribute: str, first: str, last: str) -> str:
        """Return the condition that an attribute is between two values, both inclusive."""
        return f"{self._name(attribute)} BETWEEN {self._value(first)} AND {self._value(last)}"

    def at_most(self, attribute: str, last: str) -> str:
        """Return the condition that an attribute is at most a value."""
        return f"{self._name(attribute)} <= {self._value(last)}"

    def outside(self, attribute: str, first: str, last: str) -> str:
        """Return the condition that an attribute is less than `first` or greater than `last`."""
        name = self._name(attribute)
        return f"({name} < {self._value(first)} OR {name} > {self._value(last)})"

    def exists(self, attribute: str) -> str:
        """Return the condition that an attribute exists."""
        return f"attribute_exists({self._name(attribute)})"

    def any_of(self, attribute: str, values: Sequence[str]) -> str:
        """Return the condition that an attribute has one of these values. "" means it is absent."""
        name = self._name(attribute)
        options = [f"attribute_not_exists({name})"] if "" in values else []
        if names := [self._value(value) for value in values if value]:
            options.append(f"{name} IN ({', '.join(names)})")
        return options[0] if len(options) == 1 else f"({' OR '.join(options)})"

    def _name(self, attribute: str) -> str:
        self.attributes[f"#{attribute}"] = attribute
        return f"#{attribute}"

    def _value(self, value: str) -> str:
        name = f":v{len(self.values)}"
        self.values[name] = {"S": str(value)}
        return name
