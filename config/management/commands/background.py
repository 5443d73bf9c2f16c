"""`manage.py background`: runs queued tasks and the upkeep, until it is told to stop."""

import logging
import os
import signal
import threading
import time

from django.core.management.base import BaseCommand
from django.db import DatabaseError, InterfaceError, close_old_connections, connections
from django.utils.crypto import get_random_string
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from config.collecting import set_aside
from config.management.commands import tick

log = logging.getLogger("partnerships.background")

GIVES_WAY = 5  # where processors are short, to whoever waits for a page
LOOK_EVERY = 1.0  # seconds between looks at the queue
TICK_EVERY = 300
FIRST_TICK = 3
AFTER_TROUBLE = 5  # seconds to wait before going on after an error
PATIENCE = 8  # seconds that a task may still take after we were told to stop


class Command(BaseCommand):
    help = "Runs queued tasks and, every five minutes, the upkeep. Ends on SIGTERM or SIGINT."

    def handle(self, **options):
        os.nice(GIVES_WAY)
        background = Background()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, background.stop)
        signal.signal(signal.SIGALRM, background.end_now)
        background.run()


class Background:
    """The loop: one task at a time, the upkeep in between."""

    def __init__(self):
        self.stopping = threading.Event()
        self.worker_id = get_random_string(32)
        self.next_tick = time.monotonic() + FIRST_TICK

    def stop(self, number=None, frame=None) -> None:
        """End after the task at hand, or without it if it takes long."""
        self.stopping.set()
        signal.setitimer(signal.ITIMER_REAL, PATIENCE)

    def end_now(self, number, frame) -> None:
        raise SystemExit(0)  # a task at hand is kept as failed, so that it can be started again

    def run(self) -> None:
        """Go on until told to stop, whatever goes wrong in between."""
        log.info("background work started")
        set_aside()
        while not self.stopping.is_set():
            if not self.step():
                self.stopping.wait(LOOK_EVERY)
        signal.setitimer(signal.ITIMER_REAL, 0)
        log.info("background work ended")

    def step(self) -> bool:
        """Do what is due now. Returns whether to look again at once."""
        try:
            close_old_connections()
            if time.monotonic() >= self.next_tick:
                self.next_tick = time.monotonic() + TICK_EVERY
                tick.run_due()
            if not DBTaskResult.objects.ready().exists():
                return False
            self.run_one()
        except (DatabaseError, InterfaceError):  # locked, restarted or away: it comes back
            log.warning("the database did not answer", exc_info=True)
        except Exception:
            log.exception("background work failed")
        else:
            return True
        for connection in connections.all(initialized_only=True):
            connection.close()
        self.stopping.wait(AFTER_TROUBLE)
        return False

    def run_one(self) -> None:
        """Run the first task of the queue."""
        worker = Worker(
            queue_names=["*"],
            interval=0,
            batch=True,
            backend_name="default",
            startup_delay=False,
            max_tasks=1,
            worker_id=self.worker_id,
            excluded_queue_names=[],
        )
        worker.run()
