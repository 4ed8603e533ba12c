"""Conditional writes by revision."""

from ingest.revision import unchanged_since


def test_first_write_requires_that_row_does_not_exist() -> None:
    assert unchanged_since(0) == {"ConditionExpression": "attribute_not_exists(revision)"}


def test_later_write_requires_revision_that_was_read() -> None:
    assert unchanged_since(7) == {
        "ConditionExpression": "revision = :read",
        "ExpressionAttributeValues": {":read": {"N": "7"}},
    }
