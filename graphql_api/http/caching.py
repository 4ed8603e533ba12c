"""Conditional requests: whether a client has a response already. Pure."""


def matches(etag: str, if_none_match: str) -> bool:
    """Return whether the client has this response (RFC 9110, section 13.1.2, weak comparison)."""
    known = {tag.strip().removeprefix("W/") for tag in if_none_match.split(",")}
    return etag.removeprefix("W/") in known or known == {"*"}
