"""The bodies that the API takes: JSON in UTF-8, not nested without end."""

import json
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.parsers import JSONParser
from rest_framework.utils.json import strict_constant


class StrictJSONParser(JSONParser):
    """JSON all of whose texts are real characters, so that an answer can repeat them."""

    def parse(self, stream, media_type=None, parser_context=None) -> Any:
        try:
            found = json.loads(stream.read().decode(), parse_constant=strict_constant)
            json.dumps(found, ensure_ascii=False).encode()  # fails for half a surrogate pair
        except (ValueError, RecursionError):
            raise exceptions.ParseError(_("This is not JSON in UTF-8.")) from None
        return found
