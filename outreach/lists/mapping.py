"""The list of power maps."""

from django.utils.translation import gettext_lazy as _

from lists import filters
from lists.columns import Column
from lists.pages import ListPage
from outreach.commands import AddPowerMap, ChangePowerMap
from outreach.lists.step import program_of
from outreach.models import PowerMap


class PowerMaps(ListPage):
    """The power maps of all programs."""

    model, name, title = PowerMap, "power-maps", _("Power maps")
    one, icon = _("Power map"), "map"
    record, add_url = "outreach:power_map", "outreach:add_power_map"
    add, change = AddPowerMap, ChangePowerMap
    order, search_in = "-day", ""
    empty_text = _("Power maps appear here when a program asks who decides, and who stands where.")
    columns = [
        Column("question", _("What we want"), main=True),
        Column("program", _("Program"), kind="link", load=program_of(PowerMap)),
        Column("day", _("Begun"), kind="day", sort="day"),
        Column("state", _("State"), path="home", kind="state"),
    ]
    filters = {
        "from": filters.Day("day", "gte", _("From")),
        "to": filters.Day("day", "lte", _("To")),
        "region": filters.region(),
        "state": filters.state(),
    }
