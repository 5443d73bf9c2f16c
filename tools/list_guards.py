"""The guards of saved views, contact lists and changes to many rows, for `./run prove`."""

from tools.guards import Guard

VIEWS = "tests/lists/test_saved_views.py"

LIST_GUARDS = [
    Guard(
        "scope",
        "a view that is not shared is its owner's alone",
        "lists/models.py",
        "        return self.own(actor)\n\n    def homes",
        "        return Q(pk__gt=0)\n\n    def homes",
        f"{VIEWS}::test_views_are_tabs_own_ones_first",
    ),
    Guard(
        "scope",
        "a shared view is seen in the areas of its owner",
        "lists/settling.py",
        "states - {home} if visibility == Visibility.TEAM else set()",
        "set(State.objects.values_list('pk', flat=True))",
        f"{VIEWS}::test_a_shared_view_is_seen_in_the_owners_areas_alone",
    ),
    Guard(
        "filter",
        "a filter that is gone shows no rows",
        "lists/pages.py",
        "        problems += unknown_filters(self, data)\n",
        "",
        f"{VIEWS}::test_a_filter_that_is_gone_shows_no_rows_and_says_so",
    ),
    Guard(
        "right",
        "views of others are changed by few",
        "lists/saved_views.py",
        "    return own or (view.is_shared and",
        "    return True or (view.is_shared and",
        f"{VIEWS}::test_shared_views_are_looked_after_by_who_assigns",
    ),
    Guard(
        "right",
        "leaders share no views",
        "lists/saved_views.py",
        "        if not (own and actor.may(Action.SHARE)):",
        "        if not own:",
        f"{VIEWS}::test_everybody_keeps_views_and_few_share_them",
    ),
    Guard(
        "right",
        "details are no columns of a page",
        "lists/saved_views.py",
        " and not column.detail and",
        " and",
        f"{VIEWS}::test_columns_are_chosen_and_details_are_not_among_them",
    ),
]
