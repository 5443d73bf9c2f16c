"""The guards of power maps and gaps, as in tools.guards."""

from tools.guards import Guard

MAPS, PAGES = "tests/outreach/test_mapping.py", "tests/outreach/test_mapping_pages.py"

GUARDS = [
    Guard(
        "scope",
        "who stands for a partner is seen by who sees the partner",
        "outreach/models/mapping.py",
        'seen_through = ("power_map", "organization")',
        'seen_through = ("power_map",); may_be_hidden = ("organization",)',
        f"{MAPS}::test_who_stands_for_a_partner_is_seen_by_who_sees_the_partner",
    ),
    Guard(
        "scope",
        "somebody on a map who is hidden from the affiliate's people begins no step",
        "outreach/settling.py",
        "placed.filter(own | theirs)",
        "placed",
        f"{MAPS}::test_who_is_hidden_from_the_people_there_begins_nothing",
    ),
    Guard(
        "history",
        "a move keeps the place before",
        "outreach/commands/mapping.py",
        "        there = rows.filter(day=day).first()",
        "        there = rows.first()",
        f"{MAPS}::test_a_move_keeps_the_place_before_with_its_day",
    ),
    Guard(
        "history",
        "nobody is placed on a day to come",
        "outreach/commands/mapping.py",
        'if (day := cleaned.get("day")) and day > self.actor.today():',
        "if False:",
        f"{MAPS}::test_a_day_to_come_is_refused",
    ),
    Guard(
        "right",
        "who decides stays in the top row",
        "outreach/commands/mapping.py",
        "if self.instance.decides and influence not in (None, Influence.HIGH):",
        "if False:",
        f"{PAGES}::test_who_decides_is_not_dropped_below_the_top",
    ),
    Guard(
        "scope",
        "a tie holds two of one map",
        "outreach/commands/mapping.py",
        "rows = actors.filter(power_map=there) if there else actors.none()",
        "rows = actors",
        f"{MAPS}::test_a_tie_holds_two_of_one_map",
    ),
    Guard(
        "settled",
        "a map lies where its program lies",
        "outreach/settling.py",
        ", (PowerMap, maps)\n",
        "\n",
        f"{MAPS}::test_a_map_goes_where_its_affiliate_goes",
    ),
    Guard(
        "revision",
        "who has the targets of a program open learns of one that a gap added",
        "outreach/commands/gap.py",
        "        recording.current().bump(program)  # who has its targets open learns of it\n",
        "",
        f"{PAGES}::test_who_has_the_targets_open_learns_of_the_new_one",
    ),
    Guard(
        "retry",
        "a gap is begun with once",
        "outreach/commands/gap.py",
        "if started(self.actor, state, community.code):",
        "if False:",
        f"{PAGES}::test_start_here_makes_one_follow_up_even_when_clicked_twice",
    ),
    Guard(
        "figures",
        "a partner in another state closes no gap",
        "outreach/views/gap.py",
        "        organization__home=program.home_id\n",
        "",
        f"{PAGES}::test_a_partner_in_another_state_closes_no_gap",
    ),
    Guard(
        "right",
        "nobody stands on a map twice",
        "outreach/commands/mapping.py",
        "        if there := self._same(partner, name):",
        "        if there := None:",
        f"{MAPS}::test_a_name_stands_on_a_map_once",
    ),
    Guard(
        "scope",
        "who is refused for standing on a map already is seen by who asks",
        "outreach/commands/mapping.py",
        "        others = self.rows.filter(power_map=power_map).exclude(pk=self.instance.pk)",
        "        others = MapActor._base_manager.filter(power_map=power_map)",
        f"{MAPS}::test_a_name_is_not_refused_for_one_that_the_actor_does_not_see",
    ),
]
