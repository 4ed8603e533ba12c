"""How large a document may be: told from the parsed document alone, before it is validated.

Owns the bounds of depth, aliases, fields and tokens. What a document may *read* is bounded by
`reader`.
"""

from typing import NamedTuple

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
)

from graphql_api.errors import ApiError

SOURCE_CHARACTERS = 65_536
TOKENS = 4_000
DEPTH = 16
"""The introspection query of common clients is 15 deep; questions about alerts end at 5."""
FIELDS = 500
ALIASES = 60
ROOT_FIELDS = 30


class TooLargeError(ApiError):
    """A document is over one of the bounds; the reason says which."""

    code = "LIMIT_EXCEEDED"

    def __init__(self, what: str, most: int) -> None:
        super().__init__(f"A document may have at most {most:,} {what.replace('_', ' ')}.")
        self.reason = f"too_many_{what}"


class Size(NamedTuple):
    """How much is in a selection, with its fragments where they are spread."""

    depth: int = 0
    fields: int = 0
    aliases: int = 0

    def plus(self, other: "Size", *, levels: int) -> "Size":
        """Return both together, where `other` lies this many levels below."""
        return Size(
            max(self.depth, other.depth + levels),
            self.fields + other.fields,
            self.aliases + other.aliases,
        )


def check_size(document: DocumentNode) -> None:
    """Do nothing for a document within the bounds.

    Raises:
        TooLargeError: any of its operations is over one of them.
    """
    fragments = {
        node.name.value: node
        for node in document.definitions
        if isinstance(node, FragmentDefinitionNode)
    }
    known: dict[str, Size] = {}
    for node in document.definitions:
        if isinstance(node, OperationDefinitionNode):
            _check(_measure(node.selection_set, fragments, known))
            _bound("root_fields", len(node.selection_set.selections), ROOT_FIELDS)
    # Fragments that no operation spreads are validated all the same.
    for name in fragments:
        _check(_fragment(name, fragments, known))


def _check(size: Size) -> None:
    _bound("levels", size.depth, DEPTH)
    _bound("fields", size.fields, FIELDS)
    _bound("aliases", size.aliases, ALIASES)


def _bound(what: str, number: int, most: int) -> None:
    if number > most:
        raise TooLargeError(what, most)


def _measure(
    selections: SelectionSetNode | None,
    fragments: dict[str, FragmentDefinitionNode],
    known: dict[str, Size],
) -> Size:
    size = Size()
    for node in () if selections is None else selections.selections:
        if isinstance(node, FieldNode):
            size = size.plus(Size(0, 1, int(node.alias is not None)), levels=0)
            size = size.plus(_measure(node.selection_set, fragments, known), levels=1)
        elif isinstance(node, InlineFragmentNode):
            size = size.plus(_measure(node.selection_set, fragments, known), levels=0)
        elif isinstance(node, FragmentSpreadNode):
            size = size.plus(_fragment(node.name.value, fragments, known), levels=0)
    return size


def _fragment(
    name: str, fragments: dict[str, FragmentDefinitionNode], known: dict[str, Size]
) -> Size:
    if name not in known:
        # Counted as nothing while it is measured: validation refuses cycles and unknown names.
        known[name] = Size()
        if name in fragments:
            known[name] = _measure(fragments[name].selection_set, fragments, known)
    return known[name]
