"""Take the pictures of docs/pictures from a running demo, and lay them beside the mock-ups.

    python -m tools.pictures http://127.0.0.1:8000 [FOLDER OF MOCK-UP PICTURES]

Needs the test environment and CHROMIUM. The demo's accounts and rows are invented.
"""

import base64
import os
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from playwright.sync_api import sync_playwright

from config.demo.staff import PASSWORD

OUT = Path(__file__).resolve().parent.parent / "docs/pictures"
FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
)
PHONE, LAPTOP = (360, 740, 2), (1280, 800, 1)
ORGANIZER, LEADER, MANAGER, ADMINISTRATOR = "marisol", "constance", "priyanka", "ines"


def first(page, address: str) -> None:
    """Open a list, then its first row."""
    page.goto(address)
    page.locator("main a.name").first.click()
    page.wait_for_load_state()


def shots(base: str):
    """(our name, mock-up's name, who, how to get there)."""
    return [
        ("sign-in", "sign-in", "", lambda p: p.goto(f"{base}/accounts/login/")),
        ("today", "today", ORGANIZER, lambda p: p.goto(f"{base}/today/")),
        ("organizations", "organizations", ORGANIZER, lambda p: p.goto(f"{base}/organizations/")),
        ("organization", "organization", ORGANIZER, lambda p: known(p, base)),
        ("contact", "contact", ORGANIZER, lambda p: first(p, f"{base}/people/?mine=yes")),
        ("log", "log", ORGANIZER, lambda p: p.goto(f"{base}/log/")),
        ("form-error", "form-error", ORGANIZER, lambda p: wrong(p, base)),
        ("where", "community-map", MANAGER, lambda p: p.goto(f"{base}/dashboards/where/")),
        ("users", "users", ADMINISTRATOR, lambda p: p.goto(f"{base}/settings/people/")),
        ("handover", "handover", ADMINISTRATOR, lambda p: hand_over(p, base)),
        ("data", "quality", MANAGER, lambda p: p.goto(f"{base}/data/")),
    ]


def outreach(base: str):
    """The same, of programs."""
    steps = f"{base}/settings/steps/"
    return [
        ("program", "program", ORGANIZER, lambda p: first(p, f"{base}/programs/?view=all&step=4")),
        ("five-steps", "programs-matrix", LEADER, lambda p: p.goto(f"{base}/dashboards/steps/")),
        ("step-words", "settings-steps", ADMINISTRATOR, lambda p: third(p, steps)),
        ("promises", "promises", ORGANIZER, lambda p: ledger(p, base)),
        ("survey", "survey-public", "pakou", lambda p: asked(p, base)),
        ("power-map", "power-map", ORGANIZER, lambda p: first(p, f"{base}/power-maps/")),
        ("events", "events-calendar", LEADER, lambda p: p.goto(f"{base}/events/month/")),
        ("door", "event", MANAGER, lambda p: today(p, base, "check-in/")),
        ("sheet", "events-paper", MANAGER, lambda p: today(p, base, "sheet/")),
    ]


def today(page, base: str, what: str) -> None:
    """A page of the event that takes place today."""
    day = datetime.now(ZoneInfo("America/Los_Angeles")).date()  # the demonstration's is no earlier
    latest = day + timedelta(days=1)
    first(page, f"{base}/events/?view=all&status=confirmed&from={day}&to={latest}&sort=day")
    page.goto(page.url.split("?")[0] + what)


def third(page, address: str) -> None:
    """The words of the third step."""
    page.goto(address)
    page.locator("nav.tabs a").nth(2).click()
    page.wait_for_load_state()


def ledger(page, base: str) -> None:
    """What one partner and we promised each other."""
    first(page, f"{base}/promises/?view=all")
    page.locator(".crumb a").click()
    page.wait_for_load_state()


def asked(page, base: str) -> None:
    """The public page of a survey that is open, found from its program."""
    page.goto(f"{base}/programs/?view=all")
    count = page.locator("main th a.name").count()
    for number in range(count):
        page.goto(f"{base}/programs/?view=all")
        page.locator("main th a.name").nth(number).click()
        page.wait_for_load_state()
        found = page.locator("main a[href^='/surveys/']:not([href*='add'])")
        for address in [one.get_attribute("href") for one in found.all()]:
            page.goto(base + address)
            if page.locator("a.secret").count():
                token = page.locator("a.secret").get_attribute("href").split("/survey/")[1]
                page.context.clear_cookies()
                page.goto(f"{base}/survey/{token}")
                return
    raise RuntimeError("no survey is open")


def themed(base: str):
    """The same, of pages that are shown in the dark as well."""
    return [
        ("changes", "leader-home", LEADER, lambda p: p.goto(f"{base}/changes/")),
        ("dashboard", "dashboard", LEADER, lambda p: charts(p, base)),
        ("export", "export", MANAGER, lambda p: export(p, base)),
        ("import-upload", "import-upload", MANAGER, lambda p: bring_in(p, base, 0)),
        ("import-columns", "import-map", MANAGER, lambda p: bring_in(p, base, 1)),
        ("import-preview", "import-preview", MANAGER, lambda p: bring_in(p, base, 2)),
        ("import-run", "import-run", MANAGER, lambda p: bring_in(p, base, 3)),
        ("import-done", "import-done", MANAGER, lambda p: bring_in(p, base, 4)),
    ]


def charts(page, base: str) -> None:
    """The drawings of the dashboard, from the line of months on."""
    page.goto(f"{base}/dashboards/where/")
    page.wait_for_timeout(2500)
    page.evaluate("document.getElementById('by_month').scrollIntoView()")


def export(page, base: str) -> None:
    """The dialog over the list of people."""
    page.goto(f"{base}/people/")
    page.wait_for_selector("body[data-ready]")
    page.locator("a", has_text="Export").first.click()
    page.wait_for_selector("dialog[open] form")


LIST = "Organization,City,State,E-mail,Born\n" + "".join(
    f"{name},Yakima,WA,hello{n}@partner.example,\n"
    for n, name in enumerate(
        ["Puente del Norte", "Hmong Youth Circle", "Nā Hoa Kula", "", "Ánh Sáng"]
    )
)


def bring_in(page, base: str, steps: int) -> None:
    """A small list, so many steps into its import."""
    page.goto(f"{base}/data/import/")
    if not steps:
        return
    upload = {"name": "partners.csv", "mimeType": "text/csv", "buffer": LIST.encode()}
    page.set_input_files("#id_file", upload)
    for button in ("main form button.main", "main form.stack button.main", "main button.main")[
        :steps
    ]:
        with page.expect_navigation():
            page.locator(button).first.click()
        page.wait_for_selector("body[data-ready]")
    if steps == 4:
        page.wait_for_selector("a:has-text('See what became')", timeout=30_000)
        with page.expect_navigation():
            page.locator("a", has_text="See what became").click()


def hand_over(page, base: str) -> None:
    """What waits for one organizer, as the administrator hands it over."""
    page.goto(f"{base}/settings/people/")
    page.locator("main a.name", has_text="Marisol").first.click()
    page.wait_for_load_state()
    page.goto(page.url.split("?")[0] + "handover/")


def known(page, base: str) -> None:
    """The partner of mine that was met last."""
    first(page, f"{base}/organizations/?mine=yes&sort=-last_contact")


def wrong(page, base: str) -> None:
    """A meeting without words."""
    page.goto(f"{base}/log/")
    page.locator(".foot button[type=submit]").click()
    page.wait_for_selector(".errors")


_SIGNED_IN: dict[str, Any] = {}  # who signs in again and again is asked to wait


def window(browser, base: str, size, who: str, scheme: str):
    """A signed-in page of the given size and color scheme."""
    width, height, scale = size
    context = browser.new_context(
        viewport={"width": width, "height": height},
        device_scale_factor=scale,
        color_scheme=scheme,
        storage_state=_SIGNED_IN.get(who),
    )
    page = context.new_page()
    if who and who not in _SIGNED_IN:
        page.goto(f"{base}/accounts/login/")
        page.fill("input[name=login]", f"{who}@partnerships.example")
        page.fill("input[name=password]", PASSWORD)
        page.press("input[name=password]", "Enter")
        page.wait_for_selector("body[data-signed-in]")
        _SIGNED_IN[who] = context.storage_state()
    return page


def sheet(browser, pairs: list[tuple[Path, Path]], width: int, target: Path) -> None:
    """One picture: ours above, the mock-up under it."""
    cells = "".join(
        f"<figure>{image(ours, width)}{image(mock, width)}"
        f"<figcaption>{ours.stem}</figcaption></figure>"
        for ours, mock in pairs
    )
    style = (
        "body{margin:8px;display:flex;gap:8px;background:#777;font:14px sans-serif;color:#fff}"
        "figure{margin:0;display:grid;gap:8px;align-content:start}"
    )
    page = browser.new_page(viewport={"width": (width + 8) * len(pairs) + 8, "height": 400})
    page.set_content(f"<style>{style}</style>{cells}")
    page.wait_for_timeout(300)
    page.screenshot(path=target, full_page=True)
    page.close()


def image(path: Path, width: int) -> str:
    if not path.exists():
        return "<p>No mock-up</p>"
    data = base64.b64encode(path.read_bytes()).decode()
    return f'<img width="{width}" src="data:image/png;base64,{data}">'


def main() -> None:
    """Take all pictures; make the sheets when a folder of mock-ups is named."""
    base, mocks = sys.argv[1].rstrip("/"), Path(sys.argv[2]) if len(sys.argv) > 2 else None
    OUT.mkdir(parents=True, exist_ok=True)
    scratch = OUT / "scratch"
    scratch.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        path = os.environ.get("CHROMIUM", "/usr/bin/chromium")
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS.split())
        for kind, size, width in (("phone", PHONE, 240), ("laptop", LAPTOP, 640)):
            for scheme, wanted in (
                ("light", [*shots(base), *outreach(base), *themed(base)]),
                ("dark", themed(base)),
            ):
                name = kind if scheme == "light" else f"{kind}-dark"
                pairs = []
                for shot in wanted:
                    target = taken(browser, base, size, scheme, shot, scratch, name)
                    if mocks:
                        pairs.append((target, mock_of(mocks, shot[1], name, kind)))
                for number, start in enumerate(range(0, len(pairs), 5), 1):
                    some = pairs[start : start + 5]
                    sheet(browser, some, width, OUT / f"sheet-{name}-{number}.png")
        sheet_of_readme(browser, scratch)
        browser.close()
    for path in scratch.iterdir():
        path.unlink()
    scratch.rmdir()


def taken(browser, base: str, size, scheme: str, shot, scratch: Path, kind: str) -> Path:
    """Where the picture of one page was put."""
    name, _mock, who, go = shot
    page = window(browser, base, size, who, scheme)
    go(page)
    page.wait_for_timeout(300)
    target = scratch / f"{name}.{kind}.png"
    page.screenshot(path=target)
    page.context.close()
    return target


def mock_of(mocks: Path, mock: str, name: str, kind: str) -> Path:
    """The mock-up of that size and scheme, or the light one of that size."""
    dark = mocks / f"{mock}.{name}.png"
    return dark if dark.exists() else mocks / f"{mock}.{kind}.png"


def sheet_of_readme(browser, scratch: Path) -> None:
    """The picture on the README: the log form on a phone, and a partner's page."""
    phone, laptop = scratch / "log.phone.png", scratch / "organization.laptop.png"
    page = browser.new_page(viewport={"width": 1180, "height": 500})
    style = "body{margin:12px;display:flex;gap:16px;background:#eaf0ed;align-items:start}"
    page.set_content(f"<style>{style}</style>{image(phone, 240)}{image(laptop, 880)}")
    page.wait_for_timeout(300)
    page.screenshot(path=OUT / "log-and-partner.png", full_page=True)
    page.close()


if __name__ == "__main__":
    main()
