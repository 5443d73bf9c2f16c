"""Commands whose work is too long for one transaction: most of it goes ahead, in slices."""

from collections.abc import Callable, Iterator

from django.db import models
from django.utils import timezone

from access.commands import Command, begin
from access.recording import running
from access.undo import undo_broken


class LongCommand(Command):
    """A command that does most of its work ahead, piece by piece, so that others write in between.

    All pieces and the last transaction are one run. When one of them fails, those before it are
    taken back; where even that is cut short, upkeep does it.
    """

    def ahead(self) -> Iterator[Callable[[], object]]:
        """The pieces of work for a form that is valid. Each is called in a transaction of its own;
        what is left is done by `apply`.
        """
        raise NotImplementedError

    def run(self, respond=None):
        self.allow()
        pieces = list(self.ahead()) if self.is_valid() else []
        if not pieces:  # little to do, nothing, or a request that comes twice
            return super().run(respond)
        self.begun = begin(type(self).__name__, self.actor)
        try:
            for piece in pieces:
                with running(type(self).__name__, self.actor, run=self.begun):
                    piece()
                    self.begun.beat_at = timezone.now()
                    models.Model.save(self.begun, update_fields=["beat_at"])
            return super().run(respond)
        except BaseException:
            undo_broken(self.actor, self.begun)
            raise
