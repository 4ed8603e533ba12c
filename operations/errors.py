"""The errors of the commands, each with a stable, machine-readable `reason`.

Owns the exception tree of `operations`. The command line prints the message of such an error and
its next step.
"""


class OperationsError(Exception):
    """The base of all errors of this package.

    Attributes:
        reason: The stable name of the error.
        next_step: What the user can do about it, as a sentence.
    """

    reason: str
    next_step: str


class NoStackError(OperationsError):
    """The stack does not exist, or it is not a stack of this project; the message names it."""

    reason = "no_stack"
    next_step = "Check the name, the region (AWS_REGION) and the credentials (AWS_PROFILE)."

    def __init__(self, stack: str, region: str) -> None:
        """Name the stack and the region."""
        super().__init__(f"This account has no GCSMTTR stack with the name {stack} in {region}.")


class NoLocalStackError(OperationsError):
    """No local stack runs. The message names the file that would describe it."""

    reason = "no_local_stack"
    next_step = "Start it with `make run`, and wait until it prints Ready."

    def __init__(self, file: object) -> None:
        """Name the missing file."""
        super().__init__(f"No local stack is running: {file} does not exist.")


class MissingOutputError(OperationsError):
    """The stack lacks an output that the command needs: an older version deployed it."""

    reason = "missing_output"
    next_step = "Deploy the stack again with this version of GCSMTTR."

    def __init__(self, stack: str, output: str) -> None:
        """Name the stack and the output."""
        super().__init__(f"The stack {stack} has no output {output}.")


class NoBadgesError(OperationsError):
    """The stack serves no badges."""

    reason = "no_badges"
    next_step = "Deploy this version of GCSMTTR with the setting badges true, the default."

    def __init__(self, stack: str) -> None:
        """Name the stack."""
        super().__init__(f"The stack {stack} serves no badges.")


class AwsError(OperationsError):
    """AWS refused a request or cannot be reached."""

    reason = "aws"

    def __init__(self, message: str, *, next_step: str) -> None:
        """State what failed and what to do about it."""
        super().__init__(message)
        self.next_step = next_step


class GitHubAccessError(OperationsError):
    """The command lacks credentials that GitHub accepts for what it reads."""

    reason = "github_access"

    def __init__(self, message: str, *, next_step: str) -> None:
        """State what is missing and what to do about it."""
        super().__init__(message)
        self.next_step = next_step


class GitHubFailedError(OperationsError):
    """GitHub refused a request or cannot be reached."""

    reason = "github"

    def __init__(self, message: str, *, next_step: str) -> None:
        """State what failed and what to do about it."""
        super().__init__(message)
        self.next_step = next_step


class NoTokenError(OperationsError):
    """The environment has no token for GitHub."""

    reason = "no_token"

    def __init__(self, variable: str) -> None:
        """Name the variable."""
        super().__init__(f"The environment has no token for GitHub: {variable} is empty.")
        self.next_step = f"Create a token, and set {variable} to it."


class NoHookError(OperationsError):
    """No webhook is selected, or the selected one does not exist."""

    reason = "no_hook"

    def __init__(self, message: str, *, next_step: str) -> None:
        """State what is missing and what to do about it."""
        super().__init__(message)
        self.next_step = next_step


class ReconciliationError(OperationsError):
    """A reconciliation in the stack did not succeed."""

    reason = "reconciliation"

    def __init__(self, message: str, *, next_step: str) -> None:
        """State what failed and what to do about it."""
        super().__init__(message)
        self.next_step = next_step


class PublishingError(OperationsError):
    """The event bus or the table of alerts did not accept a request."""

    reason = "busy"
    next_step = "Run the command again: it continues where it stopped."


class AlreadyRunningError(OperationsError):
    """Another run of the same task is active."""

    reason = "already_running"
    next_step = "Let the other run end, or stop it, then run the command again."


class ReplayFailedError(OperationsError):
    """EventBridge ended a replay before all events were replayed."""

    reason = "replay_failed"
    next_step = "Replay the same period again. An event that is recorded twice changes nothing."

    def __init__(self, name: str, state: str, why: str) -> None:
        """Name the replay, its state and EventBridge's reason."""
        super().__init__(f"The replay {name} ended as {state}. {why}".rstrip())


class RedriveError(OperationsError):
    """A redrive did not succeed. The messages stay in the queue."""

    reason = "redrive_failed"
    next_step = (
        "Read the log of the function and fix the cause. The messages are still in the queue, so"
        " run the command again then."
    )
