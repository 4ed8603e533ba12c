"""Accelerators: measures for speed, one module each. Only the handler switches them on.

Without accelerators the service returns the same responses, with graphql-core's executor, Mangum,
botocore's client and parser, and powertools' Logger. `GCSMTTR_ACCELERATORS`, for tests and the
benchmark only, selects the accelerators of a process: `off`, or their names with commas between them.
By default all are on. `make bench` prints what each of them saves.

The following names are private to a library, or the library does not document them. If a new release
changes one, the tests in the last column fail. `tests/unit/graphql_api/test_accelerators.py` compares
the responses with and without accelerators, and finds private names that are missing in this list.

| library | name | used in | guarded by |
| --- | --- | --- | --- |
| Strawberry | `Schema._schema` | `execution.engine`, `schema.root` | test_schema, test_projection |
| Strawberry | `GraphQLCoreConverter.DEFINITION_BACKREF` | `flat_types`, `leaf` | test_projection |
| Strawberry | `schema_converter.get_arguments`, `Schema.schema_converter.scalar_registry` | `flat_types` | test_projection |
| Strawberry | `StrawberryField.base_resolver` and its `wrapped_func`, `info_parameter`, `self_parameter`, `parent_parameter`, `root_parameter` | `flat_types` | test_projection |
| Strawberry | `Info(_raw_info=, _field=)` | `flat_types` | test_projection |
| Strawberry | `__strawberry_definition__` of an enum | `vocabulary.enums` | test_schema |
| graphql-core | `Executor.complete_list_value`, `complete_object_value`, `collect_subfields`, `build_resolve_info`, `variable_values` | `projection`, `execution.bounded_executor` | test_projection, test_budget |
| graphql-core | `execution.values.get_argument_values`, `execution.collect_fields.FieldDetailsList` | `projection` | test_projection |
| graphql-core | `parse` reports too many tokens as "Parsing aborted" | `execution.engine` | test_document_size |
| Mangum | `Mangum._setup_event_loop`, `infer`, `protocols.HTTPCycle.run` and its `status`, `headers`, `body` | `mangum_adapter` | test_adapter |
| botocore | `Loader.list_available_services`, `load_data_with_path`, the data file `partitions` | `dynamodb_endpoints` | test_dynamodb_client |
| botocore | the components `data_loader` and `response_parser_factory`, `parsers.JSONParser.parse` | `accelerators`, `dynamodb_parser` | test_dynamodb_client, test_dynamodb_responses |
"""  # noqa: E501

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

SETTING = "GCSMTTR_ACCELERATORS"
NAMES = (
    "garbage_collection",
    "document_cache",
    "projection",
    "mangum_adapter",
    "log_line",
    "dynamodb_endpoints",
    "dynamodb_requests",
    "dynamodb_parser",
)
"""Each is a module of this package."""


def selected(environment: Mapping[str, str]) -> frozenset[str]:
    """Return the names of the accelerators that an environment selects.

    Raises:
        ValueError: It names an accelerator that does not exist.
    """
    setting = environment.get(SETTING)
    if setting is None:
        return frozenset(NAMES)
    names = frozenset(setting.split(",")) - {"", "off"}
    if unknown := sorted(names.difference(NAMES)):
        raise ValueError(
            f"{SETTING} names {', '.join(unknown)}, but must be off or some of {', '.join(NAMES)}."
        )
    return names


@contextmanager
def starting(names: frozenset[str]) -> Iterator[None]:
    """Accelerate the start of the process inside a `with` block: its imports and its schema."""
    if "garbage_collection" not in names:
        yield
        return
    from graphql_api.accelerators.garbage_collection import paused

    with paused():
        yield
