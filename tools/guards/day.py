"""The guards of history, notices, sessions and follow-ups, as in tools.guards."""

from tools.guards import Guard

HISTORY, NOTICES = "tests/access/test_history.py", "tests/access/test_notices.py"
SESSIONS, OWNERS = "tests/access/test_sessions.py", "tests/crm/test_confirmed_owner.py"
TASKS = "tests/crm/test_follow_ups.py"

GUARDS = [
    Guard(
        "scope",
        "a history names only whom the viewer sees",
        "access/history.py",
        "model.objects.visible_to(actor) if issubclass(model, Record) else model.objects.all()\n"
        "        rows = list(",
        "model._base_manager.all()\n        rows = list(",
        f"{HISTORY}::test_a_person_whom_the_viewer_cannot_see_is_not_named",
    ),
    Guard(
        "right",
        "only what the form writes is put back",
        "access/history.py",
        "if column not in _restorable(actor, row) or change is None",
        "if change is None",
        f"{HISTORY}::test_only_what_the_form_writes_is_put_back",
    ),
    Guard(
        "scope",
        "a deleted row is offered in its own areas only",
        "access/deleting.py",
        "    return is_open and actor.covers(row.home_id)",
        "    return is_open",
        f"{HISTORY}::test_who_brings_back_what_another_deleted",
    ),
    Guard(
        "scope",
        "a restricted row is brought back by who deleted it alone",
        "access/deleting.py",
        "    return is_open and actor.covers(row.home_id)",
        "    return actor.covers(row.home_id)",
        f"{HISTORY}::test_a_restricted_row_is_brought_back_by_who_deleted_it_alone",
    ),
    Guard(
        "right",
        "files of others are removed by who may delete",
        "access/files.py",
        " and not may_remove_any(self.actor):",
        " and False:",
        f"{HISTORY}::test_a_file_is_removed_by_its_author_or_who_may_delete",
    ),
    Guard(
        "scope",
        "a claim opens no restricted row",
        "crm/settling.py",
        "    return None if is_claim else owner.owner_id",
        "    return owner.owner_id",
        f"{OWNERS}::test_a_claim_opens_nothing_and_a_confirmation_does",
    ),
    Guard(
        "right",
        "nobody confirms her own claim",
        "crm/commands/organization.py",
        "        if partner.owner_id == self.actor.user_id:",
        "        if False:",
        f"{OWNERS}::test_nobody_confirms_herself_and_organizers_confirm_nobody",
    ),
    Guard(
        "scope",
        "a follow-up goes only to who sees what it is about",
        "crm/commands/owning.py",
        "    if not known[user.pk, home_id]:",
        "    if False:",
        f"{TASKS}::test_it_is_not_given_to_who_does_not_see_it",
    ),
    Guard(
        "notices",
        "what is hidden since is not told",
        "crm/noticing.py",
        "    mine = Task.objects.visible_to(actor).filter(owner_id=actor.user_id)\n    return [",
        "    mine = every(Task).filter(owner_id=actor.user_id)\n    return [",
        f"{NOTICES}::test_what_one_cannot_see_any_more_is_not_told",
    ),
    Guard(
        "notices",
        "the daily mail goes once a day",
        "access/digest.py",
        ".date() < now.date()",
        ".date() <= now.date()",
        f"{NOTICES}::test_thirty_five_changes_make_one_mail_without_names",
    ),
    Guard(
        "sessions",
        "a session that rests ends",
        "access/middleware.py",
        " or now - seen > settings.SESSION_IDLE",
        "",
        f"{SESSIONS}::test_a_session_that_rests_ends",
    ),
    Guard(
        "sessions",
        "a session in use ends after twelve hours",
        "access/middleware.py",
        "now - began > settings.SESSION_COOKIE_AGE or ",
        "",
        f"{SESSIONS}::test_a_session_in_use_ends_after_twelve_hours",
    ),
]
