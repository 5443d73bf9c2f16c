"""The guards of imports through pages, for `./run prove`."""

from tools.guards import Guard

PAGES, RUNNING = "tests/lists/test_import_pages.py", "tests/lists/test_import_running.py"
GUARDS = [
    Guard(
        "import",
        "an uploaded list is its owner's alone",
        "lists/models.py",
        "        return self.filter(owner_id=actor.user_id) if actor.user_id else self.none()",
        "        return self.all()",
        f"{PAGES}::test_only_its_owner_sees_an_import_and_its_file",
    ),
    Guard(
        "import",
        "an uploaded list that is refused leaves no file",
        "lists/imports.py",
        "        target.unlink(missing_ok=True)\n        raise",
        "        raise",
        f"{PAGES}::test_what_is_no_list_is_refused_by_its_content",
    ),
    Guard(
        "import",
        "an uploaded list goes after its time",
        "lists/imports.py",
        "    for path in files:\n        path.unlink(missing_ok=True)",
        "    return",
        f"{PAGES}::test_the_file_is_private_and_goes_after_thirty_days",
    ),
    Guard(
        "import",
        "an uploaded list is confirmed once",
        "lists/imports.py",
        "            return row  # sent twice",
        "            pass",
        f"{PAGES}::test_confirming_twice_imports_once",
    ),
    Guard(
        "import",
        "an uploaded list is confirmed as it was shown",
        "lists/imports.py",
        "        if not row.foreseen or not row.plan or str(row.plan.uid) != plan_uid:",
        "        if not row.foreseen or not row.plan:",
        f"{PAGES}::test_a_preview_that_another_matching_overtook_confirms_nothing",
    ),
    Guard(
        "import",
        "an uploaded list that is stopped is taken back",
        "lists/importing.py",
        "            watch(done, total)\n        except Exception",
        "            unwatched(done, total)\n        except Exception",
        f"{RUNNING}::test_stopping_takes_everything_back",
    ),
    Guard(
        "import",
        "an uploaded list is taken back when the right to it is lost",
        "lists/imports.py",
        "        work.progress(done, total)\n",
        "        pass\n",
        f"{RUNNING}::test_who_loses_the_right_while_it_runs_gets_nothing_in",
    ),
    Guard(
        "import",
        "an uploaded list gives administrators no cell of it",
        "lists/import_pages.py",
        "    is_own = row.owner_id == request.actor.user_id\n",
        "    is_own = True\n",
        f"{PAGES}::test_administrators_read_the_report_without_a_cell_of_it",
    ),
    Guard(
        "import",
        "an uploaded list keeps what is never imported out of its file to mend",
        "lists/aside.py",
        "if not never_taken(name, plan.kind.of_people)]",
        "if name is not None]",
        f"{RUNNING}::test_rows_set_aside_come_as_a_file_that_can_be_mended_and_imported",
    ),
    Guard(
        "import",
        "an uploaded list brings no guest of a host that was refused",
        "lists/pairs.py",
        "        self.aside += gone\n        rows = {note.row for note in gone}",
        "        rows: set[int] = set()",
        f"{PAGES}::test_who_belongs_to_an_organization_that_was_refused_stays_out",
    ),
]
