"""Folders that are built once for each content.

Owns the digests that name the folders. A folder appears complete or not at all. Independent of what
the folders contain.
"""

import hashlib
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Built:
    """A built folder, and the digest of everything that it was made from."""

    path: Path
    digest: str


def digest_of(*parts: str | bytes) -> str:
    """Return the SHA-256 of the parts, each with its length, as hexadecimal digits."""
    digest = hashlib.sha256()
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        digest.update(len(data).to_bytes(8, "big") + data)
    return digest.hexdigest()


def contents_of(files: Iterable[Path], root: Path) -> Iterator[bytes]:
    """Yield the name and the content of each file; `files` are relative to `root`."""
    for file in sorted(files):
        yield str(file).encode()
        yield (root / file).read_bytes()


def build_once(path: Path, digest: str, fill: Callable[[Path], None]) -> Built:
    """Return the folder `path`; if it does not exist, let `fill` write its files first.

    `fill` gets a temporary folder, which is then renamed: parallel builds never see half a folder.
    """
    if not path.is_dir():
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=".building-") as folder:
            filled = Path(folder, "bundle")
            filled.mkdir()
            fill(filled)
            try:
                filled.rename(path)
            except OSError:
                if not path.is_dir():
                    raise
    return Built(path, digest)
