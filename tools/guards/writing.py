"""The guards of writing: turns on SQLite, what is synced, refusals that are true, slices."""

from tools.guards import Guard

TURNS, BUSY = "tests/access/test_turns.py", "tests/config/test_busy.py"
HANDOVER = "tests/crm/test_handing_over.py"

GUARDS = [
    Guard(
        "writing",
        "who came first writes first",
        "access/turns.py",
        "self._line.popleft().release()",
        "self._line.pop().release()",
        f"{TURNS}::test_who_came_first_goes_first",
    ),
    Guard(
        "writing",
        "two processes alternate",
        "access/turns.py",
        "        self._lock(NEXT, deadline)\n",
        "",
        f"{TURNS}::test_two_processes_alternate",
    ),
    Guard(
        "writing",
        "a statement by itself takes a turn",
        "access/sqlite3/base.py",
        "        return _Kept(self)",
        "        return _NONE",
        f"{TURNS}::test_who_gets_no_turn_is_refused_and_those_after_her_are_not",
    ),
    Guard(
        "writing",
        "a transaction that cannot begin gives its turn back",
        "access/sqlite3/base.py",
        "        except BaseException:\n            self.give_back_turn()\n            raise",
        "        except ZeroDivisionError:\n            raise",
        f"{TURNS}::test_a_transaction_that_cannot_begin_gives_its_turn_back",
    ),
    Guard(
        "writing",
        "a transaction that is taken back ends its turn",
        "access/sqlite3/base.py",
        "            super()._rollback()  # type: ignore[misc]\n        finally:\n            self.give_back_turn()",
        "            super()._rollback()  # type: ignore[misc]\n        finally:\n            pass",
        f"{TURNS}::test_the_turn_ends_with_the_transaction",
    ),
    Guard(
        "writing",
        "every connection syncs before it answers",
        "config/settings.py",
        "PRAGMA synchronous=FULL",
        "PRAGMA synchronous=NORMAL",
        f"{TURNS}::test_every_connection_syncs_before_it_answers",
    ),
    Guard(
        "writing",
        "503 where no view has begun",
        "config/errors.py",
        "    if isinstance(error := sys.exception(), AWAY):",
        "    if isinstance(error := sys.exception(), ZeroDivisionError):",
        f"{BUSY}::test_it_is_said_where_no_view_has_begun",
    ),
    Guard(
        "writing",
        "what is lost at the commit is told as unsure",
        "access/recording.py",
        "        error.unsure = committing and",
        "        error.unsure = False and",
        f"{BUSY}::test_what_breaks_at_the_commit_is_unsure_where_it_is",
    ),
    Guard(
        "writing",
        "slices are taken back when a later one fails",
        "access/ahead.py",
        "            undo_broken(self.actor, self.begun)\n",
        "",
        f"{HANDOVER}::test_slices_are_taken_back_when_a_later_one_fails",
    ),
]
