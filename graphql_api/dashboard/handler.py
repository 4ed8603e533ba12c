"""The Lambda function behind /dashboard and /. It serves the page that Vite builds.

This is a separate function, so that the query function does not load these files. It reads no
table, and needs no API key. The page asks the user for a key, and shares it with GraphiQL.
"""

from pathlib import Path

from graphql_api.static_site.serving import serving
from graphql_api.static_site.site import StaticSite

site = StaticSite(Path(__file__).parent / "dist", name="dashboard")

handler = serving(site)
