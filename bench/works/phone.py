"""Pages on a phone: what they weigh, and how long until they can be used on a weak line.

Chromium at 360 by 740, 400 kbit/s, 400 ms for each answer, a processor four times slower; the
product served by gunicorn as in production, its static files compressed beforehand.
"""

import os
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from bench.measuring import Pair, Unmeasurable, Values, within, work
from bench.works.requests import ROOT, cookie, served
from bench.world import ALL, TWO, World

KBIT, WAIT, SLOWER = 400, 400, 4
FLAGS = "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
PRODUCTION = {
    "PRODUCTION": "1", "HTTPS": "0", "REQUIRE_SECOND_FACTOR": "0", "DEBUG": "0", "MAIL_URL": "none",
}  # fmt: skip
# Ready: the page is there, its scripts ran, and two frames were drawn since.
READY = """() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(
  () => done(performance.now()))))"""

# Readable: all of an element is there, the page was drawn with its styles, and, scrolled to it, two
# frames more.
READABLE = """(what) => new Promise((done) => {
  const look = () => {
    const painted = performance.getEntriesByName("first-contentful-paint").length;
    if (!painted || !document.querySelector(`${what} + *`)) return requestAnimationFrame(look);
    document.querySelector(what).scrollIntoView();
    requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now())));
  };
  look();
})"""
HEAT = "[data-figure=activity]"


@contextmanager
def phone(world: World, who: str) -> Iterator[tuple[Any, str, str]]:
    """(browser, address, cookie value) of the product in production's manner, and of a viewer."""
    path = os.environ.get("CHROMIUM")
    if not path:
        raise Unmeasurable("CHROMIUM names no browser")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        raise Unmeasurable("Playwright is not installed") from None
    env = os.environ | PRODUCTION | {"DJANGO_SETTINGS_MODULE": "bench.settings"}
    collect = [sys.executable, "manage.py", "collectstatic", "--noinput", "-v0"]
    subprocess.run(collect, cwd=ROOT, env=env, check=True, stdout=subprocess.DEVNULL)
    session = cookie(world.client(who)).partition("sessionid=")[2].partition(";")[0]
    with served(world, **PRODUCTION) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS.split())
        try:
            yield browser, address, session
        finally:
            browser.close()


class Visit:
    """One window with an empty cache, slowed down; what it loaded, by kind."""

    def __init__(self, browser, address: str, session: str):
        self.address = address
        self.context = browser.new_context(
            viewport={"width": 360, "height": 740}, device_scale_factor=2, is_mobile=True
        )
        self.context.add_cookies([{"name": "sessionid", "value": session, "url": address}])
        self.page = self.context.new_page()
        self.loaded: dict[str, float] = {}  # kilobytes on the line by kind
        self.elsewhere: list[str] = []
        self.names: list[str] = []
        self._kinds: dict[str, str] = {}
        line = self.context.new_cdp_session(self.page)
        line.send("Network.enable")
        line.send(
            "Network.emulateNetworkConditions",
            {
                "offline": False, "latency": WAIT, "downloadThroughput": KBIT * 1_000 / 8,
                "uploadThroughput": KBIT * 1_000 / 8,
            },
        )  # fmt: skip
        line.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        line.on("Network.responseReceived", self._answered)
        line.on("Network.loadingFinished", self._finished)

    def _answered(self, event) -> None:
        url = event["response"]["url"]
        self._kinds[event["requestId"]] = event["type"]
        self.names.append(url)
        if not url.startswith((self.address, "data:", "blob:")):
            self.elsewhere.append(url)

    def _finished(self, event) -> None:
        kind = self._kinds.get(event["requestId"], "Other")
        self.loaded[kind] = self.loaded.get(kind, 0) + event["encodedDataLength"] / 1_000

    def open(self, path: str) -> float:
        """Milliseconds from the start of loading until the page is drawn and its scripts ran."""
        self._go(path, "domcontentloaded")
        return self.page.evaluate(READY)

    def read(self, path: str, what: str) -> float:
        """Milliseconds until a part of the page can be read, whatever comes after it."""
        self._go(path, "commit")
        return self.page.evaluate(READABLE, what)

    def _go(self, path: str, until: str) -> None:
        self.page.goto(self.address + path, wait_until=until, timeout=120_000)
        if "/login/" in self.page.url:
            raise RuntimeError("The session was not taken: this is the page to sign in.")

    def settle(self) -> None:
        """Wait for what is loaded late."""
        self.page.wait_for_load_state("networkidle", timeout=120_000)

    def close(self) -> None:
        self.context.close()

    @property
    def weight(self) -> float:
        """Kilobytes of all that was loaded, without fonts."""
        return sum(size for kind, size in self.loaded.items() if kind != "Font")


def _first(world: World, path: str, who: str, measured):
    """A work that opens a page in a fresh window each time, and measures it."""
    with phone(world, who) as (browser, address, session):

        def visit() -> Values:
            window = Visit(browser, address, session)
            try:
                return Values([measured(window, path)])
            finally:
                window.close()

        yield Pair(visit, rounds=3)


def _weight(window: Visit, path: str) -> float:
    window.open(path)
    window.settle()
    return window.weight


def _register(name: str, title: str, path: str, who: str, weight: float, page: float) -> None:
    work(f"phone.{name}.weight", f"{title} on a phone, first load without fonts", "",
         within(weight), unit="kB", slow=True)(
        lambda world: _first(world, path, who, _weight)
    )  # fmt: skip
    work(f"phone.{name}.usable", f"{title} on a phone, usable", "", within(2_000), slow=True)(
        lambda world: _first(world, path, who, Visit.open)
    )
    work(f"phone.{name}.html", f"{title}, the page itself in brotli", "", within(page), unit="kB")(
        lambda world: _html(world, path, who)
    )


def _html(world: World, path: str, who: str):
    import brotli

    client = world.client(who)

    def weighed() -> Values:
        content = world.got(client, path).content
        return Values([len(brotli.compress(content, quality=5)) / 1_000])

    yield Pair(weighed, rounds=1)


_register("log", "The form to log a meeting", "/log/", TWO, 60, 10)
_register("list", "List of organizations", "/organizations/?view=all", TWO, 60, 10)
_register("dashboard", "Dashboard", "/dashboards/where/", ALL, 90, 40)


@work("phone.dashboard.chart", "Dashboard on a phone, first chart readable", "", within(2_000),
      slow=True)  # fmt: skip
def chart(world: World):
    """What the goal says: the heat map, not the end of loading, which `usable` above waits for."""
    return _first(world, "/dashboards/where/", ALL, lambda window, path: window.read(path, HEAT))


@work("phone.next", "The next page of a list on a phone", "", within(1_000), slow=True)
def following(world: World):
    with phone(world, TWO) as (browser, address, session):

        def visit() -> Values:
            window = Visit(browser, address, session)
            try:
                window.open("/organizations/?view=all")
                window.settle()
                with window.page.expect_navigation(wait_until="domcontentloaded"):
                    window.page.click("a[rel=next]")
                return Values([window.page.evaluate(READY)])  # since the tap
            finally:
                window.close()

        yield Pair(visit, rounds=3)


@work("phone.elsewhere", "What three pages ask of other hosts, and of Plotly", "", within(0),
      unit="requests", slow=True)  # fmt: skip
def elsewhere(world: World):
    with phone(world, TWO) as (browser, address, session):

        def visit() -> Values:
            window = Visit(browser, address, session)
            try:
                for path in ("/log/", "/organizations/?view=all", "/dashboards/where/"):
                    window.open(path)
                    window.settle()
                heavy = [name for name in window.names if "plotly" in name.lower()]
                return Values([float(len(window.elsewhere) + len(heavy))])
            finally:
                window.close()

        yield Pair(visit, rounds=1)


@work("phone.plotly", "Plotly, loaded when asked for, in brotli", "", within(420), unit="kB")
def plotly(world: World):
    import brotli

    found = [path for path in ROOT.glob("static/vendor/*.js") if "plotly" in path.name]

    def weighed() -> Values:
        return Values([sum(len(brotli.compress(path.read_bytes())) / 1_000 for path in found)])

    yield Pair(weighed, rounds=1)


@work("phone.wire", "List of organizations, the page itself on the line", "", within(10), unit="kB")
def wire(world: World):
    session = cookie(world.client(TWO))
    with served(world) as address:
        request = urllib.request.Request(
            f"{address}/organizations/?view=all",
            headers={"Cookie": session, "Accept-Encoding": "br, gzip"},
        )

        def weighed() -> Values:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return Values([len(answer.read()) / 1_000])

        yield Pair(weighed, rounds=1)
