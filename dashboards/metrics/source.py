"""Where a figure gets its counts from: cells that are kept, or the rows themselves."""

from dataclasses import replace

from django.db import connection

from access.scope import Actor
from dashboards.asking import Ask
from dashboards.metrics.counting import Live
from dashboards.summary.reading import Cells, answers


def counts(actor: Actor, ask: Ask, *names: str) -> Cells | Live:
    """Counts by these keys. Both sources give the same numbers; cells do not grow with the rows."""
    if not answers(ask, *names):
        return Live(actor, ask)
    if actor.rights not in ask.counted:
        ask.counted[actor.rights] = Cells(actor, ask)
    return ask.counted[actor.rights]


def partner_counts(actor: Actor, ask: Ask) -> Cells | Live:
    """Counts of partners: what is asked of the meeting does not narrow them."""
    wider = replace(ask, kind=None, focus_area=None, affiliate=None)
    return counts(actor, ask if wider == ask else wider)  # what was counted goes with the question


def read_ahead(actor: Actor, ask: Ask) -> None:
    """Read at once what all figures of a page are made of, where cells have it.

    That saves ways to a server. SQLite is asked in place, and takes longer for two at once.
    """
    source = counts(actor, ask)
    if isinstance(source, Cells) and connection.vendor == "postgresql":
        source.read_ahead()
