"""Phone numbers: any shape comes in, E.164 and the extension are kept beside the text."""

import phonenumbers


def parsed(text: str, region: str = "US") -> tuple[str, str]:
    """(E.164 number, extension) of a typed phone number; ("", "") when it is none."""
    try:
        found = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return "", ""
    if not phonenumbers.is_possible_number(found):
        return "", ""
    return phonenumbers.format_number(
        found, phonenumbers.PhoneNumberFormat.E164
    ), found.extension or ""


def shown(text: str, e164: str, extension: str = "") -> str:
    """The number as people read it: (509) 555-0142 in North America, else as it was typed."""
    if not e164.startswith("+1") or len(e164) != 12:
        return text
    number = f"({e164[2:5]}) {e164[5:8]}-{e164[8:]}"
    return f"{number} x{extension}" if extension else number
