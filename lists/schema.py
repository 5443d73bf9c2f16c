"""The OpenAPI schema of the endpoints."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema


def closed(result: dict[str, Any], **_kwargs) -> dict[str, Any]:
    """Say of every body that it takes known fields only, as wire.StrictShape does."""
    for name, shape in result["components"]["schemas"].items():
        if name.endswith(("Body", "Line", "SearchShape")):
            shape["additionalProperties"] = False
    return result


class Schema(AutoSchema):
    """Names operations by list and verb, and describes both ways to sign in."""

    view: Any  # an Endpoint, one that names its `group`, or a plain view

    def get_operation_id(self) -> str:
        group = self._group()
        return f"{group}_{self.view.action}" if group else super().get_operation_id()

    def get_tags(self) -> list[str]:
        group = self._group()
        return [group] if group else super().get_tags()

    def _group(self) -> str:
        page = getattr(self.view, "page", None)
        return (page.api_name or page.name) if page else getattr(self.view, "group", "")

    def _is_list_view(self, serializer=None) -> bool:
        return False  # a page of rows is one object that holds them

    def get_filter_backends(self) -> list:
        return []

    def _get_paginator(self):
        return None


class TokenScheme(OpenApiAuthenticationExtension):
    """How a token is sent."""

    target_class = "lists.tokens.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema):
        return {"type": "apiKey", "in": "header", "name": "Authorization", "description": "Token …"}


class CookieScheme(OpenApiAuthenticationExtension):
    """The session cookie of a signed-in browser."""

    target_class = "lists.tokens.CookieAuthentication"
    name = "cookie"

    def get_security_definition(self, auto_schema):
        return {"type": "apiKey", "in": "cookie", "name": "sessionid"}
