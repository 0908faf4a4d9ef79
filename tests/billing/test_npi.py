"""National Provider Identifiers."""

import pytest

from billing.npi import is_valid_npi


@pytest.mark.parametrize("text", ["1234567893", "1245319599", "1679576722"])
def test_numbers_with_their_check_digit_are_valid(text: str) -> None:
    """Ten digits that pass Luhn with the prefix 80840."""
    assert is_valid_npi(text)


@pytest.mark.parametrize("digit", "012456789")
def test_any_other_check_digit_is_not(digit: str) -> None:
    """Of ten last digits one is right."""
    assert not is_valid_npi(f"123456789{digit}")


@pytest.mark.parametrize(
    "text", ["", "123456789", "12345678930", "123456789X", " 1234567893", "١٢٣٤٥٦٧٨٩٣", "987654321"]
)
def test_other_text_is_not(text: str) -> None:
    """Too short, too long, or not plain digits."""
    assert not is_valid_npi(text)


def test_swapped_digits_are_seen() -> None:
    """The usual slip of the fingers fails the check."""
    assert not is_valid_npi("1234576893")
