"""Files that pages load in one piece are the whole of their sources."""

from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.finders import get_finders

from config.bundles import BUNDLES

THEMES = ("page", "page-dark", "page-light")


def test_a_bundle_is_found_and_holds_its_sources_in_order():
    for name, sources in BUNDLES.items():
        found = Path(finders.find(name)).read_text()
        paths = [one.split(" ")[0] for one in sources]
        at = [found.index(Path(settings.BASE_DIR, "static", one).read_text()) for one in paths]
        assert at == sorted(at)


def test_dark_colors_are_for_those_who_want_them():
    dark = {name: Path(finders.find(f"css/{name}.css")).read_text() for name in THEMES}
    assert "@media screen and (prefers-color-scheme: dark) {\n/* dark.css" in dark["page"]
    assert "@media screen {\n/* dark.css" in dark["page-dark"]
    assert "dark.css" not in dark["page-light"]
    assert all(text.count("{") == text.count("}") for text in dark.values())


def test_each_script_of_a_bundle_keeps_its_names_to_itself():
    for name, sources in BUNDLES.items():
        if name.endswith(".js"):
            assert Path(finders.find(name)).read_text().count("\n{\n") == len(sources) - 1


def test_bundles_are_collected_for_production():
    listed = {path for finder in get_finders() for path, _storage in finder.list([])}
    assert set(BUNDLES) <= listed
