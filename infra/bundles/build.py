"""Builds a bundle: its packages, its modules and, for one of them, its page, in one folder.

The folder is kept under a name made of everything that went into it, so an unchanged bundle is not
built again.
"""

import os
import shutil
from pathlib import Path

from infra.bundles.bundle import Bundle
from infra.bundles.compilation import compile_modules
from infra.bundles.folders import Built, build_once, contents_of, digest_of
from infra.bundles.front_end import build_front_end
from infra.bundles.import_closure import import_closure
from infra.bundles.packages import build_packages
from infra.config import Config
from infra.paths import ROOT


def build(bundle: Bundle, config: Config, *, root: Path = ROOT) -> Built:
    """Return the folder of a bundle, built unless it exists.

    Raises:
        BundleError: A part cannot be built, or a handler module does not exist.
    """
    sources = import_closure(bundle.handlers, bundle.packages, root=root)
    parts = {Path(): build_packages(bundle, config, root=root)}
    if bundle.page is not None:
        where = Path("graphql_api", bundle.page, "dist")
        parts[where] = build_front_end(bundle.page, config, root=root)
    digest = digest_of(*(part.digest for part in parts.values()), *contents_of(sources, root))

    def fill(folder: Path) -> None:
        for where, part in parts.items():
            target = folder / where
            shutil.copytree(part.path, target, dirs_exist_ok=True, copy_function=os.link)
        for file in sources:
            (folder / file).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(root / file, folder / file)
        packages = sorted({folder / file.parts[0] for file in sources})
        compile_modules(packages, bundle=folder, python=config.python)

    return build_once(config.bundle_dir / f"{bundle.name}-{digest[:16]}", digest, fill)
