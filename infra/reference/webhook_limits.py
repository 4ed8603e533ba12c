"""The limits of the deliveries of a webhook, for the list in `limits`."""

from infra.reference.limit import Limit, limit

WEBHOOK: tuple[Limit, ...] = (
    limit("Bytes of the body", "ingest.webhooks.delivery.MAX_BODY_BYTES", reason="body_too_large"),
    limit(
        "Time of a change after its receipt",
        "ingest.payloads.alert_object._FUTURE",
        form="{}",
        reason="time_in_the_future",
    ),
    limit(
        "Number of an alert",
        "ingest.names.LARGEST_ALERT_NUMBER",
        reason="alert_number_invalid",
    ),
    limit("Bytes kept of a tool's name, in UTF-8", "ingest.events.alert_event.LONGEST_TOOL"),
    limit("Bytes kept of a rule's id, in UTF-8", "ingest.events.alert_event.LONGEST_RULE"),
    limit(
        "Bytes kept of a rule's description, in UTF-8",
        "ingest.facts.details.LONGEST_DESCRIPTION",
    ),
    limit("Tags kept of a rule", "ingest.facts.details.MAX_TAGS"),
    limit("Bytes kept of a tag, in UTF-8", "ingest.facts.details.LONGEST_TAG"),
    limit("Bytes kept of a path, in UTF-8", "ingest.facts.details.LONGEST_PATH"),
    limit("Bytes kept of a login, in UTF-8", "ingest.facts.details.LONGEST_LOGIN"),
    limit("Topics kept of a repository", "ingest.facts.repository.MAX_TOPICS"),
    limit("Custom properties kept of a repository", "ingest.facts.repository.MAX_PROPERTIES"),
    limit("Values kept of a custom property", "ingest.facts.repository.MAX_PROPERTY_VALUES"),
    limit(
        "Bytes kept of a topic, a custom property or the name of a branch, in UTF-8",
        "ingest.facts.repository.LONGEST_LABEL",
    ),
    limit(
        "Seconds until a new webhook secret is accepted",
        "ingest.webhooks.secret_store.REFRESH_SECONDS",
    ),
    limit("Deliveries a second", "infra.constructs.pipeline.WEBHOOKS_PER_SECOND"),
    limit("Deliveries in a burst", "infra.constructs.pipeline.WEBHOOK_BURST"),
    limit(
        "Attempts to start the recording of an event",
        "infra.constructs.pipeline.DELIVERY_ATTEMPTS",
        "infra.constructs.pipeline.DELIVER_FOR",
        form="{} in {}",
    ),
    limit(
        "Time of an hourly run to redeliver lost deliveries, one a second",
        "infra.constructs.github_tasks.REDELIVERY_TIMEOUT",
        form="{}",
    ),
    limit("A dead letter is kept for", "infra.constructs.dead_letters.RETENTION", form="{}"),
)
