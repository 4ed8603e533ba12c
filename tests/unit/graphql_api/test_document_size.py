"""The size of documents, measured from their text and their fragments without recursion."""

from collections.abc import Iterator

import pytest
from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLSyntaxError,
    Lexer,
    OperationDefinitionNode,
    SelectionSetNode,
    Source,
    TokenKind,
    parse,
)
from hypothesis import given
from hypothesis import strategies as st

from graphql_api.execution import limits
from graphql_api.execution.limits import FragmentCycleError, Size, TooLargeError, check_text
from tests.support.graphql_api.deployment import Deployment, deployed
from tests.support.graphql_api.wrong_requests import chain


@pytest.fixture(scope="module")
def deployment() -> Iterator[Deployment]:
    """Yield one deployment for all tests of this module. None of them writes."""
    with pytest.MonkeyPatch.context() as patch, deployed(patch) as shared:
        yield shared


def fields(number: int) -> str:
    """Return fields of the root with aliases."""
    return " ".join(f'a{n}: getAlert(id: "octo/cat/1") {{ id }}' for n in range(number))


@pytest.mark.parametrize(
    "document",
    [
        f"{{ ...f }} fragment f on Query {{ {fields(31)} }}",
        f"{{ ... {{ {fields(31)} }} }}",
        f"{{ ... on Query {{ ...f }} ...f {fields(1)} }} fragment f on Query {{ {fields(15)} }}",
        chain(20, f"{{ {fields(31)} }}"),
    ],
)
def test_root_fields_in_fragments_count(deployment: Deployment, document: str) -> None:
    assert deployment.ask(document).reasons == ["too_many_root_fields"]


def test_nested_fields_do_not_count_as_root_fields(deployment: Deployment) -> None:
    names = " ".join(["...f"] * 10)
    document = (
        f"{{ getAlerts {{ {names} }} }} fragment f on PaginatedAlerts {{ nextToken data {{ id }} }}"
    )
    assert deployment.ask(document).data == {"getAlerts": {"nextToken": None, "data": []}}
    assert deployment.ask(f"{{ ...f }} fragment f on Query {{ {fields(30)} }}").data


@pytest.mark.parametrize("length", [49, 490])
def test_long_fragment_chain_is_rejected_without_traceback(
    deployment: Deployment, capsys: pytest.CaptureFixture[str], length: int
) -> None:
    response = deployment.ask(chain(length))
    assert (response.status, response.reasons) == (200, ["too_many_levels"])
    assert response.json["errors"][0]["message"] == (
        "A document may have at most 48 levels of fields and fragments."
    )
    (line,) = capsys.readouterr().out.splitlines()
    assert len(line) < 1_000


@pytest.mark.parametrize("length", [1, 2, 45])
def test_fragment_chain_within_limits_is_executed(deployment: Deployment, length: int) -> None:
    assert deployment.ask(chain(length)).data == {"__typename": "Query"}


@pytest.mark.parametrize("length", [1, 2, 400])
def test_fragment_cycle_is_rejected(deployment: Deployment, length: int) -> None:
    response = deployment.ask(chain(length, "{ ...f0 }"))
    assert response.reasons == ["invalid_document"]
    assert "Cannot spread fragment 'f0' within itself" in response.text


def test_brackets_are_counted_before_parsing(deployment: Deployment) -> None:
    for document in ("{a" * 33, "{ a(b: " + "[" * 1_900, "query ($a: " + "[" * 1_900, "(" * 60_000):
        response = deployment.ask(document)
        assert response.reasons == ["too_many_levels"]
        assert response.json["errors"][0]["message"] == (
            "A document may have at most 32 levels of brackets."
        )


@pytest.mark.parametrize(
    "hidden", ['"%s"', '"""%s"""', "#%s\n", '"\\"%s"', '"""\\"""%s"""', '"""""" #%s\n', '"" #%s\n']
)
def test_brackets_in_strings_and_comments_do_not_count(hidden: str) -> None:
    text = hidden.replace("%s", "{" * 40)
    check_text(f"{{ a(b: {text} 1) }}")
    with pytest.raises(TooLargeError):
        check_text(f"{{ a(b: {text} {'[' * 40}")


def test_block_string_escapes_only_three_quotes() -> None:
    with pytest.raises(TooLargeError):
        check_text('{ a(b: """\\\\ """ ' + "[" * 40)
    check_text('{ a(b: """\\\\""" ' + "[" * 40)
    check_text('{ a(b: """\\\\""" [ """ ) }')


@pytest.mark.parametrize("name", ["x" * 101, "_" * 101, "x9" * 51])
def test_long_name_is_rejected_but_long_number_is_accepted(
    deployment: Deployment, name: str
) -> None:
    response = deployment.ask(f"{{ {name}: __typename }}")
    assert response.reasons == ["too_many_characters"]
    assert "100 characters in a name" in response.text
    assert deployment.ask(f"{{ {name[:100]}: __typename }}").data
    check_text(f'{{ a(b: {"9" * 500} c: "{name}" d: """{name}""") }} # {name}')


PIECES = st.sampled_from(
    [
        *'{}()[]"\\#',
        '"""',
        '\\"""',
        "a",
        " ",
        "\n",
        "\r",
        "é",
        "...",
        "$",
        "1",
        '""',
        "\\n",
        "\\u{41}",
    ]
)


OPENING = {TokenKind.BRACE_L, TokenKind.BRACKET_L, TokenKind.PAREN_L}
CLOSING = {TokenKind.BRACE_R, TokenKind.BRACKET_R, TokenKind.PAREN_R}


def lexed(text: str) -> tuple[int, bool]:
    """Return the nesting that graphql-core's lexer finds, and whether it reads the whole text."""
    nested = deepest = 0
    lexer = Lexer(Source(text))
    try:
        while (token := lexer.advance()).kind is not TokenKind.EOF:
            nested += (token.kind in OPENING) - (token.kind in CLOSING)
            deepest = max(deepest, nested)
    except GraphQLSyntaxError:
        return deepest, False
    return deepest, True


@given(st.lists(PIECES, max_size=60).map("".join))
def test_brackets_are_counted_like_in_lexer_of_graphql_core(text: str) -> None:
    deepest, is_whole = lexed(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(limits, "BRACKETS", deepest)
        if is_whole:
            check_text(text)
        if deepest:
            patch.setattr(limits, "BRACKETS", deepest - 1)
            with pytest.raises(TooLargeError):
                check_text(text)


@st.composite
def fragments(draw: st.DrawFn) -> str:
    """Draw an operation and fragments that spread each other, sometimes in a cycle."""
    names = draw(st.integers(1, 5))

    def selection(depth: int) -> str:
        kinds = ["a", "b: c", "spread", "inline", "inner"] if depth < 3 else ["a", "spread"]
        nodes = []
        for kind in draw(st.lists(st.sampled_from(kinds), min_size=1, max_size=3)):
            inner = selection(depth + 1) if kind in {"inline", "inner"} else ""
            spread = f"...f{draw(st.integers(0, names))}"
            nodes.append(
                {"spread": spread, "inline": f"... {inner}", "inner": f"d {inner}"}.get(kind, kind)
            )
        return "{ " + " ".join(nodes) + " }"

    definitions = [f"fragment f{n} on T {selection(1)}" for n in range(names)]
    return " ".join([selection(0), *draw(st.permutations(definitions))])


def expanded(
    selections: SelectionSetNode,
    known: dict[str, FragmentDefinitionNode],
    path: tuple[str, ...] = (),
) -> Size:
    """Return the size by its definition: replace each spread by its fragment."""
    depth = count = aliases = top = 0
    nesting = 1
    for node in selections.selections:
        if isinstance(node, FragmentSpreadNode):
            name = node.name.value
            if name in path:
                raise FragmentCycleError(name)
            inner = known[name].selection_set if name in known else None
            below, inner_path = 0, (*path, name)
        else:
            inner = node.selection_set  # type: ignore[attr-defined]
            below, inner_path = int(isinstance(node, FieldNode)), path
        if isinstance(node, FieldNode):
            count, aliases, top = count + 1, aliases + (node.alias is not None), top + 1
        if inner is not None:
            size = expanded(inner, known, inner_path)
            depth, nesting = max(depth, size.depth + below), max(nesting, size.nesting + 1)
            count, aliases = count + size.fields, aliases + size.aliases
            top += 0 if below else size.top_fields
    return Size(depth, nesting, count, aliases, top)


@given(fragments())
def test_document_size_includes_expanded_fragments(text: str) -> None:
    document = parse(text)
    known = {
        node.name.value: node
        for node in document.definitions
        if isinstance(node, FragmentDefinitionNode)
    }
    (operation,) = (
        node for node in document.definitions if isinstance(node, OperationDefinitionNode)
    )
    definitions = {name: limits._definition(node.selection_set) for name, node in known.items()}
    try:
        for name, node in known.items():
            expanded(node.selection_set, known, (name,))
    except FragmentCycleError:
        with pytest.raises(FragmentCycleError):
            limits._sizes(definitions)
        return
    sizes = limits._sizes(definitions)
    found = limits._definition(operation.selection_set).size(sizes)
    assert found == expanded(operation.selection_set, known)
