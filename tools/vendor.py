"""`./run vendor`: the browser files of other projects that we keep, each at one exact version.

vendor.json names the packages, the files taken out of each and where they go. Fetching asks npm for
the package and refuses one whose sha512 is not the one recorded; `--check` compares the kept files
with their sha256, without a network, and finds files that nobody recorded.
"""

import hashlib
import io
import json
import os
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RECORD = ROOT / "vendor.json"


def fetch(package):
    """The bytes of a package as npm hands it out; nothing in it is run."""
    with tempfile.TemporaryDirectory() as folder:
        command = ["npm", "pack", "--silent", "--ignore-scripts", package]
        try:
            done = subprocess.run(
                command, cwd=folder, stdout=subprocess.DEVNULL, shell=os.name == "nt"
            )
        except OSError:
            raise SystemExit("Fetching vendored files needs npm.") from None
        if done.returncode:
            raise SystemExit(f"npm could not fetch {package}.")
        return next(Path(folder).glob("*.tgz")).read_bytes()


def take(package, entry):
    """Write the files of one package and record what they are."""
    data = fetch(package)
    digest = hashlib.sha512(data).hexdigest()
    if entry.get("sha512", digest) != digest:
        raise SystemExit(f"{package} is not the package that vendor.json records.")
    folder = ROOT / entry["into"]
    folder.mkdir(parents=True, exist_ok=True)
    entry["sha512"], entry["out"] = digest, {}
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        for source, name in entry["files"].items():
            body = archive.extractfile("package/" + source).read()
            (folder / name).write_bytes(body)
            entry["out"][name] = hashlib.sha256(body).hexdigest()


def faults(record):
    """A sentence for every kept file that is missing, changed or not recorded."""
    recorded, folders = {}, set()
    for package, entry in record.items():
        folders.add(ROOT / entry["into"])
        kept = entry.get("out", {})
        if set(kept) != set(entry["files"].values()):
            yield f"{package}: the files listed are not the files fetched; run ./run vendor."
        for name, digest in kept.items():
            recorded[ROOT / entry["into"] / name] = digest
    for path, digest in sorted(recorded.items()):
        if not path.exists():
            yield f"{path.relative_to(ROOT)} is missing."
        elif hashlib.sha256(path.read_bytes()).hexdigest() != digest:
            yield f"{path.relative_to(ROOT)} is not what was fetched."
    for folder in sorted({*folders, ROOT / "static" / "vendor"}):
        for path in sorted(folder.rglob("*")):
            if path.is_file() and path not in recorded:
                yield f"{path.relative_to(ROOT)} is not recorded in vendor.json."


def main(args):
    record = json.loads(RECORD.read_text(encoding="utf-8"))
    if args == ["--check"]:
        found = list(faults(record))
        print("\n".join(found) or "Every vendored file is as recorded.")
        return 1 if found else 0
    if args:
        raise SystemExit("usage: ./run vendor [--check]")
    for package, entry in record.items():
        take(package, entry)
    RECORD.write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")
    return main(["--check"])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
