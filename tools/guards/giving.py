"""The guards of what a list gives: filters, exports, search."""

from tools.guards import Guard

API = "tests/lists/test_api.py"
SETS = "tests/test_sets.py"
EXPORT = "tests/lists/test_export.py"
SEARCH = "tests/lists/test_search.py"

GUARDS = [
    Guard(
        "filter",
        "a wrong value shows nothing and says so",
        "lists/pages.py",
        "        if not filterset.is_valid():",
        "        if not filterset.is_valid() and False:",
        f"{SETS}::test_a_wrong_filter_value_never_shows_everything",
    ),
    Guard(
        "filter",
        "a retired value is wrong",
        "lists/filters.py",
        "return self.of.objects.filter(retired=False)",
        "return self.of.objects.all()",
        f"{SETS}::test_a_retired_filter_value_says_so",
    ),
    Guard(
        "filter",
        "an unknown filter is refused",
        "lists/api.py",
        "        if unknown := sorted(set(query) - known):",
        "        if unknown := []:",
        f"{API}::test_an_unknown_filter_is_refused",
    ),
    Guard(
        "filter",
        "an unknown order is refused",
        "lists/pages.py",
        '            return first, [_("This list cannot be sorted that way.")]',
        "            return first, []",
        f"{SETS}::test_a_wrong_sort_or_page_is_refused",
    ),
    Guard(
        "filter",
        "a link filter starts from visible links",
        "lists/filters.py",
        "        links = self.link.objects.visible_to(actor).filter(",
        "        from access.settling import every\n\n        links = every(self.link).filter(",
        "tests/lists/test_lists.py::test_a_filter_over_links_sees_only_visible_links",
    ),
    Guard(
        "export",
        "no cell runs as a formula",
        "lists/csv_cells.py",
        '        return "\'" + text\n',
        "        return text\n",
        f"{EXPORT}::test_phones_zeros_and_formulas",
    ),
    Guard(
        "export",
        "the record comes before the first byte",
        "lists/export_pages.py",
        '    if take(actor, "Export", asked.leaving.total, asked.said(), row=uid) is None:',
        "    if False:",
        f"{EXPORT}::test_the_record_comes_first_and_says_what_left",
    ),
    Guard(
        "export",
        "who asked not to be contacted stays out",
        "lists/leaving.py",
        "        rows = rows.exclude(condition)\n    return rows\n",
        "        pass\n    return rows\n",
        f"{EXPORT}::test_do_not_contact_is_left_out_for_the_channel",
    ),
    Guard(
        "export",
        "the row budget holds",
        "lists/budget.py",
        '- (taken.aggregate(n=Sum("count"))["n"] or 0)',
        "",
        f"{EXPORT}::test_the_budget_counts_what_was_taken_today",
    ),
    Guard(
        "search",
        "the index hears of a row before it is deleted",
        "access/recording.py",
        "            with reindexed(type(row), [pk]):\n                models.Model.delete(row)",
        "            models.Model.delete(row)",
        f"{SEARCH}::test_what_deletes_and_undoes_keeps_the_index",
    ),
    Guard(
        "search",
        "the index hears of a row that comes back",
        "access/recording.py",
        "        entered(model, bulk.insert(model, rows))\n        for row in rows:\n            row._loaded = {f",
        "        bulk.insert(model, rows)\n        for row in rows:\n            row._loaded = {f",
        f"{SEARCH}::test_what_deletes_and_undoes_keeps_the_index",
    ),
    Guard(
        "search",
        "a part of a number is no number",
        "crm/phones.py",
        "    if not FEWEST <= len(digits) <= MOST or any(c.isalpha() for c in text):",
        "    if not digits:",
        f"{SEARCH}::test_a_country_code_may_be_left_out",
    ),
]
