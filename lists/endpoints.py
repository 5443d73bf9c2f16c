"""The endpoint of each list page, with its schema and its addresses."""

from typing import Any

from django.urls import path
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import (
    OpenApiParameter,
    OpenApiResponse,
    extend_schema,
    extend_schema_view,
)
from rest_framework import serializers

from lists import wire
from lists.api import MOST, Endpoint, SearchShape
from lists.pages import ListPage


class ErrorShape(serializers.Serializer):
    """What an error says."""

    detail = serializers.CharField(required=False)
    fields = serializers.DictField(  # type: ignore[assignment]  # the metaclass takes it
        child=serializers.ListField(child=serializers.CharField()), required=False
    )


def _search_of(page: ListPage):
    """The action that takes a search text; a function of its own, so that it has its own schema."""

    def search(self, request):
        return self.found_by_text(request)

    search.__doc__ = f"Find {page.title} by a text in the body."
    return search


def _parameters(page: ListPage) -> list[OpenApiParameter]:
    """The query of a list, described from its filters and columns."""
    found = []
    for name, made in page.filters.items():
        many = hasattr(made.field_class, "widget") and "Multiple" in made.field_class.__name__
        kind = {"type": "array", "items": {"type": "string"}} if many else {"type": "string"}
        if "Date" in made.field_class.__name__:
            kind = {"type": "string", "format": "date"}
        found.append(OpenApiParameter(name, kind, description=str(made.label or ""), explode=True))
    sorts = [s for c in page.columns if c.sort for s in (c.name, f"-{c.name}")]
    found.append(OpenApiParameter("sort", str, enum=sorts, description="Sort by; - is downward."))
    found.append(
        OpenApiParameter("cursor", str, description="`next` or `previous` of an earlier answer.")
    )
    found.append(OpenApiParameter("page_size", {"type": "integer", "minimum": 1, "maximum": MOST}))
    return found + _details_parameter(page)


def _details_parameter(page: ListPage) -> list[OpenApiParameter]:
    if not any(c.detail and c.in_api for c in page.columns):
        return []
    text = "true: with e-mails and phones. Recorded per person and counted in the row budget."
    return [
        OpenApiParameter("details", {"type": "string", "enum": ["true", "false"]}, description=text)
    ]


def endpoint(page: ListPage) -> type[Endpoint]:
    """The endpoint of a list page, with its schema."""
    name = page.model.__name__
    columns = [c for c in page.columns if c.in_api]
    shown = wire.shown_shape(name, columns, page.change or page.add)
    listed = wire.shown_shape(f"{name}InList", columns, None)
    found = type(
        f"{name}Page",
        (serializers.Serializer,),
        {
            "count": serializers.IntegerField(),
            "count_is_more": serializers.BooleanField(),
            "next": serializers.CharField(allow_null=True),
            "previous": serializers.CharField(allow_null=True),
            "results": listed(many=True),
        },
    )
    taken_new = wire.taken_shape(page.add, True) if page.add else wire.StrictShape
    taken_change = wire.taken_shape(page.change, False) if page.change else wire.StrictShape
    errors = read_errors()
    writes = {
        code: OpenApiResponse(ErrorShape, text) for code, text in (_ERRORS | _WRITE_ERRORS).items()
    }
    key = OpenApiParameter(
        "Idempotency-Key",
        OpenApiTypes.UUID,
        OpenApiParameter.HEADER,
        description="Makes the request safe to send again.",
    )
    match = OpenApiParameter(
        "If-Match",
        str,
        OpenApiParameter.HEADER,
        required=True,
        description="The ETag of the row as it was read.",
    )
    schema = {
        "list": extend_schema(parameters=_parameters(page), responses={200: found} | errors),
        "search": extend_schema(
            parameters=_parameters(page), request=SearchShape, responses={200: found} | errors
        ),
        "retrieve": extend_schema(
            parameters=_details_parameter(page), responses={200: shown} | errors
        ),
        "create": extend_schema(
            parameters=[key], request=taken_new, responses={201: shown} | writes
        ),
        "partial_update": extend_schema(
            parameters=[key, match], request=taken_change, responses={200: shown} | writes
        ),
    }
    members = {
        "page": page,
        "needs": page.action,
        "of": page.model,
        "taken_new": taken_new,
        "taken_change": taken_change,
        "serializer_class": shown,
        "queryset": page.model.objects.none(),
        "__doc__": str(page.title),
    }
    if page.search_in:
        members["search"] = schema.pop("search")(_search_of(page))
    made = type(f"{name}Api", (Endpoint,), members)
    for action, described in schema.items():
        if (
            action == "search"
            or (action == "create" and not page.add)
            or (action == "partial_update" and not page.change)
        ):
            continue
        made = extend_schema_view(**{action: described})(made)
    return made


def read_errors() -> dict[int, OpenApiResponse]:
    """The errors of any endpoint that is only read."""
    return {code: OpenApiResponse(ErrorShape, text) for code, text in _ERRORS.items()}


_ERRORS = {
    400: "A filter, cursor or value is wrong.",
    401: "Nobody is signed in, or the token is not valid.",
    403: "Not allowed.",
    404: "Not there, or not visible.",
    429: "Too many requests.",
    503: "The database is busy.",
}
_WRITE_ERRORS = {
    409: "It clashes with what is there.",
    412: "Somebody saved the row since it was read.",
    415: "Send JSON.",
    422: "The key was used with another body.",
    428: "If-Match is missing.",
}


def routes(page: ListPage) -> list:
    """The addresses of a page's endpoint."""
    made = endpoint(page)
    many: dict[str, Any] = {"get": "list"} | ({"post": "create"} if page.add else {})
    one: dict[str, Any] = {"get": "retrieve"} | ({"patch": "partial_update"} if page.change else {})
    name = page.api_name or page.name
    found = [
        path(f"{name}/", made.as_view(many), name=name),
        path(f"{name}/<uuid:uid>/", made.as_view(one), name=f"{name}-one"),
    ]
    if page.search_in:
        found.insert(
            1, path(f"{name}/search/", made.as_view({"post": "search"}), name=f"{name}-search")
        )
    return found
