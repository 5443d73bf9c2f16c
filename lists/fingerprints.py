"""What tells one file from another."""

import hashlib
from pathlib import Path

from lists.reading import Source


def sha256_of(source: Source) -> str:
    """The digest that tells one file from another."""
    if isinstance(source, bytes):
        return hashlib.sha256(source).hexdigest()
    with Path(source).open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
