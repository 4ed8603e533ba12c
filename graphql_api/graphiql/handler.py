"""The Lambda function behind /graphiql. It serves the page and its assets, which Vite builds.

This is a separate function, so that the query function does not load these files. It reads no
table, and needs no API key. The page asks the user for a key and keeps it in the browser tab.
"""

from pathlib import Path

from graphql_api.static_site.serving import serving
from graphql_api.static_site.site import StaticSite

site = StaticSite(
    Path(__file__).parent / "dist",
    name="graphiql",
    # The editor sets its theme and the positions of lines with style elements and attributes.
    policy={"style-src": "'self' 'unsafe-inline'"},
)

handler = serving(site)
