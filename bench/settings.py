"""The product's settings as they are in production, without what a measurement cannot have."""

import os

os.environ.setdefault("SECRET_KEY", "bench-only-" + "0123456789abcdef" * 4)

from config.settings import *  # noqa: F403

ALLOWED_HOSTS = ["127.0.0.1", "localhost", "testserver"]
