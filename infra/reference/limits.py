"""Every limit of the system in one list, for the reference in docs/.

Owns the description of each limit, for people who meet it. The numbers stay where they are applied:
each entry names its constants.
"""

from infra.reference.access_limits import ACCESS
from infra.reference.badge_limits import BADGES
from infra.reference.limit import Limit, limit
from infra.reference.webhook_limits import WEBHOOK

_DOCUMENT = "graphql_api.execution.limits"

LIMITS: dict[str, tuple[Limit, ...]] = {
    "The document of a query": (
        limit("Characters", f"{_DOCUMENT}.SOURCE_CHARACTERS", reason="too_many_characters"),
        limit("Tokens", f"{_DOCUMENT}.TOKENS", reason="too_many_tokens"),
        limit("Characters of a name", f"{_DOCUMENT}.NAME_CHARACTERS", reason="too_many_characters"),
        limit("Levels of brackets", f"{_DOCUMENT}.BRACKETS", reason="too_many_levels"),
        limit("Levels of fields", f"{_DOCUMENT}.DEPTH", reason="too_many_levels"),
        limit("Levels of fields and fragments", f"{_DOCUMENT}.NESTING", reason="too_many_levels"),
        limit("Fields, fragments expanded", f"{_DOCUMENT}.FIELDS", reason="too_many_fields"),
        limit("Aliases, fragments expanded", f"{_DOCUMENT}.ALIASES", reason="too_many_aliases"),
        limit("Fields of the root", f"{_DOCUMENT}.ROOT_FIELDS", reason="too_many_root_fields"),
        limit(
            "Levels of lists and objects in variables",
            "graphql_api.http.parameters.VARIABLE_LEVELS",
            reason="bad_variables",
        ),
    ),
    "The arguments of a query": (
        limit(
            "Rows of a page, `limit`",
            "graphql_api.reading.reader.MAX_LIMIT",
            "graphql_api.reading.reader.DEFAULT_LIMIT",
            form="1 to {:,}; {} by default",
            reason="bad_limit",
        ),
        limit(
            "Characters of `nextToken`",
            "graphql_api.reading.cursor._MAX_TOKEN_LENGTH",
            reason="bad_cursor",
        ),
        limit(
            "`top.groups`",
            "graphql_api.selection.filters.MOST_GROUPS",
            form="1 to {:,}",
            reason="bad_top",
        ),
        limit(
            "`first` of `rules`",
            "graphql_api.schema.rules.MOST_RULES",
            form="1 to {}",
            reason="bad_first",
        ),
        limit(
            "Characters of an owner, and of a repository without it",
            "ingest.names.LONGEST_NAME",
            reason="bad_name",
        ),
        limit(
            "Names in a filter's list",
            "graphql_api.vocabulary.lists.MOST_NAMES",
            reason="bad_name",
        ),
        limit(
            "Characters of a tool or a rule in a filter",
            "graphql_api.vocabulary.lists.LONGEST_TEXT",
            reason="bad_name",
        ),
        limit(
            "Years of a `Day`",
            "graphql_api.vocabulary.days.FIRST_YEAR",
            "graphql_api.vocabulary.days.LAST_YEAR",
            form="{} to {}",
            reason="bad_date",
        ),
        limit(
            "Characters of a `Day`", "graphql_api.vocabulary.days.LONGEST_DAY", reason="bad_date"
        ),
        limit(
            "`days` of `olderThan` and `dueWithin`",
            "graphql_api.schema.backlog.MOST_DAYS",
            form="0 to {:,}",
            reason="bad_days",
        ),
        limit(
            "`days` of `shareClosedWithin` and of `targets`",
            "rollup.metrics.histogram.EXACT_DAYS",
            form="{}",
            reason="bad_days",
        ),
        limit(
            "`percent` of `percentileTimeToRemediate` and `percentileAge`",
            "graphql_api.vocabulary.percents.LEAST_PERCENT",
            "graphql_api.vocabulary.percents.GREATEST_PERCENT",
            form="{:.0f} to {}",
            reason="bad_percent",
        ),
    ),
    "The work and the response of a query": (
        limit(
            "Requests a second, all queries and pages; in a burst",
            "infra.constructs.gateway.REQUESTS_PER_SECOND",
            "infra.constructs.gateway.BURST",
            form="{:,}; {:,}",
        ),
        limit(
            "Bytes of the body", "graphql_api.http.service.LONGEST_BODY", reason="body_too_large"
        ),
        limit(
            "Reads of the tables",
            "graphql_api.reading.budget.READS_PER_REQUEST",
            reason="too_many_reads",
        ),
        limit(
            "Bytes that are read from the tables",
            "graphql_api.reading.budget.BYTES_PER_REQUEST",
            reason="too_many_bytes",
        ),
        limit(
            "Seconds of waiting for a busy table",
            "graphql_api.reading.table_client.MAX_WAIT_S",
            form="{:.0f}",
            reason="busy",
        ),
        limit("Reads for one page of a list", "graphql_api.reading.reader.READS_PER_PAGE"),
        limit(
            "Alerts that a page by `cwe` searches",
            "graphql_api.selection.rules.cwe_pages.SEARCHED_PER_PAGE",
        ),
        limit(
            "Rows of all series",
            "graphql_api.reading.budget.ROWS_PER_REQUEST",
            reason="too_many_rows",
        ),
        limit(
            "Days and months that all series are made of",
            "graphql_api.reading.budget.PERIODS_PER_REQUEST",
            reason="too_many_periods",
        ),
        limit(
            "Alerts that all `rules` are counted from, by RULE",
            "graphql_api.reading.budget.ALERTS_PER_REQUEST",
            reason="too_many_alerts",
        ),
        limit(
            "Alerts for each read that is left, by CWE",
            "graphql_api.reading.table_client.KEYS_PER_READ",
            reason="too_many_alerts",
        ),
        limit(
            "Values of all lists: rows times fields",
            "graphql_api.reading.budget.VALUES_PER_REQUEST",
            reason="too_many_values",
        ),
        limit(
            "Bytes of the response",
            "graphql_api.http.service.LARGEST_RESPONSE",
            reason="answer_too_large",
        ),
        limit("Errors in a response", "graphql_api.execution.error_format.MOST_SHOWN"),
        limit("Errors of validation in a response", "graphql_api.execution.engine.MOST_ERRORS"),
        limit(
            "Characters of an error's message", "graphql_api.execution.error_format.LONGEST_MESSAGE"
        ),
        limit("Warnings in a response", "graphql_api.selection.unknown_names.MOST_WARNINGS"),
        limit(
            "Reads for the warnings of a response", "graphql_api.selection.unknown_names.MOST_READS"
        ),
        limit("Names that get suggestions", "graphql_api.selection.known_names.MOST_SUGGESTED"),
        limit("Suggestions for a name", "graphql_api.selection.closest.MOST"),
        limit("Seconds that a client may cache a GET", "graphql_api.http.service.CACHE_SECONDS"),
        limit(
            "Bytes of the smallest response that is compressed",
            "graphql_api.http.compression.SMALLEST_COMPRESSED",
        ),
    ),
    "API keys and tokens": ACCESS,
    "A badge": BADGES,
    "A webhook": WEBHOOK,
    "An alert and the overviews": (
        limit(
            "Changes of an alert",
            "ingest.recording.next_row.MAX_CHANGES",
            reason="too_many_changes",
        ),
        limit(
            "Bytes of an alert's packed changes",
            "ingest.recording.next_row.MAX_CHANGES_BYTES",
            reason="too_many_changes",
        ),
        limit(
            "Reopenings and earlier closings of an alert that count",
            "ingest.alerts.lifecycle.LAST_KEPT",
        ),
        limit("Tools that a row names; more are pooled", "rollup.metrics.tool_limit.MAX_TOOLS"),
        limit("Bytes of packed counts in an item", "rollup.rows.parts.MAX_CELLS_BYTES"),
        limit("Bytes of packed counts in a transaction", "rollup.stores.transaction.MAX_BYTES"),
        limit(
            "Receives of a message before it is a dead letter",
            "infra.constructs.rollups.RECEIVES_BEFORE_DEAD",
        ),
    ),
}
