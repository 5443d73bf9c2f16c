"""The product's settings, for tests."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

os.environ.setdefault("SECRET_KEY", "tests-only-" + "0123456789abcdef" * 4)

from config.settings import *  # noqa: F403
from config.settings import DATABASES, models

FETCH_MODE = models.FETCH_RAISE  # a related row that was not fetched is an error, not a query
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

if given := os.environ.get("TESTS_SCRATCH"):  # `./run prove` keeps a database there
    _scratch = Path(given)
else:
    # Where there is room in memory, no commit of a test waits for a disk.
    _memory = Path("/dev/shm")
    _room = _memory.is_dir() and os.access(_memory, os.W_OK) and shutil.disk_usage(_memory).free
    _where = _memory if _room and _room > 2**31 else None
    _scratch = Path(tempfile.mkdtemp(prefix="partnerships-tests-", dir=_where))
    atexit.register(shutil.rmtree, _scratch, ignore_errors=True)
MEDIA_ROOT = _scratch / "files"
# The live server has a handler of its own for files; that of the product would look at all of them
# each time a test makes a client.
STATIC_ROOT = _scratch / "static"
STATIC_ROOT.mkdir(exist_ok=True)
WHITENOISE_USE_FINDERS = False
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, as in the product, so that several connections meet the same locks.
    DATABASES["default"]["TEST"] = {"NAME": str(_scratch / "test.sqlite3")}
