"""The gates of `./run check`: all of them run, and one line tells how each went."""

import subprocess
import time
from concurrent.futures import ThreadPoolExecutor

from tools.environment import ROOT, VENV, binary, say

TYPED = ("access", "lists", "dashboards")


def gates(python):
    """Name and command of each gate; the slowest first, since two run at a time."""
    program = {name: str(binary(VENV, name)) for name in ("ruff", "djade", "lint-imports")}
    templates = sorted(str(page.relative_to(ROOT)) for page in ROOT.glob("templates/**/*.html"))
    djade = [program["djade"], "--check", "--target-version", "6.1", *templates]
    return {
        "types": [python, "-m", "mypy", *TYPED],
        "lint": [program["ruff"], "check"],
        "format": [program["ruff"], "format", "--check"],
        "templates": djade if templates else None,
        "layers": [program["lint-imports"]],
        "migrations": [python, "manage.py", "makemigrations", "--check", "--dry-run"],
        "django": [python, "manage.py", "check", "--fail-level", "WARNING"],
        "vendored files": [python, "-m", "tools.vendor", "--check"],
    }


def attempt(command, env):
    """(whether it passed, seconds, what it printed)."""
    started = time.monotonic()
    try:
        done = subprocess.run(
            command,
            cwd=ROOT,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
        )
        passed, words = not done.returncode, done.stdout
    except OSError as error:
        passed, words = False, str(error)
    return passed, time.monotonic() - started, words


def main(python, env):
    chosen = {name: command for name, command in gates(python).items() if command}
    failed = []
    with ThreadPoolExecutor(max_workers=2) as pool:
        running = {name: pool.submit(attempt, command, env) for name, command in chosen.items()}
        for name, future in running.items():
            passed, seconds, words = future.result()
            say(f"{'ok    ' if passed else 'failed'}  {name:<16}{seconds:6.1f} s")
            if not passed:
                failed.append(name)
                say("\n".join("        " + line for line in words.rstrip().splitlines()))
    say(f"{len(chosen)} gates, " + (f"failed: {', '.join(failed)}." if failed else "all ok."))
    return 1 if failed else 0
