"""The details in GitHub's object of an alert: rule, location and dismisser.

Owns where they are and how they are shortened. A missing or malformed value is left out; it never
makes an alert invalid. Pure.
"""

from ingest.facts.details import (
    LONGEST_DESCRIPTION,
    LONGEST_LOGIN,
    LONGEST_PATH,
    LONGEST_TAG,
    MAX_TAGS,
    ActorKind,
    Details,
    is_line,
)
from ingest.payloads.values import JsonObject, label, mapping_or_empty

_APP = "bot"


def details_of(alert: JsonObject, *, keep_actors: bool) -> Details | None:
    """Return the details in an alert's object, or None if there are not any.

    A person's login is read only if `keep_actors` is set.
    """
    rule = mapping_or_empty(alert.get("rule"))
    instance = mapping_or_empty(alert.get("most_recent_instance"))
    location = mapping_or_empty(instance.get("location"))
    line = location.get("start_line")
    actor = mapping_or_empty(alert.get("dismissed_by"))
    kind = _kind_of(actor)
    details = Details(
        description=label(_one_line(rule.get("description")), LONGEST_DESCRIPTION),
        tags=_tags(rule.get("tags")),
        path=label(location.get("path"), LONGEST_PATH),
        start_line=line if isinstance(line, int) and is_line(line) else None,
        dismissed_by=kind,
        dismisser=label(actor.get("login"), LONGEST_LOGIN)
        if keep_actors and kind is ActorKind.USER
        else None,
    )
    return None if details == Details() else details


def _kind_of(actor: JsonObject) -> ActorKind | None:
    kind = actor.get("type")
    if not actor:
        return None
    is_app = isinstance(kind, str) and kind.lower() == _APP
    return ActorKind.APP if is_app else ActorKind.USER


def _tags(value: object) -> tuple[str, ...]:
    tags = value if isinstance(value, list) else []
    labels = {found for tag in tags if (found := label(tag, LONGEST_TAG))}
    return tuple(sorted(labels)[:MAX_TAGS])


def _one_line(value: object) -> object:
    return " ".join(value.split()) if isinstance(value, str) else value
