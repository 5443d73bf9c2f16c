"""Public keys: UUID version 7, so that rows made later sort later and an index stays compact."""

import os
import time
import uuid


def uuid7() -> uuid.UUID:
    """A UUID version 7 (RFC 9562): 48 bits of milliseconds, then 74 random bits."""
    millis = time.time_ns() // 1_000_000
    bits = int.from_bytes(os.urandom(10)) >> 6
    value = (millis & (1 << 48) - 1) << 80 | 7 << 76
    value |= (bits >> 62) << 64 | 0b10 << 62 | bits & (1 << 62) - 1
    return uuid.UUID(int=value)
