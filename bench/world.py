"""What works share: who is signed in, what the database is, SQL by hand, a page's own template."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import Any
from uuid import UUID

from bench.generate import LEAD_EMAIL, LEADER_EMAIL, MANAGER_EMAIL

TWO, ALL, MANAGER = "two regions", "all regions", "all regions, data manager"
EMAILS = {TWO: LEAD_EMAIL, ALL: LEADER_EMAIL, MANAGER: MANAGER_EMAIL}


class World:
    """The database that is measured, and the two viewers who look at it."""

    def __init__(self):
        from django.db import connection

        self.connection, self.vendor = connection, connection.vendor

    @property
    def is_sqlite(self) -> bool:
        return self.vendor == "sqlite"

    @cached_property
    def is_large(self) -> bool:
        """Whether it is the size that goals are set for."""
        return self.sql("SELECT max(id) FROM crm_contact")[0][0] >= 500_000

    def user(self, who: str):
        """The lead of two regions, the leader of all, or the data manager."""
        from access.models import User

        return User.objects.get(email=EMAILS[who])

    def actor(self, who: str):
        from access.actors import actor_of

        actor = actor_of(self.user(who))
        assert actor is not None
        return actor

    def client(self, who: str):
        """A signed-in browser that speaks to the whole WSGI stack in this process."""
        from django.test import Client

        client = Client()
        client.force_login(self.user(who))
        session = client.session
        session["began_at"] = session["seen_at"] = int(time.time())
        session.save()
        return client

    @cached_property
    def states(self) -> list[int]:
        """The ids of the states of the two regions, in order."""
        found = self.actor(TWO).state_ids
        assert found is not None
        return sorted(found)

    def got(self, client, address: str, **more) -> Any:
        """The answer to a GET; raises when it is not 200."""
        answer = client.get(address, secure=False, **more)
        if answer.status_code != 200:
            raise RuntimeError(f"{address} answered {answer.status_code}")
        return answer

    def sql(self, statement: str, *values) -> list[tuple]:
        """The rows of a statement that was written by hand, straight from the driver."""
        with self.connection.cursor() as cursor:
            cursor.execute(statement, values)
            return cursor.fetchall()

    def uid(self, table: str, row_id: int) -> UUID:
        """The public key of a row."""
        return UUID(str(self.sql(f"SELECT uid FROM {table} WHERE id = %s", row_id)[0][0]))

    def page_sql(self, columns: str, table: str, order: str, who: str, limit: int = 51) -> tuple:
        """(statement, values) of the first page of a table, as somebody who knows the database
        writes it: on SQLite the states' index ranges merged, on PostgreSQL `IN`.
        """
        seen = "visibility = 'team'" if table != "crm_organization" else "1 = 1"
        if who != TWO:
            body = f"SELECT {columns} FROM {table} WHERE {seen} ORDER BY {order} LIMIT {limit}"
            return body, ()
        if not self.is_sqlite:
            marks = ", ".join(["%s"] * len(self.states))
            return (
                f"SELECT {columns} FROM {table} WHERE home_id IN ({marks}) AND {seen} "
                f"ORDER BY {order} LIMIT {limit}",
                tuple(self.states),
            )
        one = (
            f"SELECT * FROM (SELECT {columns} FROM {table} WHERE home_id = %s AND {seen} "
            f"ORDER BY {order} LIMIT {limit})"
        )
        union = " UNION ALL ".join([one] * len(self.states))
        return f"SELECT * FROM ({union}) ORDER BY {order} LIMIT {limit}", tuple(self.states)

    def template_of(self, client, address: str) -> Callable[[], str]:
        """Renders the template of a page again with all that its view gave it, and nothing else."""
        captured: list[tuple] = []
        with _rendered(captured):
            self.got(client, address)
        template, request, given = captured[-1]
        from django.template import Context

        from access import kept

        flat: dict[str, Any] = {}
        for processor in template.backend.engine.template_context_processors:
            flat |= processor(request)
        flat |= given

        def render() -> str:
            with kept.request():  # as a page, with what the process keeps, such as filters' choices
                kept.use(request.user.stamp)
                return template.template.render(Context(dict(flat)))

        return render


@contextmanager
def _rendered(captured: list[tuple]) -> Iterator[None]:
    """Notes (template, request, context) of each template that a view renders, and not of those
    that it renders inside, such as fields.
    """
    from django.template.backends.django import Template

    plain, depth = Template.render, 0

    def render(self, context=None, request=None):
        nonlocal depth
        if not depth:
            captured.append((self, request, dict(context or {})))
        depth += 1
        try:
            return plain(self, context, request)
        finally:
            depth -= 1

    Template.render = render
    try:
        yield
    finally:
        Template.render = plain


def each(values: list) -> Callable[[], Any]:
    """The next of the values at each call, from the beginning again after the last."""
    place = -1

    def following():
        nonlocal place
        place = (place + 1) % len(values)
        return values[place]

    return following
