"""Figures come from two sources, and every test here reads both of them."""

from dataclasses import dataclass
from typing import Any

import pytest

from dashboards.metrics import source
from dashboards.metrics.counting import Live
from dashboards.models import Pending
from dashboards.summary.reading import Cells, answers
from dashboards.summary.upkeep import fold


@dataclass
class Both:
    """What the rows say, once the cells have said the same before and after they were folded,
    read one by one and all at once.
    """

    actor: Any
    ask: Any

    def __getattr__(self, name):
        def asked(*args):
            found = getattr(Live(self.actor, self.ask), name)(*args)
            said = without_none(found) if "affiliate" in args else found
            for _time in ("before", "after"):
                one_by_one, ahead = Cells(self.actor, self.ask), Cells(self.actor, self.ask)
                ahead.read_ahead()
                for cells in (one_by_one, ahead):
                    assert getattr(cells, name)(*args) == said, (name, args)
                if not Pending.objects.exists():
                    break
                fold()
            return found

        return asked


def without_none(found: tuple[dict, dict]) -> tuple[dict, dict]:
    """Cells hold nothing of meetings for no affiliate."""
    return tuple({key: n for key, n in some.items() if key is not None} for some in found)


@pytest.fixture(autouse=True)
def both_sources(monkeypatch):
    def counts(actor, ask, *names):
        return Both(actor, ask) if answers(ask, *names) else Live(actor, ask)

    for module in ("source", "affiliates", "coverage", "kinds", "months"):
        monkeypatch.setattr(f"dashboards.metrics.{module}.counts", counts)
    assert source.counts is counts
