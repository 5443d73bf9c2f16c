"""A real Chromium for pages. Whatever it complains about fails the test."""

import os
from pathlib import Path

import pytest
from django.conf import settings

from tests import make

AXE = Path(__file__).parent / "vendor" / "axe.min.js"
FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
)
WATCH = """addEventListener("securitypolicyviolation", (event) => told(
  [event.violatedDirective, event.blockedURI, event.sourceFile, event.lineNumber].join(" ")));"""
ACTS = "a[href], button, summary, select, textarea, input"
COVERED = """(acts) => [...document.querySelectorAll(acts)]
  .filter((one) => !one.disabled && !one.closest("[inert], .vh, svg") && one.type !== "hidden")
  .filter((one) => {  // what is clipped away is there for screen readers, and beside its twin
    let at = one.closest("label") ?? one;
    if (!at.checkVisibility({visibilityProperty: true, opacityProperty: true})) return false;
    for (; at; at = at.parentElement) if (at.offsetWidth < 2 || at.offsetHeight < 2) return false;
    return true;
  })
  .flatMap((one) => {
    const place = one.closest("label") ?? one;
    place.scrollIntoView({block: "center", inline: "center", behavior: "instant"});
    const box = place.getClientRects()[0];
    if (!box) return [];
    const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
    const over = document.elementFromPoint(x, y);
    if (over?.closest("dialog, [popover], .found")) return [];  // opened over the page
    return !over || place.contains(over) || over.closest("label")?.control === one ? [] :
      [`covered: ${one.outerHTML.slice(0, 160)} by ${over.outerHTML.slice(0, 80)}`];
  })"""
PHONE, LAPTOP = (360, 740), (1280, 800)


@pytest.fixture(scope="session")
def chromium():
    path = os.environ.get("CHROMIUM")
    if not path:
        pytest.skip("CHROMIUM does not name a browser.")
    sync_api = pytest.importorskip("playwright.sync_api")
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright runs a loop of its own
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS.split())
        yield browser
        browser.close()
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


class Browser:
    """One viewer's window: opens pages of the running server and collects complaints."""

    def __init__(self, chromium, live_server, viewer=None, size=LAPTOP, minutes_ago=0, **options):
        self.address, self.complaints = live_server.url, []
        width, height = size
        self.context = chromium.new_context(
            viewport={"width": width, "height": height}, reduced_motion="reduce", **options
        )
        self.context.expose_binding("told", lambda _source, text: self.complain("CSP", text))
        self.context.add_init_script(WATCH)
        if viewer is not None:
            client = make.signed_in(viewer, minutes_ago)
            key = client.cookies[settings.SESSION_COOKIE_NAME].value
            self.context.add_cookies(
                [{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": self.address}]
            )
        self.page = self.context.new_page()
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.complain("page error", error))
        self.page.on("request", self._asked)

    def complain(self, kind, text) -> None:
        self.complaints.append(f"{kind} at {self.page.url}: {text}")

    def _heard(self, message) -> None:
        # A form that is shown again answers 422 or 409, which Chromium writes down as an error.
        if message.type == "error" and not any(s in message.text for s in (" 422 ", " 409 ")):
            self.complain("console", message.text)

    def _asked(self, request) -> None:
        if not request.url.startswith((self.address, "data:", "blob:")):
            self.complain("request elsewhere", request.url)

    def open(self, path: str):
        response = self.page.goto(self.address + path, wait_until="load")
        return response.status

    def unfold(self) -> None:
        """Open whatever is folded away, so that it is looked at too."""
        self.page.evaluate(
            "for (const one of document.querySelectorAll('details')) one.open = true"
        )

    def overflow(self) -> int:
        """By how many pixels the page is wider than the window."""
        return self.page.evaluate("document.documentElement.scrollWidth - innerWidth")

    def turn_into(self, size, scheme: str) -> None:
        """Another window size and color scheme, without loading the page again."""
        self.page.set_viewport_size({"width": size[0], "height": size[1]})
        self.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")

    def covered(self) -> list[str]:
        """Links, buttons and fields that a finger in their middle does not reach, each as a line:
        something else lies over them.
        """
        return self.page.evaluate(COVERED, ACTS)

    def axe(self) -> list[str]:
        """What axe finds, and what is covered, each as a line."""
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(AXE.read_text())
        options = {"resultTypes": ["violations"]}
        found = self.page.evaluate("(options) => axe.run(document, options)", options)
        return self.covered() + [
            f"{one['id']}: {node['html'][:200]}"
            for one in found["violations"]
            for node in one["nodes"]
        ]


@pytest.fixture
def browser(chromium, live_server):
    """`browser(viewer, size, **options)` opens a window; its complaints are checked at the end."""
    opened: list[Browser] = []

    def start(viewer=None, size=LAPTOP, **options) -> Browser:
        opened.append(Browser(chromium, live_server, viewer, size, **options))
        return opened[-1]

    yield start
    complaints = [text for one in opened for text in one.complaints]
    for one in opened:
        one.context.close()
    assert complaints == []
