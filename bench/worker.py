"""One process that measures on one database: told on its standard input which work, round by round.

It answers each line of JSON with one. The rounds of two databases are so taken in turn.
"""

import contextlib
import json
import os
import sys
import traceback
from dataclasses import asdict
from typing import Any

import django

from bench.measuring import WORKS, Pair, Unmeasurable, one_round


def setup() -> Any:
    """Django on DATABASE_URL, all works registered; returns the world that they work in."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.settings")
    django.setup()
    from bench import works
    from bench.world import World
    from config.collecting import set_aside

    works.register()
    set_aside()  # as every process of the product does
    return World()


class Worker:
    """Holds the work that is being measured."""

    def __init__(self, world: Any):
        self.world, self.open = world, contextlib.ExitStack()
        self.pair: Pair | None = None

    def begin(self, name: str, once: bool = False) -> dict[str, Any]:
        """Prepare a work and warm it up: how many rounds it takes, or why it cannot be measured."""
        self.end()
        try:
            self.pair = self.open.enter_context(WORKS[name].prepare(self.world))
            if self.pair.rounds > 1 and not once:
                one_round(self.pair, once=True)
        except Unmeasurable as reason:
            self.end()
            return {"missing": str(reason)}
        except Exception as error:  # the other works are worth measuring all the same
            traceback.print_exc()
            self.end()
            return {"missing": f"broke: {error}"[:100]}
        return {"rounds": self.pair.rounds}

    def round(self, once: bool = False) -> dict[str, Any]:
        assert self.pair is not None
        try:
            return asdict(one_round(self.pair, once))
        except Exception as error:  # the other works are worth measuring all the same
            traceback.print_exc()
            return {"missing": f"broke: {error}"[:100]}

    def end(self) -> dict[str, Any]:
        self.open.close()
        self.pair = None
        return {}


def main() -> None:
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what works print is no answer
    worker = Worker(setup())
    for line in sys.stdin:
        asked = json.loads(line)
        once = asked.get("once", False)
        if "begin" in asked:
            answer = worker.begin(asked["begin"], once)
        else:
            answer = worker.round(once) if asked.get("round") else worker.end()
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
