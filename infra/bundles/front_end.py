"""The page of a bundle, built with npm from its sources: the dashboard or GraphiQL.

Owns the list of files that each page is made of. How they are built is in `package.json` and in the
page's `vite.config.js`.
"""

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from infra.bundles.errors import BundleError
from infra.bundles.folders import Built, build_once, contents_of, digest_of
from infra.config import Config

_SHARED = ("graphql_api/static_site/*.js", "package.json", "package-lock.json")
_GRAPHIQL = tuple(
    f"graphql_api/graphiql/*.{ending}" for ending in ("css", "html", "js", "jsx", "svg")
)
SOURCES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "dashboard": (
            *("dashboard/index.html", "dashboard/vite.config.js", "dashboard/src/**/*"),
            # The key, the address of the API and the icon are GraphiQL's.
            *_GRAPHIQL,
            *_SHARED,
        ),
        "graphiql": (*_GRAPHIQL, "examples/queries/*.graphql", *_SHARED),
    }
)
"""The patterns of the files that each page is made of, by the name of the page."""


def build_front_end(page: str, config: Config, *, root: Path) -> Built:
    """Return the folder with a page of `SOURCES`, built unless it exists.

    Raises:
        BundleError: npm is missing, or the build fails.
    """
    found = {file for pattern in SOURCES[page] for file in root.glob(pattern) if file.is_file()}
    # The links between the pages: none to a page that is not served.
    environment = {
        "VITE_DASHBOARD": str(config.dashboard_page).lower(),
        "VITE_GRAPHIQL": str(config.graphiql).lower(),
    }
    digest = digest_of(
        page, str(environment), *contents_of({file.relative_to(root) for file in found}, root)
    )

    def fill(folder: Path) -> None:
        command = ["npm", "run", "--silent", f"build:{page}", "--", "--outDir", str(folder)]
        try:
            subprocess.run(  # noqa: S603
                command,
                cwd=root,
                check=True,
                capture_output=True,
                text=True,
                env={**os.environ, **environment},
            )
        except FileNotFoundError as error:
            raise BundleError(
                f"npm is missing, which builds the page {page}: install Node, then run `npm ci`"
            ) from error
        except subprocess.CalledProcessError as error:
            raise BundleError(f"`{' '.join(command)}` failed:\n{error.stderr.strip()}") from error

    return build_once(config.bundle_dir / "front-end" / f"{page}-{digest[:16]}", digest, fill)
