"""The name of a Scope, when something happened in it last, and the warnings about names.

Owns what all fields of Scope share: the subject, and the names that they record for warnings.
"""

import strawberry

from graphql_api.reading.attribute_values import spelling, text
from graphql_api.schema.context import Info
from graphql_api.schema.fields import field
from graphql_api.selection.filters import NO_CONDITIONS, Conditions
from graphql_api.selection.subject import Subject
from graphql_api.vocabulary.enums import GroupBy
from graphql_api.vocabulary.scalars import DateTime
from rollup.rows import attributes as names
from rollup.rows.overview_row import Level


@strawberry.type
class NamedScope:
    """An organisation or a repository. No field refers to this type, so the schema omits it."""

    level: strawberry.Private[Level]
    key: strawberry.Private[str]
    spelled: strawberry.Private[str]
    is_known: strawberry.Private[bool]

    @field("The same as `name`. Caches of clients use it.")
    def id(self, info: Info) -> strawberry.ID:
        return strawberry.ID(self._newest_spelling(info))

    @field(
        "The organisation's login, or the repository as `owner/name`, in its most recent spelling. "
        "If no event was received for this name, it is spelled as in the query."
    )
    def name(self, info: Info) -> str:
        return self._newest_spelling(info)

    @field(
        "When the most recent of the counted events happened. Null if no event was received for "
        "this name: all its zeros then mean that there is no data."
    )
    def last_event_at(self, info: Info) -> DateTime | None:
        self.record_names(info)
        total_row = info.context.overviews.total_row(self.level, self.key)
        at = None if total_row is None else text(total_row, names.LAST_EVENT_AT)
        return None if at is None else DateTime(at)

    def record_names(
        self,
        info: Info,
        conditions: Conditions = NO_CONDITIONS,
        group_by: GroupBy | None = None,
        *,
        found: bool = False,
    ) -> None:
        """Record the names for warnings. Names whose groups were found are known."""
        if conditions.has_names or not (found and group_by):
            info.context.unknown_names.record(self.subject(info), info.path, conditions, group_by)

    def subject(self, info: Info) -> Subject:
        """Return the organisation or repository, whose rows the context reads."""
        context = info.context
        return Subject(self.level, self.key, context.overviews, context.repositories)

    def _newest_spelling(self, info: Info) -> str:
        if self.is_known:
            return self.spelled
        self.record_names(info)
        total_row = info.context.overviews.total_row(self.level, self.key)
        return self.spelled if total_row is None else spelling(self.level, total_row)
