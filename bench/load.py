"""Sends the same requests over a few connections for some seconds: how many were answered.

What to send comes as JSON on standard input. An answer that is not 200 ends it with an error.
"""

import json
import socket
import sys
import threading
import time


def answer(connection: socket.socket, kept: bytes) -> bytes:
    """Read one answer, and return what came beyond it. Raises ConnectionError when it broke off."""
    while b"\r\n\r\n" not in kept:
        kept += _more(connection)
    head, _blank, body = kept.partition(b"\r\n\r\n")
    if not head.startswith(b"HTTP/1.1 200"):
        raise ValueError(head.split(b"\r\n")[0].decode())
    lines = [line.lower() for line in head.split(b"\r\n")]
    length = next((int(one[15:]) for one in lines if one.startswith(b"content-length:")), None)
    if length is None:  # sent in chunks
        while not body.endswith(b"0\r\n\r\n"):
            body += _more(connection)
        return b""
    while len(body) < length:
        body += _more(connection)
    return body[length:]


def _more(connection: socket.socket) -> bytes:
    piece = connection.recv(1 << 16)
    if not piece:
        raise ConnectionError
    return piece


def send(words: dict, offset: int, end: float, counts: list[int], errors: list[str]) -> None:
    """One connection: requests one after the other until the end; opened again when it closes."""
    requests = [one.encode() for one in words["requests"]]
    number, kept, connection = offset, b"", None
    while time.monotonic() < end and not errors:
        try:
            if connection is None:
                connection = socket.create_connection((words["host"], words["port"]), 30)
                kept = b""
            connection.sendall(requests[number % len(requests)])
            kept = answer(connection, kept)
        except ConnectionError:
            connection = None
            continue
        except ValueError as error:
            errors.append(str(error))
            return
        number += 1
        counts[offset] += 1


def main() -> int:
    words = json.load(sys.stdin)
    counts, errors = [0] * words["connections"], []
    end = time.monotonic() + words["seconds"]
    threads = [
        threading.Thread(target=send, args=(words, n, end, counts, errors))
        for n in range(words["connections"])
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(sum(counts))
    if errors:
        print(f"A request was answered with {errors[0]}", file=sys.stderr)
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main())
