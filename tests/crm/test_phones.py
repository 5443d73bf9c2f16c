"""Phone numbers that are read without the library mean what the library says of them."""

import random

import phonenumbers
import pytest

from crm import phones

SHAPES = ("{}{}{}", "({}) {}-{}", "{}-{}-{}", "{}.{}.{}", "{} {} {}", "({}){}{}")


def by_library(text):
    found = phonenumbers.parse(text, "US")
    if not phonenumbers.is_possible_number(found):
        return "", ""
    e164 = phonenumbers.format_number(found, phonenumbers.PhoneNumberFormat.E164)
    return e164, found.extension or ""


@pytest.mark.parametrize("shape", SHAPES)
def test_ten_digits_are_what_the_library_says(shape):
    pick = random.Random(3)
    for _n in range(300):
        digits = str(pick.randrange(200_000_0000, 1_000_000_0000))
        text = shape.format(digits[:3], digits[3:6], digits[6:])
        assert phones._TEN.fullmatch(text)
        assert phones.parsed(text) == by_library(text)


@pytest.mark.parametrize(
    "text", ["1505550100", "0505550100", "505555010", "505-555-0100 x7", "٥٠٥"]
)
def test_all_others_are_left_to_the_library(text):
    assert not phones._TEN.fullmatch(text)
