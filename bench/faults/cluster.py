"""A throw-away PostgreSQL server that really writes to the disk, to be killed."""

import glob
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

from bench.faults.place import HOST, free_port


class Cluster:
    """A server on a free port of this machine; it goes with its folder."""

    def __init__(self) -> None:
        found = shutil.which("initdb") or max(
            glob.glob("/usr/lib/postgresql/*/bin/initdb"), default=""
        )
        if not found:
            raise SystemExit("VOID: PostgreSQL is not installed.")
        self.binaries = Path(found).parent
        self.folder = Path(tempfile.mkdtemp(prefix="partnerships-cluster-"))
        self.folder.chmod(0o755)
        self.data, self.port = self.folder / "data", free_port()
        self.as_server: list[str] = []
        if os.getuid() == 0:  # the server refuses to run as root
            user = next(n for n in ("postgres", "nobody") if _is_there(n))
            os.chown(self.folder, pwd.getpwnam(user).pw_uid, -1)
            self.as_server = ["runuser", "-u", user, "--"]
        self._run("initdb", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
        self.start()

    @property
    def url(self) -> str:
        return f"postgresql://postgres@{HOST}:{self.port}/postgres"

    def __enter__(self) -> "Cluster":
        return self

    def __exit__(self, *error: object) -> None:
        self.stop("immediate")
        shutil.rmtree(self.folder, ignore_errors=True)

    def _run(self, program: str, *arguments: str, check: bool = True) -> int:
        command = [*self.as_server, str(self.binaries / program), "-D", str(self.data), *arguments]
        with (self.folder / "words").open("ab") as out:
            done = subprocess.run(command, cwd="/", stdout=out, stderr=out)
        if check and done.returncode:
            raise SystemExit((self.folder / "words").read_text()[-2000:])
        return done.returncode

    def start(self) -> None:
        """Start it, with its own defaults for what is synced, and wait until it answers."""
        options = f"-p {self.port} -k {self.folder} -c listen_addresses={HOST}"
        for _n in range(20):  # children of a killed one may still be ending
            log = str(self.folder / "log")
            arguments = ("-l", log, "-w", "-t", "60", "-o", options, "start")
            if not self._run("pg_ctl", *arguments, check=False):
                return
            time.sleep(0.5)
        raise SystemExit("PostgreSQL did not start:\n" + (self.folder / "log").read_text()[-2000:])

    def stop(self, mode: str) -> None:
        self._run("pg_ctl", "-m", mode, "-w", "stop", check=False)

    def postmaster(self) -> int:
        return int((self.data / "postmaster.pid").read_text().split()[0])

    def kill_a_backend(self) -> bool:
        """kill -9 of a process that serves a client: the server throws all out and recovers."""
        for pid in _children(self.postmaster()):
            words = Path(f"/proc/{pid}/cmdline")
            if (
                words.exists()
                and b"[local]" not in words.read_bytes()
                and HOST.encode() in words.read_bytes()
            ):
                os.kill(pid, signal.SIGKILL)
                return True
        return False

    def kill_all(self) -> None:
        """kill -9 of the server and all that it started."""
        first = self.postmaster()
        for pid in [first, *_children(first)]:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass


def _children(pid: int) -> list[int]:
    return [int(n) for n in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _is_there(user: str) -> bool:
    try:
        pwd.getpwnam(user)
    except KeyError:
        return False
    return True
