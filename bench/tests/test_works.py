"""Each work runs once on a tiny database, so that none rots between two measurements."""

import pytest
from django.db import connection

from bench import works
from bench.__main__ import Bench, chosen
from bench.measuring import WORKS
from bench.tests.test_generate import generate, scratch  # noqa: F401  (a fixture)

works.register()


@pytest.mark.slow
def test_each_work_runs_once(scratch, tmp_path, monkeypatch):  # noqa: F811
    generate(scratch, "--size", "0.02x")
    monkeypatch.setenv("MEDIA_ROOT", str(tmp_path))
    bench, broken = Bench("0.02x", scratch), {}
    for one in chosen([], connection.vendor):
        if one.slow:
            continue
        begun = bench.ask(begin=one.name, once=True)
        if "rounds" in begun:
            done = bench.ask(round=True, once=True)
            if not done.get("ours") or bool(one.against) != bool(done["reference"]):
                broken[one.name] = done
        elif begun["missing"].startswith("broke: "):
            broken[one.name] = begun
        bench.ask(end=True)
    bench.close()
    assert broken == {}


def test_a_work_has_a_reference_or_a_bound_of_its_own():
    for one in WORKS.values():
        bound_alone = one.goal is not None and one.goal.kind == "within"
        assert bound_alone != bool(one.against), one.name


def test_works_are_chosen_by_how_their_names_begin():
    assert {one.name.split(".")[0] for one in chosen(["list", "api"], "sqlite")} == {"list", "api"}
    assert not any(one.name.endswith("postgresql") for one in chosen([], "sqlite"))
    with pytest.raises(SystemExit, match="No work begins so"):
        chosen(["nothing"], "sqlite")
