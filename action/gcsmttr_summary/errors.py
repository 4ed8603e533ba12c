"""The error of the action. Its text is shown at the job, so it says what to change."""


class ActionError(Exception):
    """The summary cannot be made."""
