"""Requests a second through gunicorn, beside the smallest answer of the same server, and beside its
smallest page for who is signed in: that asks the database who she is and what she may.
"""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.measuring import Pair, Values, least, work
from bench.world import TWO, World

ROOT = Path(__file__).resolve().parents[2]
SECONDS, CONNECTIONS = 3.0, 4
WORKERS = 2  # processes on PostgreSQL, as `./run serve` starts them on two cores


@contextmanager
def served(world: World, **settings: str) -> Iterator[str]:
    """The address of the product, served as `./run serve` does; stopped afterwards."""
    from tools.serving import gunicorn

    world.connection.close()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    env = os.environ | {"DJANGO_SETTINGS_MODULE": "bench.settings"} | settings
    workers = 1 if world.is_sqlite else WORKERS
    command = gunicorn(sys.executable, "127.0.0.1", port, workers, "warning")
    server = subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        for _attempt in range(150):
            try:
                urllib.request.urlopen(f"{address}/robots.txt", timeout=2).close()
                break
            except OSError:
                if server.poll() is not None:
                    raise RuntimeError("gunicorn did not start") from None
                time.sleep(0.1)
        yield address
    finally:
        server.terminate()
        server.wait(30)


def cookie(client) -> str:
    """The session cookie of a signed-in client."""
    return "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())


def load(address: str, requests: list[bytes]) -> Values:
    """Milliseconds for each request, when so many connections send them for so long."""
    host, port = address.removeprefix("http://").split(":")
    words = {"host": host, "port": int(port), "seconds": SECONDS, "connections": CONNECTIONS}
    words["requests"] = [one.decode() for one in requests]
    done = subprocess.run(
        [sys.executable, "-m", "bench.load"], input=json.dumps(words), cwd=ROOT, check=True,
        capture_output=True, text=True,
    )  # fmt: skip
    return Values([1_000 * SECONDS / max(1, int(done.stdout))])


def _get(address: str, path: str, cookies: str = "") -> bytes:
    host = address.removeprefix("http://")
    return f"GET {path} HTTP/1.1\r\nHost: {host}\r\nCookie: {cookies}\r\n\r\n".encode()


def _page(world: World, path: str, beside: str):
    cookies = cookie(world.client(TWO))
    with served(world) as address:
        yield Pair(
            lambda: load(address, [_get(address, path, cookies)]),
            lambda: load(address, [_get(address, beside, "" if beside == PING else cookies)]),
            calls=1,
        )


PING, EMPTY = "/robots.txt", "/more/"
SIGNED_IN = "an empty signed-in page of the same server"
for _name, _title, _path, _share, _signed in (
    ("list", "List of people, time for each request", "/people/?view=all", 0.06, 0.25),
    ("dashboard", "Dashboard, time for each request", "/dashboards/where/", 0.08, 0.45),
):
    # Of PostgreSQL, a server takes part in every page, and none in the smallest answer.
    work(
        f"requests.{_name}", _title, f"{PING} of the same server", least(_share), slow=True,
        databases=("sqlite",),
    )(lambda world, path=_path: _page(world, path, PING))  # fmt: skip
    work(f"requests.signed.{_name}", _title, SIGNED_IN, least(_signed), slow=True)(
        lambda world, path=_path: _page(world, path, EMPTY)
    )


@work("requests.signed.search", "Search, time for each request", SIGNED_IN, least(0.3), slow=True)
def search(world: World):
    from bench.works.searching import texts

    client = world.client(TWO)
    with served(world) as address:
        host = address.removeprefix("http://")
        token = _token(address, cookie(client))
        cookies = f"{cookie(client)}; csrftoken={token}"
        sent = []
        for text in texts(world)[:200]:
            body = f"q={urllib.request.quote(text)}"
            sent.append(
                (
                    f"POST /find/ HTTP/1.1\r\nHost: {host}\r\nCookie: {cookies}\r\n"
                    f"X-CSRFToken: {token}\r\nHX-Request: true\r\nHX-Target: found\r\n"
                    "Content-Type: application/x-www-form-urlencoded\r\n"
                    f"Content-Length: {len(body)}\r\n\r\n{body}"
                ).encode()
            )
        yield Pair(
            lambda: load(address, sent),
            lambda: load(address, [_get(address, EMPTY, cookies)]),
            calls=1,
        )


def _token(address: str, cookies: str) -> str:
    """The token that a page of the session gives to forms."""
    request = urllib.request.Request(f"{address}/find/", headers={"Cookie": cookies})
    with urllib.request.urlopen(request, timeout=20) as answer:
        for name, value in answer.getheaders():
            if name == "Set-Cookie" and value.startswith("csrftoken="):
                return value.partition("=")[2].partition(";")[0]
    raise RuntimeError("The page gave no CSRF token.")
