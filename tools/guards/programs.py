"""The guards of outreach programs, as in tools.guards."""

from tools.guards import Guard

PROGRAMS, PAGES = "tests/outreach/test_programs.py", "tests/outreach/test_pages.py"
STEPS = "tests/dashboards/test_steps.py"

GUARDS = [
    Guard(
        "right",
        "the owner of a step does not sign it off",
        "outreach/commands/step.py",
        "if step.owner_id == self.actor.user_id:",
        "if False:",
        f"{PROGRAMS}::test_its_owner_does_not",
    ),
    Guard(
        "right",
        "a step without an owner is not signed off",
        "outreach/commands/step.py",
        "if step.owner_id is None:",
        "if False:",
        f"{PROGRAMS}::test_a_step_without_an_owner_is_not_signed",
    ),
    Guard(
        "right",
        "only who may sign steps off does",
        "outreach/commands/step.py",
        '    action = Action.SIGN_OFF\n    did = gettext_lazy("Signed off a step of a program")',
        '    action = Action.WRITE\n    did = gettext_lazy("Signed off a step of a program")',
        f"{PROGRAMS}::test_an_organizer_does_not_sign_off",
    ),
    Guard(
        "history",
        "a step is signed once",
        "outreach/commands/step.py",
        "        step = self.instance\n        if step.is_signed:\n            raise Refused(_(",
        "        step = self.instance\n        if False:\n            raise Refused(_(",
        f"{PROGRAMS}::test_a_second_click_signs_once",
    ),
    Guard(
        "history",
        "a signed step is not changed",
        "outreach/commands/step.py",
        "        if self.instance.is_signed:\n            raise Refused(is_signed())\n        return",
        "        return",
        f"{PROGRAMS}::test_a_signed_step_is_not_changed",
    ),
    Guard(
        "history",
        "a check that is taken off the list stays where it was ticked",
        "outreach/commands/text.py",
        "row.retired = True\n                row.save()",
        "row.delete()",
        f"{PAGES}::test_an_administrator_edits_the_words_of_a_step",
    ),
    Guard(
        "restricted",
        "a restricted meeting begins no step",
        "outreach/settling.py",
        "        interaction__visibility=Visibility.TEAM,\n",
        "",
        f"{PROGRAMS}::test_what_was_not_held_openly_since_it_began_does_not_count",
    ),
    Guard(
        "scope",
        "a target that is hidden from the affiliate's people begins no step",
        "outreach/settling.py",
        ', organization__home_id=F("program__home_id")',
        "",
        f"{PROGRAMS}::test_a_target_in_another_state_changes_nothing",
    ),
    Guard(
        "scope",
        "a lead sees the area of the program",
        "outreach/commands/program.py",
        "and home_id and not sees(lead, home_id)",
        "and home_id and False",
        f"{PROGRAMS}::test_a_lead_who_does_not_see_the_area_is_refused",
    ),
    Guard(
        "scope",
        "figures of steps count what the viewer sees",
        "dashboards/metrics/steps.py",
        "rows = _narrowed(ProgramStep.objects.visible_to(actor), actor, ask",
        "rows = _narrowed(ProgramStep._base_manager.all(), actor, ask",
        f"{STEPS}::test_who_sees_no_program_counts_none",
    ),
    Guard(
        "settled",
        "what is about a program goes along when it moves",
        "outreach/settling.py",
        "        move_subjects(model, write(model, placed) if placed else set())",
        "        _ = write(model, placed) if placed else set()",
        f"{PROGRAMS}::test_a_follow_up_about_it_goes_along",
    ),
]
