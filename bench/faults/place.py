"""A scratch installation: its database, its server, its background process, its people."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
HOST = "127.0.0.1"
USERS, PARTNERS = 50, 200
COOKIE = "scratch" * 4 + "0123"  # of the forms: 32 letters, the same for all


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def free_port() -> int:
    """A port of this machine that nobody listens on; PORT names the first to try."""
    first = int(os.environ.get("PORT", "0"))
    for port in range(first, first + 10) if first else [0]:
        with socket.socket() as listener:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                listener.bind((HOST, port))
            except OSError:
                continue
            return listener.getsockname()[1]
    raise SystemExit(f"No port from {first} to {first + 9} is free.")


class Place:
    """A folder that goes with all in it, and the processes that were started here."""

    def __init__(self, database_url: str = "", **settings: str):
        self.folder = Path(tempfile.mkdtemp(prefix="partnerships-faults-"))
        (self.folder / "files").mkdir()
        self.database = self.folder / "scratch.sqlite3"
        left_out = ("PRODUCTION", "DEBUG", "DEMO", "HTTPS", "ALLOWED_HOSTS")
        self.env = {name: value for name, value in os.environ.items() if name not in left_out}
        self.env |= {
            "SECRET_KEY": "faults-only-" + "0123456789abcdef" * 4,
            "DATABASE_URL": database_url or f"sqlite:///{self.database}",
            "MEDIA_ROOT": str(self.folder / "files"),
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "API_RATE": "1000000/min",
            **settings,
        }
        self.port = 0
        self.running: list[subprocess.Popen] = []

    def __enter__(self) -> "Place":
        return self

    def __exit__(self, *error: object) -> None:
        for child in list(self.running):
            self.end(child)
        shutil.rmtree(self.folder, ignore_errors=True)

    # -- processes -------------------------------------------------------------------------------

    def start(self, *command: str, log: str = "log", **env: str) -> subprocess.Popen:
        """Start a process of ours, with a group of its own and its words in a file."""
        with (self.folder / log).open("ab") as out:
            child = subprocess.Popen(
                command,
                cwd=ROOT,
                env=self.env | env,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                start_new_session=True,
            )
        self.running.append(child)
        return child

    def serve(self, before: tuple[str, ...] = (), workers: int = 1, **env: str) -> subprocess.Popen:
        """Start the web server as `./run serve` does, and wait until it answers."""
        from tools.serving import gunicorn

        self.port = self.port or free_port()
        command = gunicorn(sys.executable, HOST, self.port, workers, "warning")
        child = self.start(*before, *command, log="server.log", **env)
        self.wait_for_answer(child)
        return child

    def wait_for_answer(self, child: subprocess.Popen) -> None:
        for _n in range(600):
            try:
                with urllib.request.urlopen(f"http://{HOST}:{self.port}/healthz", timeout=5):
                    return
            except OSError:
                if child.poll() is not None:
                    break
                time.sleep(0.1)
        raise SystemExit("The server did not start:\n" + self.words("server.log"))

    def background(self, **env: str) -> subprocess.Popen:
        """Start the background process."""
        return self.start(sys.executable, "manage.py", "background", log="background.log", **env)

    def words(self, log: str) -> str:
        """The last words of a process."""
        path = self.folder / log
        return path.read_text(errors="replace")[-3000:] if path.exists() else ""

    def kill(self, child: subprocess.Popen) -> None:
        """kill -9 of the process and all it started: no time for last words."""
        os.killpg(child.pid, signal.SIGKILL)
        child.wait()
        self.running.remove(child)

    def end(self, child: subprocess.Popen) -> None:
        """Ask a process to end, and insist after a while."""
        if child.poll() is None:
            os.killpg(child.pid, signal.SIGTERM)
            try:
                child.wait(20)
            except subprocess.TimeoutExpired:
                pass
        try:
            os.killpg(child.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        child.wait()
        self.running.remove(child)

    # -- what is in it ---------------------------------------------------------------------------

    def ask(self, function: str, *args: Any) -> Any:
        """What `function` of bench.faults.inside gives, run in a process of this database."""
        command = [sys.executable, "-m", "bench.faults.inside", function]
        done = subprocess.run(
            command,
            cwd=ROOT,
            env=self.env,
            input=json.dumps(args),
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        return json.loads(done.stdout.rpartition("\n@")[2])

    def end_of(self, job: str, patience: float = 900) -> dict[str, Any]:
        """Wait until a job is over; its state."""
        deadline = time.monotonic() + patience
        while (state := self.ask("state_of_job", job))["status"] in ("waiting", "running"):
            if time.monotonic() > deadline:
                raise SystemExit(f"Nothing came of it: {state}\n{self.words('background.log')}")
            time.sleep(0.2)
        return state

    def fill(self) -> dict[str, Any]:
        """Migrate and fill: {"sessions": [...], "partners": [...], "kind": code}."""
        return self.ask("fill", USERS, PARTNERS)

    def copy_of(self, database: Path) -> dict[str, Any]:
        """Take a copy of a filled SQLite database, and sign its own users in."""
        shutil.copy(database, self.database)
        return self.ask("take_over", USERS)
