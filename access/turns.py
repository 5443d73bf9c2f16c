"""Turns at writing: who came first writes first, in this process and beside others.

SQLite lets one connection write at a time. Left alone, those who wait ask again at intervals, and
one may be overtaken for seconds. Here they stand in a line, and the turn is handed on.
"""

import os
import threading
import time
from collections import deque
from contextlib import suppress
from pathlib import Path

try:
    import fcntl
except ImportError:  # no serving on Windows: one process, which has its line all the same
    fcntl = None  # type: ignore[assignment]

LOOK_EVERY = 0.001  # seconds between looks at what another process holds
NEXT, TURN = 0, 1  # bytes of the lock file: who is next, and whose turn it is


class NoTurn(Exception):
    """The wait was over before the turn came."""


class Between:
    """The turn between processes.

    Who wants it holds the place of the next until it comes. So a process that gives it back and
    wants it again comes after the one that waits, and two of them alternate.
    """

    def __init__(self, path: Path):
        self.path = path
        self._file: int | None = None
        self._pid = 0

    def take(self, deadline: float) -> None:
        """Wait for the turn. Raises NoTurn at the deadline (of time.monotonic)."""
        self._lock(NEXT, deadline)
        try:
            self._lock(TURN, deadline)
        finally:
            self._unlock(NEXT)

    def give_back(self) -> None:
        self._unlock(TURN)

    def _descriptor(self) -> int:
        if self._file is None or self._pid != os.getpid():  # locks do not pass to a child
            self._file, self._pid = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600), os.getpid()
            if os.geteuid() == 0:  # a command of root's must not shut the server out of its file
                folder = self.path.parent.stat()
                with suppress(OSError):  # where the file system has no owners, all may open it
                    os.fchown(self._file, folder.st_uid, folder.st_gid)
        return self._file

    def _lock(self, place: int, deadline: float) -> None:
        descriptor = self._descriptor()
        while True:
            try:
                fcntl.lockf(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, place)
            except (BlockingIOError, PermissionError):  # held elsewhere, in the words of POSIX
                if time.monotonic() >= deadline:
                    raise NoTurn from None
                time.sleep(LOOK_EVERY)
            else:
                return

    def _unlock(self, place: int) -> None:
        fcntl.lockf(self._descriptor(), fcntl.LOCK_UN, 1, place)


class Turns:
    """The turns of one database: a line in this process, whose head waits for other processes."""

    def __init__(self, path: Path | None = None):
        self._guard = threading.Lock()
        self._line: deque[threading.Lock] = deque()
        self._taken = False
        self._between = Between(path) if path and fcntl else None

    def take(self, seconds: float) -> None:
        """Wait for the turn, and hold it until `give_back`. Raises NoTurn after so many seconds."""
        deadline = time.monotonic() + seconds
        self._stand_in_line(seconds)
        if self._between is None:
            return
        try:
            self._between.take(deadline)
        except BaseException:
            self._hand_on()
            raise

    def give_back(self) -> None:
        """End the turn; the first in line has it now, unless another process waits."""
        try:
            if self._between is not None:
                self._between.give_back()
        finally:  # or all who write in this process would wait in vain from now on
            self._hand_on()

    def _stand_in_line(self, seconds: float) -> None:
        with self._guard:
            if not self._taken:
                self._taken = True
                return
            place = threading.Lock()
            place.acquire()
            self._line.append(place)
        if place.acquire(timeout=max(seconds, 0)):
            return
        with self._guard:
            if place not in self._line:
                return  # it came at the last moment
            self._line.remove(place)
        raise NoTurn

    def _hand_on(self) -> None:
        with self._guard:
            if self._line:
                self._line.popleft().release()
            else:
                self._taken = False


_turns: dict[str, Turns] = {}
_turns_guard = threading.Lock()


def turns_of(database: str) -> Turns:
    """The turns of a database by its path; the same for all connections of this process."""
    with _turns_guard:
        if database not in _turns:
            in_memory = not database or ":memory:" in database or database.startswith("file:")
            _turns[database] = Turns(None if in_memory else Path(f"{database}-turn"))
        return _turns[database]
