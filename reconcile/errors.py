"""The errors of this package, each with a stable, machine-readable `reason`."""


class ReconcileError(Exception):
    """The base of all errors of this package."""

    reason: str


class StoredAlertsBusyError(ReconcileError):
    """The table of alerts left keys unprocessed in every attempt."""

    reason = "stored_alerts_busy"


class OvertakenError(ReconcileError):
    """Another run of the same task saved its progress in the meantime."""

    reason = "overtaken"
