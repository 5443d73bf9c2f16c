"""The guards of who comes to events, as in tools.guards."""

from tools.guards import Guard

ATTENDANCE = "tests/outreach/test_attendance.py"
DOOR = "tests/outreach/test_door.py"
AFTER = "tests/outreach/test_after_events.py"
INVITING = "tests/outreach/test_inviting.py"
SHEET = "tests/outreach/test_sheet.py"
BACK = "tests/outreach/test_returning.py"
CALENDAR = "tests/outreach/test_calendar.py"

GUARDS = [
    Guard(
        "scope",
        "somebody at an event is seen by who sees the event and the person",
        "outreach/models/attendance.py",
        'seen_through = ("event", "contact")',
        'seen_through = ("event",)',
        f"{ATTENDANCE}::test_restricted_people_are_on_no_list_of_others",
    ),
    Guard(
        "right",
        "names of who comes are for who reads meetings",
        "outreach/lists/attendance.py",
        "    action = Action.VIEW_MEETINGS\n",
        "    action = Action.VIEW\n",
        f"{ATTENDANCE}::test_leaders_read_numbers_and_no_small_ones",
    ),
    Guard(
        "right",
        "a leader reads on no person's page where she was",
        "outreach/registering.py",
        "    if isinstance(row, Contact) and not actor.may(Action.VIEW_MEETINGS):\n",
        "    if False:\n",
        f"{AFTER}::test_a_leader_reads_on_no_persons_page_where_she_was",
    ),
    Guard(
        "right",
        "a leader reads no name in the history of an event",
        "access/history.py",
        "        if part.read_with and not actor.may(part.read_with):\n",
        "        if False:\n",
        f"{ATTENDANCE}::test_a_leader_reads_no_name_in_the_history_of_an_event",
    ),
    Guard(
        "figures",
        "a leader is told no small number of people at an event",
        "outreach/views/event.py",
        "        found = told_apart(found)\n",
        "        found = dict(found)\n",
        f"{ATTENDANCE}::test_leaders_read_numbers_and_no_small_ones",
    ),
    Guard(
        "figures",
        "a single hidden number does not follow from the sum",
        "outreach/small.py",
        "    if len(hidden) == 1:\n",
        "    if False:\n",
        f"{BACK}::test_who_came_by_community {BACK}::test_small_numbers",
    ),
    Guard(
        "figures",
        "the figure tells nobody a small number of people",
        "dashboards/metrics/events.py",
        "    everybody = told(len(_people(there, list(there))))\n",
        "    everybody = len(_people(there, list(there)))\n",
        f"{BACK}::test_the_figure_leaves_small_numbers_of_people_out_of_csv_and_api",
    ),
    Guard(
        "export",
        "an organizer takes out people of her partners alone",
        "outreach/models/attendance.py",
        "        return self.of_own_partners(actor)\n",
        "        return Q(author_id=actor.user_id)\n",
        f"{ATTENDANCE}::test_an_organizer_takes_out_people_of_her_partners_alone",
    ),
    Guard(
        "do not contact",
        "who asked us not to be reached that way is not invited",
        "outreach/commands/attendance.py",
        '        on, out = leave_out(CONTACTS, on.exclude(pk__in=there), cleaned["channel"])\n',
        "        on, out = on.exclude(pk__in=there), []\n",
        f"{INVITING}::test_a_contact_list_is_invited_without_who_asked_us_not_to",
    ),
    Guard(
        "do not contact",
        "in person too, who asked for no contact at all is not invited",
        "crm/lists/contact.py",
        '        ("no_contact", _("They asked us not to contact them at all.")),\n',
        "",
        f"{INVITING}::test_in_person_too_who_asked_for_no_contact_at_all_stays_out",
    ),
    Guard(
        "do not contact",
        "who is ticked and asked us not to be reached that way is not invited",
        "outreach/commands/attendance.py",
        "            if getattr(person, column):\n",
        "            if False:\n",
        f"{INVITING}::test_ticked_people_are_invited_and_the_others_counted_with_the_reason",
    ),
    Guard(
        "do not contact",
        "nobody is followed up who asked us not to contact them",
        "outreach/commands/thanks.py",
        "        return people.filter(no_contact=False)\n",
        "        return people\n",
        f"{AFTER}::test_all_who_came_get_one_follow_up_each",
    ),
    Guard(
        "writing",
        "a full event refuses the next who says that they come",
        "outreach/commands/attendance.py",
        "        if is_full(event):\n",
        "        if False:\n",
        f"{ATTENDANCE}::test_a_full_event_refuses_the_next_and_the_waiting_list_moves_up",
    ),
    Guard(
        "writing",
        "hidden people take a place too",
        "outreach/rooms.py",
        "        return every(Attendance).filter(event=of, status__in=TAKES_A_PLACE).count()\n",
        "        return 0\n",
        f"{ATTENDANCE}::test_hidden_people_take_a_place_too",
    ),
    Guard(
        "scope",
        "who is hidden cannot be tapped",
        "outreach/views/door.py",
        "    people = Contact.objects.visible_to(actor)\n"
        '    contact = named(people, request.POST.get("in"',
        "    from access.settling import every\n\n    people = every(Contact)\n"
        '    contact = named(people, request.POST.get("in"',
        f"{DOOR}::test_who_is_hidden_cannot_be_tapped",
    ),
    Guard(
        "figures",
        "a restricted person brings her partner no contact",
        "outreach/settling_attendance.py",
        "        contact__visibility=Visibility.TEAM,\n",
        "",
        f"{AFTER}::test_restricted_people_bring_their_partner_no_contact",
    ),
    Guard(
        "writing",
        "a name that several bear has to be chosen",
        "outreach/commands/sheet.py",
        "(meant and len(same) != 1)",
        "(meant and not same)",
        f"{SHEET}::test_a_name_that_several_bear_has_to_be_chosen",
    ),
    Guard(
        "writing",
        "a name on two lines of a sheet is neither two people nor one unless somebody says so",
        "outreach/commands/sheet.py",
        "            if number in self.twins or (meant and len(same) != 1):\n",
        "            if meant and len(same) != 1:\n",
        f"{SHEET}::test_a_new_name_on_several_lines_is_asked_about_and_is_who_it_is_said_to_be "
        f"{SHEET}::test_a_listed_name_on_two_lines_is_asked_about_too",
    ),
    Guard(
        "scope",
        "a row of another event cannot be ticked on a sheet",
        "outreach/commands/sheet.py",
        "filter(event=self.instance.pk)\n\n    def clean",
        "filter(pk__gt=0)\n\n    def clean",
        f"{SHEET}::test_a_row_of_another_event_cannot_be_ticked",
    ),
    Guard(
        "right",
        "a feed has the rights of its user at the moment",
        "outreach/views/calendar.py",
        "    actor = actor_of(row.user) if row else None\n",
        "    actor = __import__('access.system').system.loader() if row else None\n",
        f"{CALENDAR}::test_rights_are_those_of_the_moment "
        f"{CALENDAR}::test_a_feed_needs_no_account_and_tells_what_its_user_sees",
    ),
    Guard(
        "right",
        "the secret of a feed is kept nowhere",
        "outreach/models/feed.py",
        "        return hashlib.sha256(secret.encode()).hexdigest()\n",
        "        return secret\n",
        f"{CALENDAR}::test_the_secret_is_kept_nowhere",
    ),
    Guard(
        "right",
        "a link out of a calendar file is a web address",
        "outreach/ical_reading.py",
        'draft.url = url if url.startswith(("https://", "http://")) else ""',
        "draft.url = url",
        f"{CALENDAR}::test_addresses_of_people_and_odd_links_are_not_read",
    ),
    Guard(
        "scope",
        "an event of ours in a file is told to who sees it alone",
        "outreach/views/calendar.py",
        "    ours = Event.objects.visible_to(request.actor).filter(uid=uid).first() if uid else None\n",
        "    ours = __import__('access.settling').settling.every(Event).filter(uid=uid).first()\n",
        f"{CALENDAR}::test_our_own_event_of_other_areas_is_told_to_nobody",
    ),
    Guard(
        "scope",
        "who keeps a day is told to who sees the partner",
        "outreach/models/observance.py",
        '    seen_through = ("organization",)\n',
        "    seen_through = ()\n",
        "tests/outreach/test_observances.py::test_who_keeps_a_day_is_told_to_who_sees_the_partner",
    ),
]
