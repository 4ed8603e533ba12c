"""How large a document may be, decided from its text and its syntax tree before validation.

Owns the bounds of characters, tokens, nesting, fields, aliases and root fields. Measures without
recursion, so that no document within the text bounds can exhaust the stack, and within its own
bounds neither can graphql-core. What a document may *read* is bounded by `reader`.
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
"""An alias is repeated in each row of an answer, and in the path of each error."""
BRACKETS = 32
"""Nested (), [] and {} in the text: the parser recurses into each of them."""

DEPTH = 16
"""The introspection query of common clients is 15 deep; questions about alerts end at 5."""
NESTING = 48
"""Fields, inline fragments and spreads around each other: validation recurses into each of them."""

FIELDS = 500
ALIASES = 60
ROOT_FIELDS = 30

# What can hide others (a comment, a block string, a string), a bracket, a name or a number. What
# follows an unfinished string is read wrongly here and not at all by the parser.
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
    """A document is over one of the bounds; the reason says which."""

    code = "LIMIT_EXCEEDED"

    def __init__(self, what: str, most: int, *, described: str = "") -> None:
        named = described or what.replace("_", " ")
        super().__init__(f"A document may have at most {most:,} {named}.")
        self.reason = f"too_many_{what}"


class FragmentCycleError(ApiError):
    """A fragment spreads itself, directly or by way of others: the document has no size."""

    code = "GRAPHQL_VALIDATION_FAILED"
    reason = "invalid_document"

    def __init__(self, name: str) -> None:
        super().__init__(f"Cannot spread fragment {name[:100]!r} within itself.")


class Size(NamedTuple):
    """How much is in a selection, with its fragments where they are spread."""

    depth: int = 0
    nesting: int = 0
    fields: int = 0
    aliases: int = 0
    top_fields: int = 0
    """The fields of the selection itself, and not of those within: an operation's root fields."""

    def plus(self, fragment: "Size", *, level: int, nesting: int) -> "Size":
        """Return both together: the fragment is spread this many fields and selections deep."""
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
    """An operation or a fragment: its own size, and the fragments that it spreads."""

    own: Size
    spreads: tuple[_Spread, ...]

    def size(self, fragments: Mapping[str, Size]) -> Size:
        """Return the whole size; fragments that do not exist have none."""
        size = self.own
        for name, level, nesting in self.spreads:
            size = size.plus(fragments.get(name, Size()), level=level, nesting=nesting)
        return size


def check_text(source: str) -> None:
    """Return if a document can be parsed within the bounds.

    Raises:
        TooLargeError: it has too many characters, also in a name, or too many nested brackets.
    """
    _bound("characters", len(source), SOURCE_CHARACTERS)
    nested = 0
    for opening, closing, word in _TOKENS.findall(source):
        if opening:
            nested += 1
            _bound("levels", nested, BRACKETS, described="levels of brackets")
        elif closing:
            nested -= 1
        elif not word.isdigit():
            _bound("characters", len(word), NAME_CHARACTERS, described="characters in a name")


def check_size(document: DocumentNode) -> None:
    """Return if a document is within the bounds.

    Raises:
        TooLargeError: any of its operations or fragments is over one of them.
        FragmentCycleError: a fragment spreads itself.
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
        _check(size)
        _bound("root_fields", size.top_fields, ROOT_FIELDS)
    # Fragments that no operation spreads are validated all the same.
    for size in fragments.values():
        _check(size)


def _check(size: Size) -> None:
    _bound("levels", size.depth, DEPTH, described="levels of fields")
    _bound("levels", size.nesting, NESTING, described="levels of fields and fragments")
    _bound("fields", size.fields, FIELDS)
    _bound("aliases", size.aliases, ALIASES)


def _bound(what: str, number: int, most: int, *, described: str = "") -> None:
    if number > most:
        raise TooLargeError(what, most, described=described)


def _sizes(definitions: Mapping[str, _Definition]) -> dict[str, Size]:
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
