"""The GraphQL type Access: what the API key or the token of a request permits."""

from typing import cast

import strawberry

from graphql_api.access import access
from graphql_api.schema.fields import field
from graphql_api.vocabulary.scalars import DateTime


@strawberry.type(description="What your API key or token permits.")
class Access:
    """The GraphQL type Access."""

    held: strawberry.Private[access.Access]

    @field(
        "The name of the key. For a token of GitHub Actions, `github-actions:` and the repository."
    )
    def name(self) -> str:
        return self.held.name

    @field(
        "The logins of the organisations that it can read, in lower case and in order. Null "
        "if it can read all."
    )
    def organisations(self) -> list[str] | None:
        limits = self.held.organisations
        return None if limits is None else sorted(limits)

    @field("When the key or the token expires. Null if the key is valid until it is revoked.")
    def expires_at(self) -> DateTime | None:
        return cast("DateTime | None", self.held.expires_at)
