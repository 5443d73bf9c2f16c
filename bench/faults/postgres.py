"""PostgreSQL is killed, 20 times, while users log meetings: nothing acknowledged is lost.

    python -m bench.faults postgres [--kills 20] [--posts 1000]

In turn a process that serves a client, the whole server with all its children (both kill -9), and
an immediate shutdown. The web server goes on all the while: it answers 503 while there is no
database, and works again by itself. At the end all is looked at as in `kills`.
"""

import argparse
import random
import time
from collections import Counter

from bench.faults.cluster import Cluster
from bench.faults.kills import lost_of, send_again, verdict, wait
from bench.faults.people import Crowd, Sent
from bench.faults.place import Place, say

WRITERS = 8
AWAY = 0.5  # seconds without a database


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="postgres", description=__doc__)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--posts", type=int, default=1_000)
    asked = parser.parse_args(arguments)
    with Cluster() as cluster, Place(cluster.url) as place:
        told = place.fill()
        place.serve(workers=3)
        sent: list[Sent] = []
        for number in range(asked.kills):
            crowd = Crowd(place.port, told, WRITERS)
            crowd.start()
            wait(crowd, asked.posts // asked.kills)
            time.sleep(random.random() * 0.1)
            how = _kill(cluster, number)
            time.sleep(AWAY)
            sent += crowd.stop()
            say(f"{how}: {sum(one.acknowledged for one in sent)} acknowledged so far")
        lost = lost_of(place, sent)
        statuses = Counter(one.answers[0].status for one in sent)
        say(f"first answers: {dict(statuses)}")
        refused = [one for one in sent if one.answers[0].status == 503]
        sure = [one for one in refused if "not certain" not in one.answers[0].body]
        untrue = place.ask("those_there", [one.values["uid"] for one in sure])
        say(f"told that it is not certain: {len(refused) - len(sure)}")
        say(f"told that nothing was saved, which was: {len(untrue)}")
        send_again(place.port, told, sent)
        code = verdict(place, sent, asked.posts, lost)
    if untrue:
        say("FAIL: a refusal said that nothing was saved, and it was")
        return 1
    if set(statuses) - {302, 503}:
        say("FAIL: without a database there were other answers than 503")
        return 1
    return code


def _kill(cluster: Cluster, number: int) -> str:
    if number % 3 == 0 and cluster.kill_a_backend():
        return "kill -9 of a process that serves"
    if number % 3 == 1:
        cluster.kill_all()
        time.sleep(AWAY)
        cluster.start()
        return "kill -9 of the whole server"
    cluster.stop("immediate")
    time.sleep(AWAY)
    cluster.start()
    return "immediate shutdown"
