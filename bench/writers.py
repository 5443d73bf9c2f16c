"""Writers in a process of their own, as each serving process has some: how long each meeting takes.

It answers each line of JSON, [writers, pause, seconds], with one: the milliseconds of each meeting.
"""

import json
import sys

from bench.worker import setup


def main() -> None:
    world = setup()
    from bench.works.writing import _together

    for line in sys.stdin:
        writers, pause, seconds = json.loads(line)
        print(json.dumps(_together(world, writers, pause, seconds)), flush=True)


if __name__ == "__main__":
    main()
