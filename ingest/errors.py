"""What can go wrong between a delivery and its row, each with a stable machine-readable `reason`.

Owns the exception tree of `ingest` and nothing else. A reason is part of the answers and logs that
people search for: it never changes its spelling and never holds anything of a request's body.
"""


class IngestError(Exception):
    """The base of all errors of this package."""

    def __init__(self, reason: str) -> None:
        """Keep the stable, machine-readable reason."""
        super().__init__(reason)
        self.reason = reason


class InvalidAlertError(IngestError):
    """A payload or an event's detail that does not describe an alert."""


class HookRangesError(IngestError):
    """The ranges of GitHub's hooks cannot be fetched, understood, read or stored."""


class WebhookError(IngestError):
    """A delivery is refused: `status` is the HTTP answer, `reason` its body."""

    def __init__(self, status: int, reason: str) -> None:
        """Keep the HTTP status beside the reason."""
        super().__init__(reason)
        self.status = status


class SecretUnavailableError(WebhookError):
    """No value of the webhook secret is known, so no signature can be checked."""

    def __init__(self) -> None:
        """503: GitHub shows the delivery as failed, and it can be redelivered."""
        super().__init__(503, "secret_unavailable")


class BusUnavailableError(WebhookError):
    """The event bus refused the event or did not answer."""

    def __init__(self) -> None:
        """503: GitHub shows the delivery as failed, and it can be redelivered."""
        super().__init__(503, "bus_unavailable")
