"""The guards of exports, for `./run prove`."""

from tools.guards import Guard

DIALOG = "tests/lists/test_export_dialog.py"
JOBS = "tests/lists/test_export_jobs.py"
GUARDS = [
    Guard(
        "export",
        "the password is asked for again",
        "lists/export_pages.py",
        "        if not is_sure(request):\n",
        "        if False:\n",
        f"{DIALOG}::test_the_password_is_asked_for_again_and_the_typing_kept",
    ),
    Guard(
        "export",
        "people who leave with their partners count in the budget",
        "lists/leaving.py",
        "        return self.count + (self.people or 0)",
        "        return self.count",
        f"{DIALOG}::test_people_of_partners_leave_with_them_and_count",
    ),
    Guard(
        "export",
        "details that somebody asked us not to use stay empty",
        "crm/lists/people_along.py",
        "return part.objects.visible_to(actor).filter(~Exists(kept))",
        "return part.objects.visible_to(actor)",
        f"{DIALOG}::test_do_not_contact_leaves_details_empty_whatever_the_purpose",
    ),
    Guard(
        "export",
        "rights are read anew while a file is being sent",
        "lists/export_jobs.py",
        "    if now is None or rights_of(now) != rights_of(actor):",
        "    if now is None:",
        f"{DIALOG}::test_rights_that_change_break_the_stream_off",
    ),
    Guard(
        "export",
        "a running export ends when the right is taken away",
        "lists/export_jobs.py",
        "        done = write(stream, wanted, lambda: _allowed(work.actor(), wanted), work.progress)",
        "        done = write(stream, wanted, lambda: actor, work.progress)",
        f"{JOBS}::test_a_running_export_ends_when_the_right_is_taken_away",
    ),
    Guard(
        "export",
        "a file is closed when the right is taken away",
        "lists/exports.py",
        "    if not may_take(request.actor, job):\n        messages",
        "    if False:\n        messages",
        f"{JOBS}::test_a_file_that_waits_is_closed_when_the_right_is_taken_away",
    ),
    Guard(
        "export",
        "what was not made is given back to the budget",
        "lists/budget.py",
        '    taken = taken.filter(~Exists(unmade.filter(uid=OuterRef("row_uid"))))\n',
        "",
        f"{JOBS}::test_the_budget_comes_back_when_nothing_was_made",
    ),
    Guard(
        "export",
        "no text of a workbook is a formula",
        "lists/export.py",
        "        sheet.write_string(line, at, text)",
        "        sheet.write(line, at, text)",
        f"{JOBS}::test_a_workbook_holds_texts_as_texts",
    ),
    Guard(
        "export",
        "an organizer takes along people of partners that she owns",
        "crm/lists/people_along.py",
        "    return staying(page, page.exportable(page.rows(actor), actor), channel)",
        "    return staying(page, page.rows(actor), channel)",
        f"{DIALOG}::test_an_organizer_takes_along_people_of_partners_that_she_owns_alone",
    ),
    Guard(
        "export",
        "who asks meanwhile not to be contacted stays out of what is still to be sent",
        "lists/leaving.py",
        "            still = staying(self.page, seen, self.channel)",
        "            still = seen",
        f"{DIALOG}::test_who_asks_meanwhile_not_to_be_written_to_stays_out",
    ),
    Guard(
        "export",
        "no cell runs as a formula that the database has put into words",
        "lists/copying.py",
        "    return known if _is_plain(column) else _guarded(known)",
        "    return known",
        "tests/lists/test_copying.py::test_the_file_is_the_same_byte_for_byte",
    ),
    Guard(
        "export",
        "rights that go while the database sends rows end it",
        "lists/copying.py",
        "                now()\n",
        "",
        "tests/lists/test_copying.py::test_rights_that_are_taken_away_break_it_off",
    ),
]
