"""Whether GitHub can deliver to the address of a stack. Pure."""

from ipaddress import ip_address
from urllib.parse import urlsplit

from github_rest.servers import Server
from operations.connect.errors import NoPublicAddressError


def check(webhook_url: str, server: Server) -> None:
    """Check that a server on another machine gets an address that is not of this machine.

    Raises:
        NoPublicAddressError: The server could not deliver to the address.
    """
    if is_here(webhook_url) and not is_here(server.web_url):
        raise NoPublicAddressError(
            f"{server.web_url} cannot deliver to {webhook_url}, an address of this machine.",
            next_step="Connect a stack in AWS. The stack of `make run` can only be connected to a"
            " GitHub on this machine: give its address with --enterprise-server.",
        )


def is_here(url: str) -> bool:
    """Return whether an address leads to this machine."""
    host = urlsplit(url).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
