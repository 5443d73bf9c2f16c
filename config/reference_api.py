"""The reference page of the API, made from its OpenAPI schema."""

from typing import Any

from config.api_examples import GUIDE
from config.reference import table

INTRODUCTION = """\
# API

The same rows, filters and rules as the pages. The schema itself is at `/api/schema/`, and a page to
try it at `/api/`, for anybody signed in; a first program is in
[Use the API](../how-to/use-the-api.md).

Every request carries `Authorization: Token …`, or comes from a signed-in browser. A body is JSON. A
field that is not known is refused.
"""


def endpoints() -> list[str]:
    """The lines of the page: each address with its methods, then the shapes that they name."""
    from drf_spectacular.generators import SchemaGenerator

    schema = SchemaGenerator().get_schema(request=None, public=True)
    shapes = schema["components"]["schemas"]
    lines = INTRODUCTION.splitlines()
    lines += ["", *GUIDE.splitlines()]
    lines += ["", "### What each status means", "", *_errors(schema), "", "## Addresses"]
    for path, methods in schema["paths"].items():
        rows = [
            [method.upper(), _takes(operation), _answers(operation)]
            for method, operation in methods.items()
        ]
        lines += ["", f"### `{path}`", "", *table(["method", "takes", "answers"], rows)]
    lines += ["", "## Shapes", "", "A field in bold must be sent."]
    for name, shape in shapes.items():
        if "properties" in shape:
            needed = shape.get("required", [])
            rows = [
                [
                    f"**{field}**"
                    if field in needed and name.endswith(("Body", "Line"))
                    else field,
                    _type(made, shapes),
                    _label(made),
                ]
                for field, made in shape["properties"].items()
            ]
            lines += ["", f"### {name}", "", *table(["field", "type", "what it is"], rows)]
    return lines


def _errors(schema: dict[str, Any]) -> list[str]:
    """Every status that an endpoint may refuse with, once."""
    found: dict[str, str] = {}
    for methods in schema["paths"].values():
        for operation in methods.values():
            for status, answer in operation["responses"].items():
                if int(status) >= 400:
                    found[status] = answer["description"]
    return table(["status", "means"], [[status, found[status]] for status in sorted(found)])


def _takes(operation: dict[str, Any]) -> str:
    """Headers, query parameters and body of one method."""
    found = []
    for place, words in (("header", "headers"), ("query", "query")):
        names = [
            f"**{one['name']}**" if one.get("required") else f"`{one['name']}`"
            for one in operation.get("parameters", [])
            if one["in"] == place
        ]
        if names:
            found.append(f"{words}: {', '.join(names)}")
    if "requestBody" in operation:
        found.append(f"body: {_link(_ref(operation['requestBody']))}")
    return "; ".join(found) or "-"


def _answers(operation: dict[str, Any]) -> str:
    """What one method answers when all goes well."""
    good = {s: a for s, a in operation["responses"].items() if int(s) < 400}
    return "; ".join(f"{status} {_link(_ref(answer))}" for status, answer in good.items())


def _ref(holder: dict[str, Any]) -> str:
    """The name of the shape in a request body or an answer; a page of a list is one object."""
    schema = holder["content"]["application/json"]["schema"]
    return schema.get("items", schema)["$ref"].rpartition("/")[2]


def _link(name: str) -> str:
    return f"[{name}](#{name.lower()})"


def _type(made: dict[str, Any], shapes: dict[str, Any]) -> str:
    """A field's type in words."""
    enums = [one for one in _options(made) if "$ref" in one]
    if enums:
        found = [shapes[one["$ref"].rpartition("/")[2]] for one in enums]
        if "properties" in found[0]:
            return _link(enums[0]["$ref"].rpartition("/")[2])
        return ", ".join(f"`{v}`" for one in found for v in one.get("enum", []) if v)
    if made.get("type") == "array":
        return f"list of {_type(made['items'], shapes)}"
    kind = made.get("format") or made.get("type", "")
    if "minimum" in made and "maximum" in made:
        kind += f" {made['minimum']} to {made['maximum']}"
    if "maxLength" in made:
        kind += f", at most {made['maxLength']}"
    return kind + (" or null" if made.get("nullable") else "")


def _options(made: dict[str, Any]) -> list[dict[str, Any]]:
    return [made, *made.get("allOf", []), *made.get("oneOf", [])]


def _label(made: dict[str, Any]) -> str:
    text = str(made.get("description", "")).partition("\n")[0]
    return "" if text.startswith("* ") else text
