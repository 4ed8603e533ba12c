"""The frame of the pages for people."""

from html import escape

from werkzeug.wrappers import Response

_PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="icon" href="data:,">
<main><h1>{title}</h1>
{body}
</main>
</html>
"""


def page(title: str, body: str, status: int = 200) -> Response:
    """Return a page with a title, which is text, and a body, which is HTML."""
    text = _PAGE.format(title=escape(title), body=body)
    return Response(text, status, content_type="text/html; charset=utf-8")
