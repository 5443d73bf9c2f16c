"""Files that pages load in one piece are the whole of their sources."""

from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.finders import get_finders

from config.bundles import BUNDLES

THEMES = ("page", "page-dark", "page-light")


def bare(text: str) -> str:
    return "".join(text.split())


def said_to_browsers(path: str) -> str:
    """A source without its comments and blanks."""
    text = Path(settings.BASE_DIR, "static", path).read_text()
    if path.endswith(".js"):
        return bare("\n".join(row for row in text.split("\n") if not row.strip().startswith("//")))
    first, *others = text.split("/*")
    return bare(first + "".join(other.split("*/", 1)[1] for other in others))


def test_a_bundle_is_found_and_holds_its_sources_in_order():
    for name, sources in BUNDLES.items():
        found = bare(Path(finders.find(name)).read_text())
        at = [found.index(said_to_browsers(one.split(" ")[0])) for one in sources]
        assert at == sorted(at)


def test_what_explains_the_code_is_not_sent_to_a_phone():
    for name in BUNDLES:
        text = Path(finders.find(name)).read_text()
        assert name.endswith(".js") or "/*" not in text
        assert not [row for row in text.split("\n") if row.strip().startswith("//")]


def test_dark_colors_are_for_those_who_want_them():
    dark = {name: Path(finders.find(f"css/{name}.css")).read_text() for name in THEMES}
    own = Path(settings.BASE_DIR, "static/css/dark.css").read_text().split("*/", 1)[1].strip()
    assert f"@media screen and (prefers-color-scheme: dark) {{\n{own}" in dark["page"]
    assert f"@media screen {{\n{own}" in dark["page-dark"]
    assert own not in dark["page-light"]
    assert all(text.count("{") == text.count("}") for text in dark.values())


def test_each_script_of_a_bundle_keeps_its_names_to_itself():
    for name, sources in BUNDLES.items():
        if name.endswith(".js"):
            assert Path(finders.find(name)).read_text().count("\n{\n") == len(sources) - 1


def test_bundles_are_collected_for_production():
    listed = {path for finder in get_finders() for path, _storage in finder.list([])}
    assert set(BUNDLES) <= listed
