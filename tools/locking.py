"""`./run lock`: requirements*.in -> requirements*.txt, with hashes and no trace of this machine."""

import subprocess

from tools.environment import ROOT, own_uv, stop, working_uv

LAYERS = ("requirements", "requirements-test", "requirements-dev")


def main(args):
    """Extra arguments go to uv, `--upgrade` and `--upgrade-package NAME` above all."""
    uv = working_uv() or own_uv()
    if not uv:
        stop("Locking needs uv, and it is neither here nor could it be installed.")
    for layer in LAYERS:
        target = ROOT / (layer + ".txt")
        command = [uv, "pip", "compile", "-q", "--universal", "--python-version", "3.12"]
        command += ["--generate-hashes", "--no-header", "--no-annotate", *args]
        command += ["-o", target.name, layer + ".in"]
        if subprocess.run(command, cwd=ROOT, stdout=subprocess.DEVNULL).returncode:
            stop(f"{layer}.in could not be resolved; uv says why above.")
        if "://" in target.read_text():
            stop(f"{target.name} names an address, which must not be committed.")
    return 0
