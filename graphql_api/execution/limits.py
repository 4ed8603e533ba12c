"""The limits on the size of a document, checked in its text and its syntax tree before validation.

Owns the limits of characters, tokens, nesting, fields, aliases and root fields. Measures without
recursion and visits each fragment once, so no document can exhaust the stack or the time, here or
later in graphql-core. `reading.budget` limits what a document can read.

docs/architecture.md compares these limits with the limiters of Strawberry.
"""

import re
from collections.abc import Mapping
from typing import NamedTuple

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    OperationDefinitionNode,
    SelectionSetNode,
)

from graphql_api.vocabulary.errors import ApiError

SOURCE_CHARACTERS = 65_536
TOKENS = 4_000
NAME_CHARACTERS = 100
"""Each row of a response repeats an alias, and so does the path of each error."""
BRACKETS = 32
"""Nested (), [] and {} in the text. The parser recurses into each of them."""

DEPTH = 16
"""Nested fields. The introspection query of common clients has 15, a query for alerts at most 5."""
NESTING = 48
"""Nested fields, inline fragments and spreads. Validation recurses into each of them."""

FIELDS = 500
ALIASES = 60
ROOT_FIELDS = 30

# A comment, a block string or a string, in which brackets do not count; or a bracket, a name or a
# number. The text after an unfinished string is read wrongly here, but the parser rejects it.
_TOKENS = re.compile(
    r'''
    \#[^\n\r]*+
    | """(?:[^"\\]++|\\"""|\\|"(?!""))*+(?:""")?
    | "(?:[^"\\\n\r]++|\\.)*+"?
    | ([(\[{])
    | ([)\]}])
    | (\w++)
    ''',
    re.VERBOSE | re.ASCII,
)


class TooLargeError(ApiError):
    """A document exceeds a limit. The reason names the limit."""

    code = "LIMIT_EXCEEDED"

    def __init__(self, what: str, most: int, *, described: str = "") -> None:
        """Compose the reason from `what`, and the message from `described` if it is given."""
        named = described or what.replace("_", " ")
        super().__init__(f"A document may have at most {most:,} {named}.")
        self.reason = f"too_many_{what}"


class FragmentCycleError(ApiError):
    """A fragment spreads itself, directly or through other fragments."""

    code = "GRAPHQL_VALIDATION_FAILED"
    reason = "invalid_document"

    def __init__(self, name: str) -> None:
        super().__init__(f"Cannot spread fragment {name[:100]!r} within itself.")


class Size(NamedTuple):
    """The size of a selection, with each spread replaced by its fragment."""

    depth: int = 0
    nesting: int = 0
    fields: int = 0
    aliases: int = 0
    top_fields: int = 0
    """The fields of the selection itself, without nested fields: an operation's root fields."""

    def plus(self, fragment: "Size", *, level: int, nesting: int) -> "Size":
        """Return the sum of this size and of a fragment that is spread within it.

        Args:
            fragment: The size of the fragment.
            level: The number of fields around the spread.
            nesting: The number of selections around the spread.
        """
        return Size(
            max(self.depth, fragment.depth + level),
            max(self.nesting, fragment.nesting + nesting),
            self.fields + fragment.fields,
            self.aliases + fragment.aliases,
            self.top_fields + (fragment.top_fields if level == 0 else 0),
        )


class _Spread(NamedTuple):
    name: str
    level: int
    nesting: int


class _Definition(NamedTuple):
    """An operation or a fragment: its own size, and its spreads of fragments."""

    own: Size
    spreads: tuple[_Spread, ...]

    def size(self, fragments: Mapping[str, Size]) -> Size:
        """Return the size with all fragments. Unknown fragments count as empty."""
        size = self.own
        for name, level, nesting in self.spreads:
            size = size.plus(fragments.get(name, Size()), level=level, nesting=nesting)
        return size


def check_text(source: str) -> None:
    """Check the text of a document before it is parsed.

    Raises:
        TooLargeError: The text or a name has too many characters, or the brackets are nested too
            deeply.
    """
    _check_limit("characters", len(source), SOURCE_CHARACTERS)
    nested = 0
    for opening, closing, name_or_number in _TOKENS.findall(source):
        if opening:
            nested += 1
            _check_limit("levels", nested, BRACKETS, described="levels of brackets")
        elif closing:
            nested -= 1
        elif not name_or_number.isdigit():
            length = len(name_or_number)
            _check_limit("characters", length, NAME_CHARACTERS, described="characters in a name")


def check_size(document: DocumentNode) -> None:
    """Check the size of a parsed document.

    Raises:
        TooLargeError: An operation or a fragment exceeds a limit.
        FragmentCycleError: A fragment spreads itself.
    """
    definitions = {
        node.name.value: _definition(node.selection_set)
        for node in document.definitions
        if isinstance(node, FragmentDefinitionNode)
    }
    fragments = _sizes(definitions)
    operations = [
        _definition(node.selection_set).size(fragments)
        for node in document.definitions
        if isinstance(node, OperationDefinitionNode)
    ]
    for size in operations:
        _check_size(size)
        _check_limit("root_fields", size.top_fields, ROOT_FIELDS)
    # Validation also visits the fragments that no operation spreads.
    for size in fragments.values():
        _check_size(size)


def _check_size(size: Size) -> None:
    _check_limit("levels", size.depth, DEPTH, described="levels of fields")
    _check_limit("levels", size.nesting, NESTING, described="levels of fields and fragments")
    _check_limit("fields", size.fields, FIELDS)
    _check_limit("aliases", size.aliases, ALIASES)


def _check_limit(what: str, number: int, most: int, *, described: str = "") -> None:
    if number > most:
        raise TooLargeError(what, most, described=described)


def _sizes(definitions: Mapping[str, _Definition]) -> dict[str, Size]:
    """Return the size of each fragment. The path from the first fragment is a dict, not a stack."""
    sizes: dict[str, Size] = {}
    for start in definitions:
        path = {} if start in sizes else {start: iter(definitions[start].spreads)}
        while path:
            name, spreads = next(reversed(path.items()))
            spread = next((one.name for one in spreads if one.name not in sizes), None)
            if spread is None:
                sizes[name] = definitions[name].size(sizes)
                del path[name]
            elif spread in path:
                raise FragmentCycleError(spread)
            elif spread in definitions:
                path[spread] = iter(definitions[spread].spreads)
    return sizes


def _definition(selections: SelectionSetNode) -> _Definition:
    depth = deepest = fields = aliases = top_fields = 0
    spreads = []
    waiting = [(selections, 0, 1)]
    while waiting:
        found, level, nesting = waiting.pop()
        deepest = max(deepest, nesting)
        for node in found.selections:
            if isinstance(node, FragmentSpreadNode):
                spreads.append(_Spread(node.name.value, level, nesting))
                continue
            below = level
            if isinstance(node, FieldNode):
                below += 1
                depth = max(depth, level)
                fields += 1
                aliases += node.alias is not None
                top_fields += level == 0
            inner: SelectionSetNode | None = getattr(node, "selection_set", None)
            if inner is not None:
                waiting.append((inner, below, nesting + 1))
    own = Size(depth, deepest, fields, aliases, top_fields)
    return _Definition(own, tuple(spreads))
