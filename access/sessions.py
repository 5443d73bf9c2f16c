"""Sessions in the database, each read by a statement that is put together once."""

from datetime import UTC, datetime
from functools import cache
from types import SimpleNamespace

from django.contrib.sessions.backends import db
from django.utils import timezone

from access.prepared import Prepared, for_driver

KEY, NOW = "this key", datetime(1, 1, 1, tzinfo=UTC)  # what stands for them in the statement


class SessionStore(db.SessionStore):
    """Django's own, which puts the same statement together anew for each request."""

    def _get_session_from_db(self) -> SimpleNamespace | None:
        day = for_driver(self.model, "expire_date", NOW)
        now = for_driver(self.model, "expire_date", timezone.now())
        for (data,) in _statement(self.model).ask({KEY: self.session_key, day: now}):
            return SimpleNamespace(session_data=data)
        self._session_key = None
        return None


@cache
def _statement(model) -> Prepared:
    found = model.objects.filter(session_key=KEY, expire_date__gt=NOW)
    return Prepared(found.values_list("session_data"), planned_once=True)
