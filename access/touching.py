"""What becomes of the keys to users in this app's own rows when a user is handed over or erased."""

from access.models import Access, StoredFile
from access.registers import touches


def register() -> None:
    touches(Access, "user", merge="keep", erase="refuse")
    touches(StoredFile, "author", merge="keep", erase="keep")
