"""How people name an entry."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.references import _MOST_CHARACTERS, ALPHABET, entry_id_of, entry_reference

entry_ids = st.integers(min_value=1, max_value=2**63 - 1)


@pytest.mark.parametrize(
    ("entry_id", "said"), [(1, "e-24"), (29, "e-z2"), (30, "e-227"), (871, "e-222b"), (12345, "e-fmna")]
)
def test_references_that_were_handed_out_stay(entry_id: int, said: str) -> None:
    """People have them in messages and files: another check character would make them name nothing."""
    assert entry_reference(entry_id) == said
    assert entry_id_of(said) == entry_id


@given(entry_ids)
def test_a_reference_names_its_entry(entry_id: int) -> None:
    """What `entry_reference` says, `entry_id_of` understands, typed in either case."""
    reference = entry_reference(entry_id)

    assert entry_id_of(reference) == entry_id
    assert entry_id_of(f" {reference.upper()} ") == entry_id


@given(entry_ids, st.data())
def test_one_wrong_character_names_no_entry(entry_id: int, data: st.DataObject) -> None:
    """A slip of one character is refused; it never reaches another entry."""
    body = entry_reference(entry_id).removeprefix("e-")
    place = data.draw(st.integers(0, len(body) - 1))
    other = data.draw(st.sampled_from([letter for letter in ALPHABET if letter != body[place]]))

    assert entry_id_of(f"e-{body[:place]}{other}{body[place + 1 :]}") is None


@given(entry_ids, st.data())
def test_two_swapped_characters_name_no_entry(entry_id: int, data: st.DataObject) -> None:
    """Two neighbors swapped, the check character among them, are refused."""
    body = entry_reference(entry_id).removeprefix("e-")
    place = data.draw(st.integers(0, len(body) - 2))
    swapped = body[:place] + body[place + 1] + body[place] + body[place + 2 :]

    assert swapped == body or entry_id_of(f"e-{swapped}") is None


def test_references_are_short_and_different() -> None:
    """The first 20,000 entries have as many references, none longer than three characters and a check."""
    references = {entry_reference(number) for number in range(1, 20_001)}

    assert len(references) == 20_000
    assert max(map(len, references)) == len("e-") + 4


@pytest.mark.parametrize(
    "text", ["", "e-", "e-k", "k7f", "e-k0f", "e-kïf", "e-k7f-2", "e-" + "k" * 40, "#42", "MRN123"]
)
def test_other_texts_name_no_entry(text: str) -> None:
    """What is no reference at all names nothing, and raises nothing."""
    assert entry_id_of(text) is None


@given(st.text())
def test_any_text_is_answered(text: str) -> None:
    """No text makes the reader raise; whatever it accepts, it would write the same way."""
    entry_id = entry_id_of(text)

    assert entry_id is None or entry_reference(entry_id) == text.strip().casefold()


@pytest.mark.parametrize("entry_id", [0, -1])
def test_numbers_below_one_have_no_reference(entry_id: int) -> None:
    """Entries are references count from 1."""
    with pytest.raises(ValueError, match="references count from 1"):
        entry_reference(entry_id)


def test_a_reference_has_its_prefix_and_no_more_characters_than_any() -> None:
    """Without the prefix it is a number of something else; too long, of nothing."""
    assert entry_id_of(entry_reference(5).removeprefix("e-")) is None
    longest = next(
        said for length in range(1, 40) if len(said := entry_reference(29**length)) == 2 + _MOST_CHARACTERS
    )
    assert entry_id_of(longest) is not None
    assert entry_id_of(entry_reference(entry_id_of(longest) * 29)) is None
