"""Where `./run` finds Python, keeps its packages and looks for a browser.

Standard library only, and plain enough for Python 3.9: this file runs before anything is installed.
"""

import contextlib
import glob
import hashlib
import json
import os
import secrets
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STATE = ROOT / ".run"
VENV = STATE / "venv"
OLDEST = (3, 12)
PREFERRED = ("3.13", "3.14", "3.12")
SHELL = "chromium-headless-shell"  # the same Chromium without windows: half the work for tests
BROWSERS = (
    SHELL, "chrome-headless-shell",
    "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome",
)  # fmt: skip
BROWSER_APPS = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
PROBE = """
import sys, importlib.util
print(*sys.version_info[:2], int(importlib.util.find_spec("ensurepip") is not None))
"""


def say(sentence):
    """Tell the person at the keyboard one thing, at once."""
    print(sentence, flush=True)


def stop(sentence):
    """End the run with one plain sentence."""
    raise SystemExit(sentence)


def works(*command):
    """Whether a command exists and ends well."""
    try:
        return not subprocess.run(command, capture_output=True, timeout=60).returncode
    except (OSError, subprocess.TimeoutExpired):
        return False


def binary(environment, name):
    """The path of a program inside a virtual environment."""
    if os.name == "nt":
        return environment / "Scripts" / (name + ".exe")
    return environment / "bin" / name


def state():
    """The folder for everything that is made on this machine; only its owner can look inside."""
    STATE.mkdir(mode=0o700, exist_ok=True)
    return STATE


@contextlib.contextmanager
def one_at_a_time():
    """Keep two runs that were started together from installing into the same folder."""
    try:
        import fcntl
    except ImportError:  # Windows
        yield
        return
    with open(state() / "lock", "w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


# Python


def probe(python):
    """((major, minor), has ensurepip) of an interpreter, or None if it does not run."""
    try:
        done = subprocess.run([python, "-c", PROBE], capture_output=True, text=True, timeout=30)
        major, minor, complete = map(int, done.stdout.split())
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return None
    return (major, minor), bool(complete)


def interpreters():
    """Every place where a Python may be, the likeliest first."""
    yield sys.executable
    for version in PREFERRED:
        found = shutil.which("python" + version)
        if found:
            yield found
    homes = [os.environ.get("PYENV_ROOT"), str(Path.home() / ".pyenv")]
    folders = [home + "/versions/{}*/bin" for home in homes if home]
    folders += ["/opt/homebrew/opt/python@{}/bin", "/opt/homebrew/bin"]
    folders += ["/usr/local/opt/python@{}/bin", "/usr/local/bin", "/usr/bin"]
    for version in PREFERRED:
        for folder in folders:
            yield from sorted(glob.glob(folder.format(version) + "/python" + version), reverse=True)
    if os.name == "nt":
        for version in PREFERRED:
            yield from glob.glob(
                os.path.expandvars(r"%LOCALAPPDATA%\Programs\Python\Python{}\python.exe").format(
                    version.replace(".", "")
                )
            )


def rank(version):
    name = "{}.{}".format(*version)
    return PREFERRED.index(name) if name in PREFERRED else len(PREFERRED)


def find_python(uv):
    """A new enough interpreter: the one asked for, else the best one here, else a new one."""
    asked = os.environ.get("PARTNERSHIPS_PYTHON")
    if asked:
        seen = probe(asked)
        if not seen or seen[0] < OLDEST:
            stop(f"PARTNERSHIPS_PYTHON is {asked}, which is not a working Python 3.12 or later.")
        return asked if seen[1] or uv else with_ensurepip(asked, seen[0])
    best = None
    for python in interpreters():
        seen = probe(python)
        if not seen or seen[0] < OLDEST:
            continue
        order = (not (seen[1] or uv), rank(seen[0]))
        if best is None or order < best[0]:
            best = (order, python, seen)
        if order == (False, 0):
            break
    if best is None:
        return download_python()
    (incomplete, _), python, (version, _) = best
    return with_ensurepip(python, version) if incomplete else python


def with_ensurepip(python, version):
    """Debian and Ubuntu pack a part of Python separately; get it if we may, else say how."""
    package = "python{}.{}-venv".format(*version)
    install_with_apt(package)
    seen = probe(python)
    if seen and seen[1]:
        return python
    return stop(f"{python} cannot make virtual environments yet: install {package} and try again.")


def download_python():
    """A Python of our own inside .run, by way of uv."""
    say("No Python 3.12 or later was found here; getting one.")
    env = {**os.environ, "UV_PYTHON_INSTALL_DIR": str(state() / "python")}
    uv = working_uv() or own_uv()
    if uv:
        got = subprocess.run([uv, "python", "install", "-q", "--no-bin", "3.13"], env=env)
        found = sorted(glob.glob(str(STATE / "python/cpython-3.13*/bin/python3.13")))
        found += sorted(glob.glob(str(STATE / "python/cpython-3.13*/python.exe")))
        if not got.returncode and found:
            return found[-1]
    return stop(
        "No Python 3.12 or later was found and none could be downloaded: install one, "
        "or name one in PARTNERSHIPS_PYTHON."
    )


def working_uv():
    uv = shutil.which("uv")
    return uv if uv and works(uv, "--version") else None


def own_uv():
    """uv inside .run, or None: it runs on older Pythons than the application does."""
    tool = state() / "tool"
    python, uv = binary(tool, "python"), binary(tool, "uv")
    if not uv.exists():
        make = [sys.executable, "-m", "venv", "--clear", str(tool)]
        install = [str(python), "-m", "pip", "install", "-qq", "--disable-pip-version-check", "uv"]
        for command in (make, install):
            if subprocess.run(command, stdout=subprocess.DEVNULL).returncode:
                return None
    return str(uv)


# Packages


def digest(name):
    return hashlib.sha256((ROOT / name).read_bytes()).hexdigest()


def installed():
    """What the environment was last given: requirements file -> digest."""
    try:
        return json.loads((VENV / "installed.json").read_text())
    except (OSError, ValueError):
        return {}


def ensure(*names):
    """The environment's Python, after installing what these requirements files lack in it."""
    python = binary(VENV, "python")
    wanted = {name: digest(name) for name in names}

    def ready():
        return python.exists() and {**installed(), **wanted} == installed()

    if ready():
        return str(python)
    with one_at_a_time():
        if ready():
            return str(python)
        uv = working_uv()
        if not works(str(python), "-c", ""):
            make_venv(find_python(uv), uv)
        known = {name: seen for name, seen in installed().items() if (ROOT / name).exists()}
        say("Installing " + ", ".join(n for n in names if known.get(n) != wanted[n]) + ".")
        install(str(python), uv, sorted({*known, *names}))
        known.update({name: digest(name) for name in {*known, *names}})
        (VENV / "installed.json").write_text(json.dumps(known, indent=1) + "\n")
    return str(python)


def make_venv(base, uv):
    say(f"Making a virtual environment with {base}.")
    if uv:
        made = works(uv, "venv", "-q", "--clear", "--no-project", "--python", base, str(VENV))
    else:
        made = False
    if not made and subprocess.run([base, "-m", "venv", "--clear", str(VENV)]).returncode:
        stop(f"{base} could not make a virtual environment in {VENV}.")


def install(python, uv, names):
    """Install hash-checked packages with uv, and with pip where uv is missing or fails."""
    files = [part for name in names for part in ("-r", str(ROOT / name))]
    if uv:
        command = [uv, "pip", "install", "-q", "--python", python, "--require-hashes", *files]
        if not subprocess.run(command).returncode:
            return
        say("uv could not install the packages; trying pip.")
    if not works(python, "-m", "pip", "--version"):
        subprocess.run([python, "-m", "ensurepip", "--upgrade"], stdout=subprocess.DEVNULL)
    command = [python, "-m", "pip", "install", "-qq", "--disable-pip-version-check"]
    if subprocess.run([*command, "--require-hashes", *files]).returncode:
        stop(
            "The packages could not be installed: check the network and the lines above, "
            "then start again."
        )


# Other things a run needs


def install_with_apt(package):
    """Try to install a Debian package; quietly nothing where we are not root or have no apt-get."""
    if not shutil.which("apt-get") or not hasattr(os, "geteuid") or os.geteuid():
        return
    say(f"Installing {package}.")
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    patient = ["apt-get", "-qq", "-o", "DPkg::Lock::Timeout=300"]
    for command in (["update"], ["install", "-y", "--no-install-recommends", package]):
        subprocess.run(
            patient + command, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL
        )


def browser():
    """The path of a Chromium that starts, installed first if we may; empty if none can be had."""
    named = os.environ.get("CHROMIUM")
    if named:
        path = shutil.which(named)
        return path if path and works(path, "--version") else stop(f"{named} does not start.")
    found, tried = installed_browser(), state() / "no-headless-shell"
    if "headless-shell" not in found and not tried.exists():
        install_with_apt(SHELL)
        found = installed_browser()
        if "headless-shell" not in found:
            tried.touch()  # not on each start
    if not found:
        install_with_apt("chromium")
        found = installed_browser()
    return found


def installed_browser():
    for candidate in (*BROWSERS, *BROWSER_APPS):
        path = shutil.which(candidate)
        if path and works(path, "--version"):
            return path
    return ""


def secret():
    """The demo's own secret key, made once and readable only by its owner."""
    path = state() / "secret"
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    key = secrets.token_urlsafe(60)
    with open(handle, "w") as stream:
        stream.write(key)
    return key
