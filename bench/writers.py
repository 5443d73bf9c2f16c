"""Writers in a process of their own, as each serving process has some: how many meetings they log.

It answers each line of JSON, [writers, seconds], with a line: how many meetings there were.
"""

import json
import sys

from bench.worker import setup


def main() -> None:
    world = setup()
    from bench.works.writing import _together

    for line in sys.stdin:
        writers, seconds = json.loads(line)
        print(len(_together(world, writers, 0, seconds)), flush=True)


if __name__ == "__main__":
    main()
