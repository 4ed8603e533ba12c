"""Validation against GitHub's own schemas of responses and webhooks, which `extract` wrote.

Owns the checks of formats. A schema allows fields that it does not contain.
"""

import json
from datetime import datetime
from functools import cache
from typing import Any, cast
from urllib.parse import urlsplit

from jsonschema import Draft202012Validator, FormatChecker

from tests.support.github_schemas.extract import ERROR, FOLDER


def _is_time(value: object) -> bool:
    return not isinstance(value, str) or datetime.fromisoformat(value).tzinfo is not None


def _is_address(value: object) -> bool:
    return not isinstance(value, str) or bool(urlsplit(value).scheme and urlsplit(value).netloc)


_formats = FormatChecker(formats=())
_formats.checks("date-time", raises=ValueError)(_is_time)
_formats.checks("uri", raises=ValueError)(_is_address)


def validate_response(call: str, data: object) -> None:
    """Raise ValidationError if the data is not what a call such as `GET /app` returns."""
    _validator("rest.json", call).validate(data)


def validate_error(data: object) -> None:
    """Raise ValidationError if the data is not an error of the API."""
    _validator("rest.json", ERROR).validate(data)


def validate_webhook(event: str, payload: dict[str, Any]) -> None:
    """Raise ValidationError if the payload is not one of the event."""
    name = f"{event}.{payload.get('action', '')}".rstrip(".")
    _validator("webhooks.json", name.replace("_", "-").replace(".", "-")).validate(payload)


@cache
def _validator(file: str, name: str) -> Draft202012Validator:
    document = _document(file)
    schema = {**document["schemas"][name], "components": document["components"]}
    return Draft202012Validator(schema, format_checker=_formats)


@cache
def _document(file: str) -> dict[str, Any]:
    return cast("dict[str, Any]", json.loads((FOLDER / file).read_text()))
