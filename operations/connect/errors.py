"""The errors of the connection to GitHub, each with a stable `reason` and the next step."""

from operations.errors import OperationsError


class ConnectError(OperationsError):
    """The base of the errors of this task."""

    reason = "connect"

    def __init__(self, message: str, *, next_step: str) -> None:
        """State what failed and what to do about it."""
        super().__init__(message)
        self.next_step = next_step


class NoPublicAddressError(ConnectError):
    """GitHub cannot deliver to the address of the stack."""

    reason = "no_public_address"


class UnreachableServerError(ConnectError):
    """The server does not respond, or it is not a GitHub."""

    reason = "unreachable_server"


class WrongAccountError(ConnectError):
    """The account does not exist, or it is of the other kind."""

    reason = "wrong_account"


class AppRefusedError(ConnectError):
    """GitHub refuses the stored key of a connected App."""

    reason = "app_refused"


class CodeRefusedError(ConnectError):
    """GitHub does not exchange the code for the new App."""

    reason = "code_refused"


class NotStoredError(ConnectError):
    """The credentials of a new App could not be stored."""

    reason = "not_stored"


class NotInTimeError(ConnectError):
    """A person or GitHub took longer than the command waits."""

    reason = "not_in_time"


class NotConnectedError(ConnectError):
    """No App of the account is connected."""

    reason = "not_connected"
