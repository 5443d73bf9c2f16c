"""The databases that are measured: made once, kept by what made them, and copied for each run."""

import glob
import hashlib
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
KEPT = ROOT / ".run" / "bench"
MAKERS = (
    "bench/bulk.py", "bench/fill_*.py", "bench/generate.py", "bench/plan.py", "config/demo/*",
    "config/defaults/*.csv", "*/migrations/*.py", "lists/folding.py",
)  # fmt: skip
# What a new index holds, the copied statistics do not tell; and rebuilt figures leave rows behind.
TIDIED = "import django; django.setup(); from bench.generate import analyze; analyze()"
SERVER = "BENCH_POSTGRES"  # the address of a server to use, without a database; else one of our own


def key() -> str:
    """Eight letters that change with all that makes the rows."""
    digest = hashlib.sha256()
    for pattern in MAKERS:
        for path in sorted(glob.glob(str(ROOT / pattern))):
            if Path(path).is_file():  # not __pycache__
                digest.update(Path(path).read_bytes())
    return digest.hexdigest()[:8]


@contextmanager
def copies(
    database: str, sizes: list[str], given: list[str] | None = None
) -> Iterator[tuple[list[str], str]]:
    """The addresses of a fresh copy for each size, and the version of the database; they are gone
    afterwards. What is copied are the `given` addresses where there are any.
    """
    with ExitStack() as stack:
        if database == "sqlite":
            import sqlite3

            files = [Path(one.removeprefix("sqlite:///")) for one in given or ()]
            files = files or [kept_file(size) for size in sizes]
            found = [stack.enter_context(_file(file, n)) for n, file in enumerate(files)]
            bring_up_to_date(found if given else [])
            yield found, f"SQLite {sqlite3.sqlite_version}"
            return
        if given:
            pairs = [tuple(one.rsplit("/", 1)) for one in given]
        else:
            server = (os.environ.get(SERVER) or stack.enter_context(_cluster())).rstrip("/")
            pairs = [(server, kept_database(server, size)) for size in sizes]
        found = [stack.enter_context(_database(*pair, n)) for n, pair in enumerate(pairs)]
        bring_up_to_date(found if given else [])
        yield found, _version(pairs[0][0])


def bring_up_to_date(addresses: list[str]) -> None:
    """Give copies of somebody's databases today's tables and figures."""
    for address in addresses:
        for command in (("migrate", "-v0"), ("rebuild_figures",)):
            _run(address, "manage.py", *command)
        _run(address, "-c", TIDIED)


def generate(address: str, size: str) -> None:
    """Fill an empty database in a process of its own."""
    print(f"Making a database of size {size}; it is kept for later runs.", flush=True)
    _run(address, "-m", "bench.generate", "--size", size)


def _run(address: str, *command: str) -> None:
    env = os.environ | {"DATABASE_URL": address, "DJANGO_SETTINGS_MODULE": "config.settings"}
    env.setdefault("SECRET_KEY", "bench-only-" + "0123456789abcdef" * 4)
    subprocess.run([sys.executable, *command], cwd=ROOT, env=env, check=True)


def kept_file(size: str) -> Path:
    """The kept SQLite database of a size, made when it is not there."""
    KEPT.mkdir(parents=True, exist_ok=True)
    kept = KEPT / f"{size}-{key()}.sqlite3"
    if not kept.exists():
        half = kept.with_suffix(".half")
        half.unlink(missing_ok=True)
        generate(f"sqlite:///{half}", size)
        half.rename(kept)
    return kept


@contextmanager
def _file(kept: Path, number: int) -> Iterator[str]:
    KEPT.mkdir(parents=True, exist_ok=True)
    copied = KEPT / f"copy-{os.getpid()}-{number}.sqlite3"
    try:
        subprocess.run(["cp", "--reflink=auto", kept, copied], check=True)
        yield f"sqlite:///{copied}"
    finally:
        for path in glob.glob(f"{copied}*"):
            os.remove(path)


def kept_database(server: str, size: str) -> str:
    """The name of the kept PostgreSQL database of a size, made when it is not there."""
    kept = f"bench_{re.sub('[^0-9a-z]', '_', size)}_{key()}"
    if (kept,) not in _told(server, "SELECT datname FROM pg_database"):
        half = f"{kept}_half"
        _told(server, f"DROP DATABASE IF EXISTS {half}")
        _told(server, f"CREATE DATABASE {half}")
        generate(f"{server}/{half}", size)
        _told(server, f"ALTER DATABASE {half} RENAME TO {kept}")
    return kept


@contextmanager
def _database(server: str, kept: str, number: int) -> Iterator[str]:
    copied = f"bench_copy_{os.getpid()}_{number}"
    _told(server, f"CREATE DATABASE {copied} TEMPLATE {kept} STRATEGY file_copy")
    try:
        yield f"{server}/{copied}"
    finally:
        _told(server, f"DROP DATABASE {copied} WITH (FORCE)")


def _told(server: str, statement: str) -> list[tuple]:
    import psycopg

    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        cursor = connection.execute(statement)
        return cursor.fetchall() if cursor.description else []


def _version(server: str) -> str:
    return f"PostgreSQL {_told(server, 'SHOW server_version')[0][0].split()[0]}"


@contextmanager
def _cluster() -> Iterator[str]:
    """A server of our own on a free port of this machine, as durable as one that holds real rows;
    its data are kept in the folder for temporary files.
    """
    binaries = _binaries()
    folder = Path(tempfile.gettempdir()) / f"partnerships-bench-{os.getuid()}"
    as_server = _smaller_user(folder)
    if not (folder / "data").exists():
        subprocess.run(
            [*as_server, binaries / "initdb", "-D", folder / "data", "-U", "postgres", "-A",
             "trust", "-E", "UTF8", "--locale=C.UTF-8"],
            cwd="/", check=True, stdout=subprocess.DEVNULL,
        )  # fmt: skip
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    control = [*as_server, binaries / "pg_ctl", "-D", folder / "data", "-w", "-t", "120"]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
    options = (
        f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c max_wal_size=4GB "
        f"-c shared_buffers={min(2048, memory // 8)}MB"
    )
    quiet = {"cwd": "/", "check": True, "stdout": subprocess.DEVNULL}
    subprocess.run([*control, "-l", folder / "log", "-o", options, "start"], **quiet)
    try:
        yield f"postgresql://postgres@127.0.0.1:{port}"
    finally:
        subprocess.run([*control, "-m", "fast", "stop"], **quiet)


def _binaries() -> Path:
    """Where the programs of the PostgreSQL server are, the newest."""
    places = sorted(glob.glob("/usr/lib/postgresql/*/bin/pg_ctl"), key=_number)
    found = shutil.which("pg_ctl") or (places[-1] if places else "")
    if not found:
        raise SystemExit(
            f"No PostgreSQL server is installed here: install one, or name one in {SERVER}."
        )
    return Path(found).resolve().parent


def _number(path: str) -> int:
    return int("".join(c for c in path.split("/")[4] if c.isdigit()) or 0)


def _smaller_user(folder: Path) -> list[str]:
    """How to run as somebody who may start the server: root may not. Makes the folder theirs."""
    folder.mkdir(mode=0o755, exist_ok=True)
    if os.getuid():
        return []
    import pwd

    known = {user.pw_name for user in pwd.getpwall()}
    name = "postgres" if "postgres" in known else "nobody"
    shutil.chown(folder, name)
    return ["runuser", "-u", name, "--"]
