"""The web server is killed, 20 times, while users log meetings: nothing acknowledged is lost.

    python -m bench.faults kills [--kills 20] [--posts 1000]

What was sent and not answered is sent again with the same key, as a browser does. At the end every
meeting is there once and whole, with its history and its entry in the audit log.
"""

import argparse
import random
import time

from bench.faults.people import Crowd, Sent
from bench.faults.place import Place, say

WRITERS = 8


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="kills", description=__doc__)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--posts", type=int, default=1_000)
    asked = parser.parse_args(arguments)
    with Place() as place:
        told = place.fill()
        sent: list[Sent] = []
        for number in range(asked.kills):
            server = place.serve()
            crowd, wanted = Crowd(place.port, told, WRITERS), asked.posts // asked.kills
            crowd.start()
            wait(crowd, wanted)
            time.sleep(random.random() * 0.1)  # anywhere in the work of the next ones
            place.kill(server)
            sent += crowd.stop()
            lost = sum(not one.acknowledged for one in sent)
            say(f"kill {number + 1}: {len(sent) - lost} acknowledged so far, {lost} cut off")
        lost = lost_of(place, sent)
        place.serve()
        send_again(place.port, told, sent)
        return verdict(place, sent, asked.posts, lost)


def wait(crowd: Crowd, wanted: int) -> None:
    """Until so many are acknowledged."""
    deadline = time.monotonic() + 120
    while sum(one.acknowledged for one in list(crowd.sent)) < wanted:
        if time.monotonic() > deadline:
            raise SystemExit("The server acknowledged too few meetings; the run says nothing.")
        time.sleep(0.01)


def send_again(port: int, told: dict, sent: list[Sent]) -> None:
    """What was cut off, once more; and some of what was answered, as a phone does in a tunnel."""
    again = [one for one in sent if not one.acknowledged]
    again += random.sample([one for one in sent if one.acknowledged], 50)
    for one in again:
        one.answers.append(one.browser.again(port).send("POST", "/log/", one.values))


def lost_of(place: Place, sent: list[Sent]) -> int:
    """How many were acknowledged and are not there."""
    acknowledged = [one.values["uid"] for one in sent if one.acknowledged]
    return len(acknowledged) - len(place.ask("those_there", acknowledged))


def verdict(place: Place, sent: list[Sent], posts: int, lost: int) -> int:
    """Say what is there of what was acknowledged; 0 when all of it is, once and whole."""
    found = {"acknowledged and lost": lost}
    found |= place.ask("look_at_meetings", [one.values["uid"] for one in sent])
    acknowledged = sum(one.acknowledged for one in sent)
    places = [{a.headers.get("Location") for a in one.answers if a.status == 302} for one in sent]
    found["two answers to one key"] = sum(len(kinds) > 1 for kinds in places)
    found["never acknowledged"] = len(sent) - acknowledged
    say(f"{acknowledged} acknowledged of {len(sent)} sent")
    for name, number in found.items():
        say(f"  {name}: {number}")
    wrong = [name for name, number in found.items() if number not in (0, "ok")]
    if acknowledged < posts:
        wrong.append("too few were acknowledged")
    say("FAIL: " + ", ".join(wrong) if wrong else "PASS: 0 lost, none double, all whole")
    return 1 if wrong else 0
