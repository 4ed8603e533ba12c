"""The errors between a delivery and its row, each with a stable, machine-readable `reason`.

Owns the exception tree of `ingest`. People search responses and logs for a reason, so it never
changes and never contains a part of a request's body.
"""


class IngestError(Exception):
    """The base of all errors of this package."""

    def __init__(self, reason: str) -> None:
        """Store the stable, machine-readable reason."""
        super().__init__(reason)
        self.reason = reason


class InvalidAlertError(IngestError):
    """A payload or the detail of an event does not describe an alert."""


class HookRangesError(IngestError):
    """GitHub's hook ranges cannot be fetched, parsed, read or stored."""


class WebhookError(IngestError):
    """A delivery is refused, with an HTTP `status` and a `reason` in the body of the response."""

    def __init__(self, status: int, reason: str) -> None:
        """Store the HTTP status and the reason."""
        super().__init__(reason)
        self.status = status


class SecretUnavailableError(WebhookError):
    """The webhook secret cannot be read, so signatures cannot be checked."""

    def __init__(self) -> None:
        """Set the status 503: GitHub shows the delivery as failed, and it can be redelivered."""
        super().__init__(503, "secret_unavailable")


class BusUnavailableError(WebhookError):
    """The event bus refused the event or did not respond."""

    def __init__(self) -> None:
        """Set the status 503: GitHub shows the delivery as failed, and it can be redelivered."""
        super().__init__(503, "bus_unavailable")
