"""Runs the web server and the background worker side by side, until either of them ends.

Standard library only, and plain enough for Python 3.9, like everything that `run` imports.
"""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time

from tools.environment import ROOT, say, stop

PATIENCE = 20  # seconds that a child may take to finish what it is doing


class Stopped(Exception):
    """Somebody asked us to stop."""


def choose_port(asked, host="127.0.0.1"):
    """The port that was asked for, else the first free one from 8000."""
    if asked:
        if not asked.isdigit() or not 0 < int(asked) < 65536:
            stop(f"PORT is {asked}, which is not a port number.")
        if not free(host, int(asked)):
            stop(f"Port {asked} is taken: stop what listens there, or choose another with PORT.")
        return int(asked)
    for port in range(8000, 8100):
        if free(host, port):
            return port
    return stop("No port from 8000 to 8099 is free: choose another with PORT.")


def free(host, port):
    """Whether we could listen there."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as listener:
        if os.name != "nt":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
        except OSError:
            return False
    return True


def gunicorn(python, host, port, workers, level):
    """The command line of the web server."""
    address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    command = [python, "-m", "gunicorn", "config.wsgi", "--bind", address]
    # Alone, it has room for readers while writers stand in line; several share the connections
    # that PostgreSQL has to give.
    threads = "32" if int(workers) == 1 else "8"
    command += ["--workers", str(workers), "--threads", threads, "--no-control-socket"]
    command += ["--env", "KEEP_CONNECTIONS=1"]  # its threads stay, unlike those of a test
    command += ["--graceful-timeout", "10", "--log-level", level]
    if os.path.isdir("/dev/shm"):
        command += ["--worker-tmp-dir", "/dev/shm"]
    return command


def follow_parent():
    """On Linux, end with the process that started us, even when that one is killed outright."""
    if sys.platform == "linux":
        set_parent_death_signal = 1
        ctypes.CDLL(None, use_errno=True).prctl(set_parent_death_signal, signal.SIGTERM)


def on_signal(number, frame):
    raise Stopped


def supervise(children, env):
    """Run named commands until one ends or a signal comes, end all, and return the exit code."""
    if os.name == "nt":
        stop("Serving needs Linux, macOS or WSL: gunicorn does not run on Windows itself.")
    signals = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]
    for number in signals:
        signal.signal(number, on_signal)
    running = {}
    code = 0
    try:
        for name, command in children.items():
            # A session of its own, so that Ctrl+C reaches us alone and each child ends once.
            running[name] = subprocess.Popen(
                command, cwd=ROOT, env=env, start_new_session=True, preexec_fn=follow_parent
            )
        name, code = first_to_end(running)
        say(f"The {name} ended by itself (exit code {code}), so everything is stopped.")
        code = max(code, 1)
    except Stopped:
        say("\nStopping.")
    for number in signals:
        signal.signal(number, signal.SIG_IGN)
    end(running.values())
    return code


def first_to_end(running):
    while True:
        for name, child in running.items():
            code = child.poll()
            if code is not None:
                return name, code
        time.sleep(0.2)


def end(children):
    """Ask every child and what it started to end, and insist after a while."""
    for child in children:
        tell(child, signal.SIGTERM)
    deadline = time.monotonic() + PATIENCE
    for child in children:
        try:
            child.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            pass
        tell(child, signal.SIGKILL)
        child.wait()


def tell(child, number):
    try:
        os.killpg(child.pid, number)
    except (ProcessLookupError, PermissionError):
        pass
