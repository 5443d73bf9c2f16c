"""Users at work: each has a connection of her own, and sends forms as a browser does."""

import http.client
import random
import threading
import time
import urllib.parse
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from bench.faults.place import COOKIE, HOST

GIVE_UP = 90  # seconds for an answer


@dataclass
class Answer:
    """What came back: the status (0: the connection broke), the seconds, some headers."""

    status: int
    seconds: float
    headers: dict[str, str] = field(default_factory=dict)
    body: str = ""


class Browser:
    """One signed-in user."""

    def __init__(self, port: int, session: str):
        self.port, self.session = port, session
        self.connection = http.client.HTTPConnection(HOST, port, timeout=GIVE_UP)

    def again(self, port: int) -> "Browser":
        """The same user with a new connection: the server ends those that rest for a while."""
        self.connection.close()
        return Browser(port, self.session)

    def send(self, method: str, path: str, values: dict | list | None = None) -> Answer:
        """Send one request, once."""
        headers = {"Cookie": f"sessionid={self.session}; csrftoken={COOKIE}"}
        body = None
        if values is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            body = urllib.parse.urlencode(values, doseq=True)
            body += f"&csrfmiddlewaretoken={COOKIE}"
        began = time.perf_counter()
        try:
            self.connection.request(method, path, body, headers)
            reply = self.connection.getresponse()
            text = reply.read().decode(errors="replace")
        except (OSError, http.client.HTTPException):
            self.connection.close()
            return Answer(0, time.perf_counter() - began)
        seconds = time.perf_counter() - began
        return Answer(reply.status, seconds, dict(reply.getheaders()), text)


def meeting(told: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    """A meeting as the form sends it, with a key and an uid of its own, and a follow-up."""
    return {
        "key": str(uuid.uuid4()),
        "uid": str(uuid.uuid4()),
        "kind": told["kind"],
        "status": "held",
        "visibility": "team",
        "day": time.strftime("%Y-%m-%d", time.gmtime(time.time() - 3 * 86_400)),
        "summary": f"Talked about number {chance.randint(1, 10**9)}",
        "organizations": chance.sample(told["partners"], 2),
        "next_step": "Send the flyer",
        "strength_after": "",
    }


@dataclass
class Sent:
    """A form that was sent, and every answer to it."""

    browser: Browser
    values: dict[str, Any]
    answers: list[Answer] = field(default_factory=list)

    @property
    def acknowledged(self) -> bool:
        return any(answer.status == 302 for answer in self.answers)


class Crowd:
    """Users who log meetings at once, each in a thread, until told to stop."""

    def __init__(self, port: int, told: dict[str, Any], count: int, pause: float = 0.0):
        self.told, self.pause, self.stopped = told, pause, threading.Event()
        self.sent: list[Sent] = []
        self.browsers = [Browser(port, session) for session in told["sessions"][:count]]
        self.threads = [
            threading.Thread(target=self._work, args=(n, browser), daemon=True)
            for n, browser in enumerate(self.browsers)
        ]

    def _work(self, number: int, browser: Browser) -> None:
        chance = random.Random(uuid.uuid4().int)
        if self.pause:
            self.stopped.wait(chance.random() * self.pause)
        while not self.stopped.is_set():
            sent = Sent(browser, meeting(self.told, chance))
            self.sent.append(sent)
            sent.answers.append(browser.send("POST", "/log/", sent.values))
            if not sent.acknowledged:
                self.stopped.wait(0.5)  # nobody is there for the moment
            if self.pause:
                self.stopped.wait(self.pause * (0.5 + chance.random()))

    def work(self, seconds: float, until: Callable[[], bool] = lambda: False) -> list[Sent]:
        """Let them work for so long; what they sent."""
        self.start()
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and not until():
            time.sleep(0.02)
        return self.stop()

    def start(self) -> None:
        for thread in self.threads:
            thread.start()

    def stop(self) -> list[Sent]:
        """Let each end what she is at; what they sent."""
        self.stopped.set()
        for thread in self.threads:
            thread.join()
        return self.sent


def share(values: list[float], part: float) -> float:
    """The value below which this part of them lies (0.95: p95)."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))] if ordered else float("nan")
