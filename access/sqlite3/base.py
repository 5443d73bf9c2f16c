"""Django's SQLite, where writers stand in line instead of asking again and again."""

from functools import lru_cache
from typing import Any

from django.db import DatabaseError, OperationalError
from django.db.backends.sqlite3 import base

from access.turns import NoTurn, turns_of

PATIENCE = 10.0  # seconds in line; after that the answer is 503, and nothing was saved
SHORT = 10_000  # letters of a statement that is worth keeping
READING = ("SELECT", "PRAGMA", "EXPLAIN", "VALUES", "WITH")


class Cursor(base.SQLiteCursorWrapper):
    """Takes a turn for a statement that writes by itself, outside a transaction."""

    wrapper: "DatabaseWrapper"

    def execute(self, query, params=None):
        with self.wrapper.turn_for(query):
            return super().execute(query, params)

    def executemany(self, query, param_list):
        with self.wrapper.turn_for(query):
            return super().executemany(query, param_list)

    def convert_query(self, query, *, param_names=None):
        if param_names is None and len(query) <= SHORT:
            return _marked(query)
        return super().convert_query(query, param_names=param_names)


@lru_cache(maxsize=1_000)
def _marked(query: str) -> str:
    """A statement with SQLite's own marks. Most come again, with other values."""
    return base.FORMAT_QMARK_REGEX.sub("?", query).replace("%%", "%")


class _Kept:
    """Ends a turn that was taken for one statement."""

    def __init__(self, wrapper: "DatabaseWrapper | None"):
        self.wrapper = wrapper

    def __enter__(self) -> None:
        if self.wrapper:
            self.wrapper.take_turn()

    def __exit__(self, *error: object) -> None:
        if self.wrapper:
            self.wrapper.give_back_turn()


_NONE = _Kept(None)


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection whose transactions begin when it is their turn, and end it."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self._has_turn = False

    def create_cursor(self, name=None):
        cursor = self.connection.cursor(factory=Cursor)
        cursor.wrapper = self
        return cursor

    def turn_for(self, query: str) -> _Kept:
        """A turn for one statement, where it needs one of its own."""
        if self._has_turn or query.lstrip()[:8].upper().startswith(READING):
            return _NONE
        return _Kept(self)

    def take_turn(self) -> None:
        """Wait until this connection may write. Raises OperationalError after PATIENCE."""
        try:
            turns_of(str(self.settings_dict["NAME"])).take(PATIENCE)
        except NoTurn as error:
            raise OperationalError("database is locked: no turn to write came") from error
        self._has_turn = True

    def give_back_turn(self) -> None:
        """End the turn, if there is one."""
        if self._has_turn:
            self._has_turn = False
            turns_of(str(self.settings_dict["NAME"])).give_back()

    def _start_transaction_under_autocommit(self):
        self.take_turn()
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]
        except BaseException:
            self.give_back_turn()
            raise

    def _commit(self):
        try:
            super()._commit()  # type: ignore[misc]
        except DatabaseError:
            raise  # Django rolls back
        except BaseException:  # out of memory, told to end: Django would leave all of it open
            self.close()
            raise
        self.give_back_turn()

    def _rollback(self):
        try:
            super()._rollback()  # type: ignore[misc]
        finally:
            self.give_back_turn()

    def _close(self):
        try:
            super()._close()  # type: ignore[misc]
        finally:
            self.give_back_turn()
