"""The guards of events, as in tools.guards."""

from tools.guards import Guard

EVENTS = "tests/outreach/test_events.py"

GUARDS = [
    Guard(
        "scope",
        "a partner at an event is seen by who sees the partner",
        "outreach/models/event.py",
        'seen_through = ("event", "organization")',
        'seen_through = ("event",)',
        f"{EVENTS}::test_partners_of_other_areas_keep_their_roles",
    ),
    Guard(
        "scope",
        "an event reaches into the states of its partners",
        "outreach/settling_events.py",
        "write_reach(Event, reach)",
        "write_reach(Event, dict.fromkeys(reach, set()))",
        f"{EVENTS}::test_who_sees_a_partner_at_it_sees_the_event",
    ),
    Guard(
        "scope",
        "an event that its author could not see is refused with a sentence",
        "outreach/commands/event.py",
        "if self._lands_elsewhere():",
        "if False:",
        f"{EVENTS}::test_a_state_outside_ones_areas_needs_a_partner_of_ones_own",
    ),
    Guard(
        "right",
        "an organizer deletes her own events alone",
        "outreach/commands/event.py",
        '    action = Action.DELETE\n    did = gettext_lazy("Deleted an event")',
        '    action = Action.WRITE\n    did = gettext_lazy("Deleted an event")',
        f"{EVENTS}::test_another_organizer_does_not_delete_it",
    ),
    Guard(
        "right",
        "a link at an event is a web address",
        "outreach/models/event.py",
        'url = models.URLField(_("link"), max_length=500, blank=True)',
        'url = models.CharField(_("link"), max_length=500, blank=True)',
        f"{EVENTS}::test_what_cannot_be_is_refused",
    ),
    Guard(
        "export",
        "a calendar file names the end of what lasts all day, so that it does not end a day early",
        "outreach/ical.py",
        "row.last_day + timedelta(days=1)",
        "row.last_day",
        "tests/outreach/test_ical.py::test_all_day_has_days_alone",
    ),
]
