"""The addresses of a GitHub: github.com, a data residency tenant of ghe.com, Enterprise Server.

Owns how the address of the API follows from the address that people know. Pure.
"""

from dataclasses import dataclass
from urllib.parse import urlsplit

_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
_GHES_API = "/api/v3"


@dataclass(frozen=True, slots=True)
class Server:
    """A GitHub.

    Attributes:
        web_url: The address of its pages, such as `https://github.com`, without a final slash.
        api_url: The address of its REST API, such as `https://api.github.com`.
    """

    web_url: str
    api_url: str


GITHUB_COM = Server(web_url="https://github.com", api_url="https://api.github.com")


def server_of(url: str) -> Server:
    """Return the server with this address, which can be that of its pages or of its API.

    Raises:
        ValueError: The address is not an https address of a server. Only the loopback can have
            http, since requests contain credentials.
    """
    parts = urlsplit(url.strip().rstrip("/"))
    host = parts.hostname or ""
    is_secure = parts.scheme == "https" or (parts.scheme == "http" and host in _LOOPBACK)
    if not host or not is_secure or parts.username or parts.query or parts.fragment:
        raise ValueError("the address of a GitHub must be https://HOST")
    if host in {"github.com", "www.github.com", "api.github.com"}:
        return GITHUB_COM
    if host.endswith(".ghe.com"):
        tenant = host.removeprefix("api.")
        return Server(web_url=f"https://{tenant}", api_url=f"https://api.{tenant}")
    web_url = f"{parts.scheme}://{parts.netloc}{parts.path.removesuffix(_GHES_API)}"
    return Server(web_url=web_url, api_url=web_url + _GHES_API)
