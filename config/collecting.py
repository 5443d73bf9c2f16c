"""Garbage collection that leaves alone what stays.

A full collection walks through all that was loaded, some 80 ms, and came with every fortieth page.
Once a process has answered, or begins with work in the background, what it loaded is set aside for
good.
"""

import gc

_done = False


def set_aside() -> None:
    """Leave what there is out of all later collections; only the first call does it."""
    global _done
    if not _done:
        _done = True
        gc.freeze()


class CollectingMiddleware:
    """Sets aside what the first answer needed."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        set_aside()
        return response
