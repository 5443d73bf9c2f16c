"""Public keys: UUID version 7, so that rows made later sort later and an index stays compact."""

import os
import time
import uuid

_MARKS = 7 << 76 | 0b10 << 62  # the version and the variant
_RANDOM = (1 << 80) - 1 & ~(0xF << 76 | 0b11 << 62)  # the bits between and after them


def uuid7() -> uuid.UUID:
    """A UUID version 7 (RFC 9562): 48 bits of milliseconds, then 74 random bits."""
    millis = time.time_ns() // 1_000_000
    return uuid.UUID(int=millis << 80 | int.from_bytes(os.urandom(10)) & _RANDOM | _MARKS)
