"""The schema: the fields that clients rely on, their descriptions, and schema.graphql."""

import difflib

import pytest
from graphql import (
    FieldDefinitionNode,
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    InputObjectTypeDefinitionNode,
    InputValueDefinitionNode,
    ObjectTypeDefinitionNode,
    build_schema,
    is_specified_scalar_type,
    parse,
    print_ast,
)

from graphql_api.sdl import FILE, sdl

# The names and types of the public GCSMTTR schema, then the fields that this API adds to them.
PUBLIC = {
    "Query": {
        "getAlert": "(id: ID): Alert",
        "getAlerts": "(limit: Int, nextToken: String): PaginatedAlerts!",
        "getRepositoryOverview": "(id: ID): RepositoryOverview",
        "getRepositoryOverviews": (
            "(limit: Int, nextToken: String): PaginatedRepositoryOverviews!"
        ),
        "repositoryOverviewbyRepositoryName": (
            "(repositoryName: String!, monthlyPeriod: String, limit: Int, sortDirection: Sort, "
            "nextToken: String): PaginatedRepositoryOverviews!"
        ),
        "repositoryOverviewbyMonthlyPeriod": (
            "(monthlyPeriod: String!, repositoryName: String, limit: Int, sortDirection: Sort, "
            "nextToken: String): PaginatedRepositoryOverviews!"
        ),
        "getOrganisationOverview": "(id: ID): OrganisationOverview",
        "getOrganisationOverviews": (
            "(limit: Int, nextToken: String): PaginatedOrganisationOverviews!"
        ),
        "organisationOverviewbyOrganisationName": (
            "(organisationName: String!, monthlyPeriod: String, limit: Int, sortDirection: Sort, "
            "nextToken: String): PaginatedOrganisationOverviews!"
        ),
        "organisationOverviewbyMonthlyPeriod": (
            "(monthlyPeriod: String!, organisationName: String, limit: Int, sortDirection: Sort, "
            "nextToken: String): PaginatedOrganisationOverviews!"
        ),
    },
    "Alert": {
        "id": ": ID!",
        "alertID": ": Int!",
        "alertURL": ": String!",
        "organisationName": ": String!",
        "repositoryName": ": String!",
        "alertCreatedAtFullTimestamp": ": String",
        "alertCreatedAtYear": ": String",
        "alertCreatedAtMonth": ": String",
        "alertCreatedAtDate": ": String",
        "alertClosedAtFullTimestamp": ": String",
        "alertClosedAtYear": ": String",
        "alertClosedAtMonth": ": String",
        "alertClosedAtDate": ": String",
        "alertClosedAtReason": ": String",
        # Added to the public schema.
        "state": ": AlertState!",
        "severity": ": Severity!",
        "branch": ": Branch!",
        "tool": ": String",
        "rule": ": String",
        "createdAt": ": DateTime!",
        "closedAt": ": DateTime",
        "closedAs": ": ClosedAs",
        "timeToRemediate": "(unit: DurationUnit!): Float",
        "age": "(unit: DurationUnit!): Float",
        "ruleDescription": ": String",
        "ruleTags": ": [String!]!",
        "cwes": ": [String!]!",
        "path": ": String",
        "line": ": Int",
        "reopenedAt": ": [DateTime!]!",
    },
    "RepositoryOverview": {
        "id": ": ID!",
        "monthlyPeriod": ": String",
        "organisationName": ": String!",
        "repositoryName": ": String!",
        "openAlerts": ": Int",
        "numberFixed": ": Int",
        "numberManuallyCosed": ": Int",
        "numberManuallyClosed": ": Int",
        "totalTimeToRemediate": ": Float",
        "meanTimeToRemediate": ": Float",
    },
    "OrganisationOverview": {
        "id": ": ID!",
        "monthlyPeriod": ": String",
        "organisationName": ": String!",
        "openAlerts": ": Int",
        "numberFixed": ": Int",
        "numberManuallyCosed": ": Int",
        "numberManuallyClosed": ": Int",
        "totalTimeToRemediate": ": Float",
        "meanTimeToRemediate": ": Float",
    },
    "PaginatedAlerts": {"data": ": [Alert!]!", "nextToken": ": String"},
    "PaginatedRepositoryOverviews": {
        "data": ": [RepositoryOverview!]!",
        "nextToken": ": String",
    },
    "PaginatedOrganisationOverviews": {
        "data": ": [OrganisationOverview!]!",
        "nextToken": ": String",
    },
}
ENUMS = {
    "Sort": ["asc", "desc"],
    "AlertState": ["OPEN", "CLOSED"],
    "Branch": ["DEFAULT", "OTHER"],
    "ClosedAs": ["FIXED", "FALSE_POSITIVE", "WONT_FIX", "USED_IN_TESTS", "MITIGATED", "DISMISSED"],
    "Severity": ["CRITICAL", "HIGH", "MEDIUM", "LOW", "ERROR", "WARNING", "NOTE", "NONE"],
    "DurationUnit": ["MILLISECONDS", "HOURS", "DAYS"],
    "Visibility": ["PUBLIC", "PRIVATE", "INTERNAL"],
    "Interval": ["DAY", "WEEK", "MONTH", "TOTAL"],
    "BacklogMeasure": ["OPEN", "OVERDUE", "MEAN_AGE"],
    "ServiceLevelMeasure": ["DUE", "LATE", "OPEN", "NOT_MET"],
    "GroupBy": ["SEVERITY", "TOOL", "BRANCH", "REPOSITORY", "TEAM"],
    "Measure": [
        "OPENED",
        "CLOSED",
        "OPEN_AT_END",
        "MEAN_TIME_TO_REMEDIATE",
        "MEDIAN_TIME_TO_REMEDIATE",
        "P90_TIME_TO_REMEDIATE",
    ],
    "RuleKey": ["RULE", "CWE"],
    "RuleOrder": ["OPEN", "OPENED", "CLOSED", "FALSE_POSITIVE_SHARE", "MEDIAN_TIME_TO_REMEDIATE"],
}

# The part that this API adds to the public schema, with every argument and default.
ADDED = """
type Query {
  organisation(name: String!): Scope!
  repository(name: String!): Scope!
  organisations: [Scope!]!
}
type Scope {
  id: ID!
  name: String!
  lastEventAt: DateTime
  repositoryFacts: RepositoryFacts
  metrics(
    from: Day! = "now-11M/M"
    to: Day! = "now"
    interval: Interval! = MONTH
    groupBy: GroupBy
    top: Top
    filter: AlertFilter
    closedAs: [ClosedAs!]
    basis: Basis! = CLOSED
  ): [MetricsPoint!]!
  serviceLevels(
    from: Day! = "now-89d"
    to: Day! = "now"
    interval: Interval! = TOTAL
    groupBy: GroupBy
    top: ServiceLevelTop
    filter: AlertFilter
    targets: [ServiceLevelTargetInput!]
  ): [ServiceLevel!]!
  backlog(groupBy: GroupBy, top: BacklogTop, filter: AlertFilter): [Backlog!]!
  alerts(
    state: AlertState
    from: Day
    to: Day
    filter: AlertFilter
    rule: [String!]
    closedAs: [ClosedAs!]
    overdue: Boolean
    cwe: [String!]
    sortDirection: Sort! = desc
    limit: Int! = 100
    nextToken: String
  ): PaginatedAlerts!
  rules(
    from: Day! = "now-89d"
    to: Day! = "now"
    filter: AlertFilter
    closedAs: [ClosedAs!]
    by: RuleKey! = RULE
    orderBy: RuleOrder! = OPEN
    first: Int! = 20
  ): [RuleMetrics!]!
}
type RuleMetrics {
  key: String!
  description: String
  tool: String
  severity: Severity
  open: Int!
  opened: Int!
  closed: Int!
  falsePositiveShare: Float
  meanTimeToRemediate(unit: DurationUnit! = MILLISECONDS): Float
  medianTimeToRemediate(unit: DurationUnit! = MILLISECONDS): Float
}
type RepositoryFacts {
  visibility: Visibility
  archived: Boolean!
  topics: [String!]!
  team: String
  defaultBranch: String
}
type MetricsPoint {
  periodStart: DateTime!
  periodEnd: DateTime!
  group: String
  opened: Int!
  closed: Int!
  fixed: Int!
  falsePositive: Int!
  wontFix: Int!
  usedInTests: Int!
  mitigated: Int!
  dismissed: Int!
  reopened: Int!
  openAtEnd: Int!
  totalTimeToRemediate(unit: DurationUnit! = MILLISECONDS): Float!
  meanTimeToRemediate(unit: DurationUnit! = MILLISECONDS): Float
  medianTimeToRemediate(unit: DurationUnit! = MILLISECONDS): Float
  p90TimeToRemediate(unit: DurationUnit! = MILLISECONDS): Float
  percentileTimeToRemediate(percent: Float!, unit: DurationUnit! = MILLISECONDS): Float
  shareClosedWithin(days: Int!): Float
  net: Int!
  netResolveRate: Float
  change(of: Measure!): Float
  before(of: Measure!, unit: DurationUnit! = MILLISECONDS): Float
}
type Backlog {
  group: String
  open: Int!
  meanAge(unit: DurationUnit! = MILLISECONDS): Float
  medianAge(unit: DurationUnit! = MILLISECONDS): Float
  percentileAge(percent: Float!, unit: DurationUnit! = MILLISECONDS): Float
  olderThan(days: Int!): Int!
  overdue: Int!
  dueWithin(days: Int!): Int!
}
input BacklogTop {
  groups: Int!
  by: BacklogMeasure!
}
input AlertFilter {
  severity: [Severity!]
  tool: [String!]
  branch: Branch
  repository: [String!]
  team: [String!]
  topic: [String!]
  visibility: [Visibility!]
  archived: Boolean
  notRepository: [String!]
}
input Top {
  groups: Int!
  by: Measure!
}
type Alert {
  state: AlertState!
  severity: Severity!
  branch: Branch!
  tool: String
  rule: String
  createdAt: DateTime!
  closedAt: DateTime
  closedAs: ClosedAs
  timeToRemediate(unit: DurationUnit! = MILLISECONDS): Float
  age(unit: DurationUnit! = MILLISECONDS): Float
  ruleDescription: String
  ruleTags: [String!]!
  cwes: [String!]!
  path: String
  line: Int
  reopenedAt: [DateTime!]!
  dueAt: DateTime
  overdue: Boolean!
}
type ServiceLevelTarget {
  severity: Severity!
  days: Int!
}
input ServiceLevelTargetInput {
  severity: Severity!
  days: Int!
}
input ServiceLevelTop {
  groups: Int!
  by: ServiceLevelMeasure!
}
type ServiceLevel {
  periodStart: DateTime!
  periodEnd: DateTime!
  group: String
  severity: Severity!
  targetDays: Int!
  due: Int!
  met: Int!
  late: Int!
  open: Int!
  compliance: Float
}
"""
SCHEMA = build_schema(sdl())


@pytest.mark.parametrize("name", PUBLIC)
def test_public_fields_keep_name_type_and_nullability(name: str) -> None:
    type_ = SCHEMA.type_map[name]
    assert isinstance(type_, GraphQLObjectType)
    fields = {}
    for field_name, field in type_.fields.items():
        arguments = ", ".join(f"{key}: {value.type}" for key, value in field.args.items())
        fields[field_name] = f"({arguments}): {field.type}" if arguments else f": {field.type}"
    assert {key: fields.get(key) for key in PUBLIC[name]} == PUBLIC[name]


@pytest.mark.parametrize("name", ENUMS)
def test_enums_keep_values_and_order(name: str) -> None:
    type_ = SCHEMA.type_map[name]
    assert isinstance(type_, GraphQLEnumType)
    assert list(type_.values) == ENUMS[name]


def test_added_fields_keep_name_type_default_and_nullability() -> None:
    for wanted in parse(ADDED).definitions:
        assert isinstance(wanted, ObjectTypeDefinitionNode | InputObjectTypeDefinitionNode)
        (found,) = (
            one
            for one in parse(sdl(), no_location=True).definitions
            if isinstance(one, type(wanted)) and one.name.value == wanted.name.value
        )
        texts = {one.name.value: without_description(one) for one in found.fields or ()}
        for field in wanted.fields or ():
            assert texts.get(field.name.value) == without_description(field)
        if wanted.name.value not in {"Query", "Alert"}:
            assert len(texts) == len(wanted.fields or ())


def without_description(node: FieldDefinitionNode | InputValueDefinitionNode) -> str:
    arguments = tuple(
        InputValueDefinitionNode(name=one.name, type=one.type, default_value=one.default_value)
        for one in getattr(node, "arguments", None) or ()
    )
    if isinstance(node, FieldDefinitionNode):
        return print_ast(FieldDefinitionNode(name=node.name, arguments=arguments, type=node.type))
    return print_ast(InputValueDefinitionNode(name=node.name, type=node.type))


def test_schema_graphql_equals_generated_schema() -> None:
    committed = FILE.read_text(encoding="utf-8").splitlines(keepends=True)
    generated = sdl().splitlines(keepends=True)
    diff = "".join(difflib.unified_diff(committed, generated, "schema.graphql", "the code"))
    assert not diff, f"run python -m graphql_api.sdl\n{diff}"


def test_everything_in_the_schema_has_a_description() -> None:
    missing = []
    for type_ in SCHEMA.type_map.values():
        if type_.name.startswith("__") or is_specified_scalar_type(type_):
            continue
        if not type_.description:
            missing.append(type_.name)
        if isinstance(type_, GraphQLEnumType):
            missing += [
                f"{type_.name}.{key}" for key, one in type_.values.items() if not one.description
            ]
        if isinstance(type_, GraphQLObjectType | GraphQLInterfaceType):
            for key, field in type_.fields.items():
                if not field.description:
                    missing.append(f"{type_.name}.{key}")
                missing += [
                    f"{type_.name}.{key}({name})"
                    for name, argument in field.args.items()
                    if not argument.description
                ]
        if isinstance(type_, GraphQLInputObjectType):
            missing += [
                f"{type_.name}.{key}" for key, one in type_.fields.items() if not one.description
            ]
    assert missing == []


def test_deprecated_fields_name_an_existing_replacement() -> None:
    deprecated = {}
    for type_ in SCHEMA.type_map.values():
        if isinstance(type_, GraphQLObjectType) and not type_.name.startswith("__"):
            for key, field in type_.fields.items():
                if field.deprecation_reason:
                    replacement = field.deprecation_reason.removeprefix("Use ").removesuffix(".")
                    assert replacement in type_.fields
                    deprecated[f"{type_.name}.{key}"] = replacement
    assert len([key for key in deprecated if key.startswith("Alert.alertC")]) == 9
    assert deprecated["RepositoryOverview.numberManuallyCosed"] == "numberManuallyClosed"
    assert deprecated["OrganisationOverview.numberManuallyCosed"] == "numberManuallyClosed"
