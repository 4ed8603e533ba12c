"""The GraphiQL page of a bundle, built with npm from its sources in `graphql_api/graphiql`.

Owns the list of files that the page is made of. How they are built is in `package.json` and
`graphql_api/graphiql/vite.config.js`.
"""

import subprocess
from pathlib import Path

from infra.bundles.errors import BundleError
from infra.bundles.folders import Built, build_once, contents_of, digest_of
from infra.config import Config

SOURCES = (
    *(f"graphql_api/graphiql/*.{ending}" for ending in ("css", "html", "js", "jsx")),
    "examples/queries/*.graphql",
    "package.json",
    "package-lock.json",
)


def build_front_end(config: Config, *, root: Path) -> Built:
    """Return the folder with the page, built unless it exists.

    Raises:
        BundleError: npm is missing, or the build fails.
    """
    found = {file for pattern in SOURCES for file in root.glob(pattern) if file.is_file()}
    digest = digest_of(*contents_of({file.relative_to(root) for file in found}, root))

    def fill(folder: Path) -> None:
        command = ["npm", "run", "--silent", "build:graphiql", "--", "--outDir", str(folder)]
        try:
            subprocess.run(command, cwd=root, check=True, capture_output=True, text=True)  # noqa: S603
        except FileNotFoundError as error:
            raise BundleError(
                "npm is missing, which builds GraphiQL: install Node, then run `npm ci`"
            ) from error
        except subprocess.CalledProcessError as error:
            raise BundleError(f"`{' '.join(command)}` failed:\n{error.stderr.strip()}") from error

    return build_once(config.bundle_dir / "front-end" / digest[:16], digest, fill)
