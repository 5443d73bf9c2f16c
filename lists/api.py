"""A list page as an endpoint: the same rows, columns, filters and commands."""

from typing import Any, ClassVar
from uuid import UUID

from django.contrib.auth import logout
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions, serializers, viewsets
from rest_framework.response import Response
from rest_framework.views import exception_handler

from access import audit
from access.commands import Command, Gone
from access.middleware import check, is_over, sign_in
from access.models import Former, User
from access.recording import Busy, OtherBody, Refused, Stale
from access.roles import GUARDED, Action
from lists import wire
from lists.budget import budget_left
from lists.columns import Row, read, values_of
from lists.pages import ListPage
from lists.paging import WrongCursor, page_of

SIZE, MOST = 50, 200


class Refusal(exceptions.APIException):
    """A request that is understood and not carried out, with its status."""

    def __init__(self, status: int, detail: str):
        super().__init__(detail)
        self.status_code = status


def answer_error(error, context):
    """Errors as JSON: `detail` in one sentence, and `fields` for what is wrong with each field."""
    if isinstance(error, ValidationError):
        return Response(
            {"detail": _("Some values are wrong. Nothing was saved."), "fields": _by_field(error)},
            400,
        )
    if isinstance(error, exceptions.ValidationError):
        detail = error.detail if isinstance(error.detail, dict) else {"body": error.detail}
        return Response(
            {
                "detail": _("Some values are wrong. Nothing was saved."),
                "fields": {k: _flat(v) for k, v in detail.items()},
            },
            400,
        )
    if isinstance(error, Stale):
        return Response({"detail": str(error)}, 412)
    if isinstance(error, OtherBody):
        return Response({"detail": str(error)}, 422)
    if isinstance(error, Busy):
        return Response({"detail": str(error)}, 409)
    if isinstance(error, Refused):
        return Response({"detail": str(error)}, 409)
    if isinstance(error, PermissionDenied):
        return Response({"detail": _("You may not do this. Nothing was saved.")}, 403)
    if isinstance(error, Http404):
        return Response({"detail": _("There is nothing here, or nothing that you may see.")}, 404)
    return exception_handler(error, context)


def _by_field(error: ValidationError) -> dict[str, list[str]]:
    if hasattr(error, "error_dict"):
        return {
            name: [str(m) for e in errors for m in e.messages]
            for name, errors in error.error_dict.items()
        }
    return {"body": [str(m) for m in error.messages]}


def _flat(detail: Any) -> list[str]:
    """Nested messages of lines as a flat list of sentences."""
    if isinstance(detail, dict):
        return [f"{key}: {text}" for key, value in detail.items() for text in _flat(value)]
    if isinstance(detail, list | tuple):
        return [text for value in detail for text in _flat(value)]
    return [str(detail)]


class SearchShape(wire.StrictShape):
    """A search text; it comes in the body so that no address holds a name."""

    q = wire.StrictText(max_length=200, help_text="Words of a name, or one whole phone or e-mail.")


class SignedIn(viewsets.GenericViewSet):
    """What all endpoints share: who is asking is known here, by token or cookie, not before."""

    needs: ClassVar[Action]
    filter_backends = []

    def initial(self, request, *args, **kwargs):
        super().initial(request, *args, **kwargs)
        if not getattr(request.user, "is_authenticated", False):
            raise exceptions.NotAuthenticated
        http = request._request
        if request.auth is None and is_over(http):
            logout(http)
            raise exceptions.NotAuthenticated
        sign_in(http, request.user)
        request.actor = http.actor
        if request.actor is None:
            raise exceptions.NotAuthenticated
        check(request.actor, self.needs)
        if self.needs in GUARDED and not request.actor.second_factor:
            raise PermissionDenied


class Endpoint(SignedIn):
    """A list page as an endpoint."""

    page: ClassVar[ListPage]
    taken_new: ClassVar[type[serializers.Serializer]]
    taken_change: ClassVar[type[serializers.Serializer]]
    lookup_field = "uid"
    lookup_value_converter = "uuid"

    def get_queryset(self):
        return self.page.model.objects.none()

    # -- reading ---------------------------------------------------------------------------------

    def list(self, request):
        self._known(request, request.query_params)
        return Response(self._found(request, request.query_params, ""))

    def found_by_text(self, request):
        body = SearchShape(data=request.data)
        body.is_valid(raise_exception=True)
        self._known(request, request.query_params)
        return Response(self._found(request, request.query_params, body.validated_data["q"]))

    def retrieve(self, request, uid):
        row = self._row(request.actor, uid)
        details = self._details(request)
        if details:
            self._note_details(request.actor, [row.uid])
        return self._tagged(self.shown(request.actor, row, details), row.revision)

    def _known(self, request, query) -> None:
        known = {*self.page.filters, "sort", "cursor", "page_size", "details"}
        if unknown := sorted(set(query) - known):
            raise Refusal(400, _("There is no filter called %(name)s.") % {"name": unknown[0][:60]})

    def _found(self, request, query, text: str) -> dict[str, Any]:
        page, actor = self.page, request.actor
        found = page.find(request, query, text)
        if found.is_wrong:
            raise Refusal(400, " ".join(found.problems))
        details, cursor, size = self._details(request), query.get("cursor", ""), self._size(query)
        columns = [c for c in page.columns_for(actor) if c.in_api and (details or not c.detail)]
        try:
            shown = page_of(
                found.rows,
                found.order,
                cursor,
                size,
                actor=actor,
                columns=columns,
                whole=found.whole,
                among=found.among,
            )
        except WrongCursor:
            raise Refusal(400, _("This cursor does not fit.")) from None
        rows = values_of(shown.values, columns, actor)
        if details:
            self._note_details(actor, [row["uid"] for row in rows])
        return {
            "count": shown.count,
            "count_is_more": shown.count_is_more,
            "next": shown.next,
            "previous": shown.previous,
            "results": rows,
        }

    @staticmethod
    def _values(row: Row) -> dict[str, Any]:
        return {"uid": row.uid, "revision": row.revision} | {
            n: c.value for n, c in row.cells.items()
        }

    @staticmethod
    def _size(query) -> int:
        text = query.get("page_size", "")
        if not text:
            return SIZE
        if (
            not text.isascii()
            or not text.isdecimal()
            or len(text) > 4
            or not 1 <= int(text) <= MOST
        ):
            raise Refusal(400, _("page_size is a number from 1 to 200."))
        return int(text)

    def _details(self, request) -> bool:
        asked = request.query_params.get("details", "")
        if asked in ("", "false"):
            return False
        if asked != "true":
            raise Refusal(400, _("details is true or false."))
        check(request.actor, Action.VIEW_DETAILS)
        return any(c.detail and c.in_api for c in self.page.columns)

    @staticmethod
    def _note_details(actor, uids) -> None:
        """Record each person whose details leave, and count them in the row budget."""
        with transaction.atomic():
            User.objects.select_for_update().get(
                pk=actor.user_id or 0
            )  # no other takes the rest now
            if len(uids) > budget_left(actor):
                raise Refusal(403, _("Your row budget for today is used up. No details were sent."))
            for uid in uids:
                audit.record("ViewDetailsByApi", actor, row=uid, count=1)

    def _row(self, actor, uid: UUID):
        row = self.page.rows(actor).filter(uid=uid).first()
        if row is None and (former := Former.objects.filter(uid=uid).first()):
            row = self.page.rows(actor).filter(uid=former.now).first()
        if row is None:
            raise Http404
        return row

    def shown(self, actor, row, details: bool = False) -> dict[str, Any]:
        """One row: its columns, and all that a change can take."""
        columns = [
            c for c in self.page.columns_for(actor) if c.in_api and (details or not c.detail)
        ]
        seen = read(self.page.model.objects.visible_to(actor).filter(pk=row.pk), columns, actor)[0]
        values = self._values(seen)
        if self.page.change:
            held = wire.shown_values(self.page.change(actor, instance=row))
            secret = {c.name for c in self.page.columns if c.detail}
            values |= {name: v for name, v in held.items() if details or name not in secret}
        return values

    # -- writing ---------------------------------------------------------------------------------

    def create(self, request):
        add = self._allowed(request, self.page.add)
        values = self._taken(self.taken_new, request)
        if "HTTP_IDEMPOTENCY_KEY" in request.META:
            values["key"] = self._key(request.META["HTTP_IDEMPOTENCY_KEY"])
        defaults = {"status": "held"} if "status" in add.base_fields else {}
        if "visibility" in add.base_fields:
            kept: Any = add._meta.model._meta.get_field("visibility")
            defaults["visibility"] = kept.default
        return self._carry_out(add(request.actor, defaults | values), request, 201)

    def partial_update(self, request, uid):
        change = self._allowed(request, self.page.change)
        row = self._row(request.actor, uid)
        revision = self._revision(request)
        values = self._taken(self.taken_change, request)
        if "HTTP_IDEMPOTENCY_KEY" in request.META:
            values["key"] = self._key(request.META["HTTP_IDEMPOTENCY_KEY"])
        values["revision"] = revision
        command = change(request.actor, values, instance=row, partial=True)
        return self._carry_out(command, request, 200)

    @staticmethod
    def _allowed(request, command: type[Command] | None) -> type[Command]:
        """The command that the endpoint has for this method, if the actor may use it."""
        if command is None:
            raise exceptions.MethodNotAllowed(request.method)
        check(request.actor, command.action)
        return command

    @staticmethod
    def _taken(shape, request) -> dict[str, Any]:
        if not isinstance(request.data, dict):
            raise Refusal(400, _("Send one JSON object."))
        body = shape(data=request.data)
        body.is_valid(raise_exception=True)
        return dict(body.validated_data)

    @staticmethod
    def _key(text: str) -> str:
        try:
            return str(UUID(text))
        except ValueError:
            raise Refusal(400, _("Idempotency-Key is a UUID.")) from None

    @staticmethod
    def _revision(request) -> int:
        tag = request.META.get("HTTP_IF_MATCH", "")
        if not tag:
            raise Refusal(428, _("Send If-Match with the ETag that you read. Nothing was saved."))
        text = tag.removeprefix("W/").strip('"')
        if not text.isascii() or not text.isdecimal() or len(text) > 9:
            raise Stale
        return int(text)

    def _carry_out(self, command, request, status: int) -> Response:
        def respond(row):
            # Made inside the transaction, so that a repeated request gets exactly this.
            return status, {"body": self.shown(request.actor, row), "revision": row.revision}

        row = command.run(respond)
        reply = command.reply
        if isinstance(row, Gone) and not reply:
            raise Http404
        return self._tagged(reply["body"], reply["revision"], status)

    @staticmethod
    def _tagged(values: dict, revision: int, status: int = 200) -> Response:
        return Response(values, status, headers={"ETag": f'"{revision}"'})
