"""Phone numbers and e-mail addresses: any shape of a number comes in, E.164 is kept beside it."""

import re
import unicodedata

FEWEST = 7  # digits of a number that can be looked for
MOST = 17
_EXTENSION = re.compile(r"[\s,;]*\b(?:x|ext\.?|extension)\s*\d{1,7}\s*$", re.IGNORECASE)
# A number of North America as most people write it, in ten digits: looked at without the library,
# which takes many times as long.
_TEN = re.compile(r"\(?([2-9][0-9]{2})\)?[ .-]?([0-9]{3})[ .-]?([0-9]{4})")


def parsed(text: str, region: str = "US") -> tuple[str, str]:
    """(E.164 number, extension) of a typed phone number; ("", "") when it is none."""
    if region == "US" and (ten := _TEN.fullmatch(text)):
        return f"+1{''.join(ten.groups())}", ""
    import phonenumbers  # large, and a worker starts without it

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


def spellings(text: str) -> set[str]:
    """The E.164 numbers that a typed text can be the whole of, its country code given or left out.

    None for less than seven digits, and for anything that is not a number.
    """
    text = _EXTENSION.sub("", text)
    digits = "".join(str(unicodedata.decimal(c)) for c in text if c.isdecimal())
    if not FEWEST <= len(digits) <= MOST or any(c.isalpha() for c in text):
        return set()
    found = {f"+{digits.removeprefix('00')}", parsed(text)[0]}
    if not text.strip().startswith("+"):
        from phonenumbers import COUNTRY_CODE_TO_REGION_CODE

        bare = {digits, digits.lstrip("0")}  # some countries put a 0 before a number at home
        found |= {f"+{code}{n}" for code in COUNTRY_CODE_TO_REGION_CODE for n in bare}
    return found - {""}


def is_address(text: str) -> bool:
    """Whether the text can be a whole e-mail address."""
    before, _at, after = text.strip().partition("@")
    return bool(before) and "." in after and "\0" not in text
