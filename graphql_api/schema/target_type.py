"""The GraphQL type ServiceLevelTarget: within how many days alerts of a severity must be closed."""

from typing import Self

import strawberry

from graphql_api.vocabulary.enums import Severity
from rollup.service_levels.targets import Targets


@strawberry.type(description="The service level target of one severity.")
class ServiceLevelTarget:
    """The GraphQL type ServiceLevelTarget."""

    severity: Severity = strawberry.field(description="The severity of the alerts.")
    days: int = strawberry.field(
        description="An alert is due this number of days of 24 hours after its creation."
    )

    @classmethod
    def list_of(cls, targets: Targets) -> list[Self]:
        """Return the targets, most severe first."""
        return [cls(severity=severity, days=days) for severity, days in targets.items()]
