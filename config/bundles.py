"""Styles and scripts that nearly every page wants, as one file each.

On a weak signal each file costs a round trip, a phone fetches six at a time, and a comment costs as
much as what it explains. The sources stay apart, with their comments: Django's static files find
these put together, in development and for production alike.
"""

import atexit
import os
import re
import shutil
import tempfile
from functools import cache
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage

_PAGE = ("css/tokens.css", "css/app.css")
DARK = "screen and (prefers-color-scheme: dark)"
# By name: the sources, those of styles with the media they are for.
BUNDLES = {
    "css/page.css": (*_PAGE, f"css/dark.css {DARK}"),  # as the device is
    "css/page-dark.css": (*_PAGE, "css/dark.css screen"),
    "css/page-light.css": _PAGE,
    "js/page.js": ("js/shell.js", "js/busy.js", "js/find.js", "js/charts.js"),
    "js/form.js": ("js/keep.js", "js/picker.js", "js/wordlist.js"),
    "js/list.js": ("js/export.js", "js/bulk.js"),
}
# Comments of a style, and those of a script that have lines of their own: to tell one behind code
# from an address in quotes takes more than this.
_COMMENT = {".css": re.compile(r"/\*.*?\*/\s*", re.S), ".js": re.compile(r"^\s*//.*\n", re.M)}


def put_together(name: str) -> str:
    """The text of a bundle, comments left out. Each script keeps its names to itself, in a block of
    its own.
    """
    root = settings.BASE_DIR / "static"
    texts = []
    for one in BUNDLES[name]:
        path, _blank, media = one.partition(" ")
        source = root / path
        text = _COMMENT[source.suffix].sub("", source.read_text(encoding="utf-8"))
        block = f"@media {media} {{\n" if media else "{\n" if name.endswith(".js") else ""
        texts.append(f"{block}{text}}}\n" if block else text)
    return "".join(texts)


@cache
def folder() -> Path:
    """Where this process keeps its bundles, until it ends: whoever has found one goes on reading
    it, so they outlive the finder.
    """
    path = Path(tempfile.mkdtemp(prefix="bundles-"))
    for name in BUNDLES:
        (path / name).parent.mkdir(exist_ok=True)
        (path / name).write_text(put_together(name), encoding="utf-8")
    atexit.register(_remove, path, os.getpid())
    return path


def _remove(path: Path, owner: int) -> None:
    if os.getpid() == owner:  # a fork that ends leaves them to its parent
        shutil.rmtree(path, ignore_errors=True)


class BundleFinder(BaseFinder):
    """Finds the bundles, written once for each process."""

    def check(self, **_kwargs):
        return []

    def find(self, path, find_all=False):
        found = [str(folder() / path)] if path in BUNDLES else []
        return found if find_all or not found else found[0]

    def list(self, ignore_patterns):
        storage = FileSystemStorage(folder())
        for name in BUNDLES:
            yield name, storage
