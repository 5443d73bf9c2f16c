"""Faults on purpose: processes killed, disks full, locks taken, many writers at once.

    python -m bench.faults            names the scripts
    python -m bench.faults kills      runs one, on a scratch database of its own

Each starts its own server, ends only what it started, and ends with a verdict: exit code 0 when
what it promises held, 1 when it did not, 2 when the run says nothing (void).
"""
