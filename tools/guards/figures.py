"""The guards of figures."""

from tools.guards import Guard

COUNTING = "dashboards/metrics/counting.py"
WHERE = "tests/dashboards/test_where.py"
METRICS = "tests/dashboards/test_metrics.py"
FACTS, READING = "dashboards/summary/facts.py", "dashboards/summary/reading.py"
SUMMARY = "tests/dashboards/test_summary.py"
PLAN = "tests/dashboards/test_first_contact.py"

DRAWN, KEPT = "dashboards/summary/drawn.py", "tests/dashboards/test_drawn.py"

GUARDS = [
    Guard(
        "figures",
        "what is read at once is told apart",
        READING,
        "            rows = found[what.value]",
        "            rows = found[whats[-1].value]",
        f"{METRICS}::test_kinds_are_counted_once_a_meeting_and_retired_ones_together",
    ),
    Guard(
        "figures",
        "figures that are kept as drawn are of the numbers there are",
        DRAWN,
        "    key = (name, now, actor.rights,",
        "    key = (name, actor.rights,",
        f"{KEPT}::test_what_is_written_folded_and_taken_back_shows_at_once",
    ),
    Guard(
        "figures",
        "figures that are kept as drawn are the viewer's own",
        DRAWN,
        "    key = (name, now, actor.rights,",
        "    key = (name, now,",
        f"{KEPT}::test_nobody_gets_what_was_drawn_for_another",
    ),
    Guard(
        "figures",
        "figures that come from rows are not kept",
        DRAWN,
        "    if query.keys() - CELLS or (now := version()) is None:\n",
        "    if (now := version()) is None:\n",
        f"{KEPT}::test_what_comes_from_rows_is_not_kept",
    ),
    Guard(
        "figures",
        "each fold makes another version",
        "dashboards/summary/upkeep.py",
        '        Summary.objects.filter(pk=1).update(folds=F("folds") + 1)\n',
        "        pass\n",
        f"{KEPT}::test_every_commit_and_every_fold_makes_another_version",
    ),
    Guard(
        "figures",
        "the names of affiliates in figures that are kept are those of now",
        "dashboards/apps.py",
        "        watch(Affiliate)",
        "        Affiliate",
        f"{KEPT}::test_names_and_words_show_at_once",
    ),
    Guard(
        "figures",
        "restricted meetings are not counted",
        COUNTING,
        "        interaction__visibility=Visibility.TEAM,\n",
        "",
        f"{WHERE}::test_what_does_not_count",
    ),
    Guard(
        "figures",
        "only meetings that were held are counted",
        COUNTING,
        "        interaction__status=Interaction.Status.HELD,\n",
        "",
        f"{WHERE}::test_what_does_not_count",
    ),
    Guard(
        "figures",
        "a meeting with two partners counts once",
        COUNTING,
        '        self.now = Count("interaction", distinct=True, filter=is_now)\n',
        '        self.now = Count("interaction", filter=is_now)\n',
        f"{METRICS}::test_kinds_are_counted_once_a_meeting_and_retired_ones_together",
    ),
    Guard(
        "figures",
        "an affiliate out of sight is not named",
        "dashboards/metrics/affiliates.py",
        '    rows = Affiliate.objects.visible_to(actor).order_by().values_list("pk", flat=True)\n',
        '    rows = Affiliate._base_manager.order_by().values_list("pk", flat=True)\n',
        f"{METRICS}::test_an_affiliate_out_of_sight_is_not_given",
    ),
    Guard(
        "figures",
        "the affiliates that one sees are kept for her alone",
        "dashboards/metrics/affiliates.py",
        '    seen = kept(("affiliates seen", actor.rights), lambda: frozenset(rows))\n',
        '    seen = kept("affiliates seen", lambda: frozenset(rows))\n',
        f"{KEPT}::test_the_affiliates_that_one_sees_are_not_those_that_another_sees",
    ),
    Guard(
        "figures",
        "restricted meetings are in no cell",
        FACTS,
        "        interaction__visibility=Visibility.TEAM,\n",
        "",
        f"{WHERE}::test_what_does_not_count",
    ),
    Guard(
        "figures",
        "only meetings that were held are in cells",
        FACTS,
        "        interaction__status=Interaction.Status.HELD,\n",
        "",
        f"{WHERE}::test_what_does_not_count",
    ),
    Guard(
        "figures",
        "what is in a state out of sight is not counted from cells",
        READING,
        "            if actor.covers(pk)\n",
        "            if True\n",
        f"{SUMMARY}::test_a_meeting_in_two_states_counts_once_for_who_sees_both",
    ),
    Guard(
        "figures",
        "a partner that moves takes its meetings along in the cells",
        "dashboards/summary/keeping.py",
        "    others = _meetings_of(moved) - meetings\n",
        "    others = set()\n",
        f"{SUMMARY}::test_a_community_that_is_retired_moves_its_counts_and_undo_brings_them_back",
    ),
    Guard(
        "figures",
        "cells that are not right yet are not read",
        READING,
        "= is_current()",
        "= True",
        f"{SUMMARY}::test_a_community_of_many_partners_is_counted_anew_by_upkeep",
    ),
    Guard(
        "figures",
        "a region out of sight is no choice",
        "dashboards/asking.py",
        'pk__in=states_of(actor).order_by().values("region_id"))',
        "pk__gt=0)",
        "tests/dashboards/test_api.py::"
        "test_a_retired_a_foreign_and_an_unknown_value_get_the_same_words",
    ),
    Guard(
        "figures",
        "a misspelt filter does not show everything",
        "dashboards/asking.py",
        "        for name in self.unknown:\n",
        "        for name in ():\n",
        "tests/dashboards/test_api.py::test_a_wrong_filter_is_refused_in_a_sentence",
    ),
    Guard(
        "figures",
        "a gap is planned once",
        "crm/commands/first_contact.py",
        "        if planned(self.actor, region.code, community.code) is not None:\n",
        "        if False:\n",
        f"{PLAN}::test_who_sees_a_part_of_a_region_plans_for_that_part",
    ),
    Guard(
        "figures",
        "who reads no meetings opens none",
        "dashboards/addresses.py",
        "    if behind.of != MEETINGS or actor.may(Action.VIEW_MEETINGS):\n",
        "    if True:\n",
        "tests/dashboards/test_behind.py::"
        "test_a_leader_opens_partners_behind_places_and_nothing_behind_the_rest",
    ),
]
