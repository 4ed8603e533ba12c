"""The inputs of the action, which `action.yml` passes as environment variables. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from .conditions import Condition, parse_conditions
from .errors import ActionError
from .severities import SEVERITIES

_MOST_DAYS = 366


@dataclass(frozen=True)
class Inputs:
    """The inputs, checked. `organisation` is None if `repository` is to be shown."""

    url: str
    key: str
    audience: str
    organisation: str | None
    team: str | None
    repository: str
    days: int
    severities: tuple[str, ...]
    conditions: tuple[Condition, ...]

    @property
    def subject(self) -> str:
        """What the summary is about, such as `octo-org, team payments`."""
        name = self.organisation or self.repository
        return f"{name}, team {self.team}" if self.team else name


def read_inputs(environment: Mapping[str, str]) -> Inputs:
    """Return the inputs from the variables `GCSMTTR_…`.

    Raises:
        ActionError: An input is missing or wrong.
    """

    def text(name: str) -> str:
        return environment.get(f"GCSMTTR_{name}", "").strip()

    url, organisation, team = _address(text("URL")), text("ORGANISATION"), text("TEAM")
    if team and not organisation:
        raise ActionError("team: set organisation, too")
    repository = text("REPOSITORY")
    if not organisation and not re.fullmatch(r"[^\s/]+/[^\s/]+", repository):
        raise ActionError(f"repository = {repository!r}: must be owner/name")
    return Inputs(
        url=url,
        key=text("KEY"),
        audience=text("AUDIENCE") or url,
        organisation=organisation or None,
        team=team or None,
        repository=repository,
        days=_days(text("DAYS") or "90"),
        severities=_severities(text("SEVERITIES")),
        conditions=parse_conditions(text("FAIL_WHEN")),
    )


def _address(url: str) -> str:
    parts = urlsplit(url)
    is_here = parts.scheme == "http" and parts.hostname == "127.0.0.1"
    if not parts.hostname or not (parts.scheme == "https" or is_here):
        raise ActionError(f"url = {url!r}: must be the https address in the output GraphqlUrl")
    return url


def _days(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,3}", text) or not 1 <= int(text) <= _MOST_DAYS:
        raise ActionError(f"days = {text!r}: must be a whole number, 1 to {_MOST_DAYS}")
    return int(text)


def _severities(text: str) -> tuple[str, ...]:
    found = tuple(name.upper() for name in re.split(r"[\s,]+", text) if name)
    for name in found:
        if name not in SEVERITIES:
            raise ActionError(f"severities: {name!r} is not one of {', '.join(SEVERITIES)}")
    return found
