"""Each field of a payer is read from text, written back, and told in words."""

import pytest

from billing.payer_fields import FIELDS, read_day
from billing.rules import InitialPolicy, Modifier

#: Field, text as people write it, text as it is written back, words.
TABLE = [
    (
        "time_rule",
        "Midpoint",
        "midpoint",
        "midpoint: 99492 from 36 min, 99493 from 31, 99494 from 16 past the last full unit",
    ),
    (
        "time_rule",
        "strict",
        "strict",
        "full times: 99492 from 70 min, 99493 from 60, each 99494 a further 30",
    ),
    ("covered_codes", "99493, 99492;g2214", "99492 99493 G2214", "pays 99492, 99493, G2214"),
    ("covered_codes", "", "", "pays no code"),
    ("g2214_min", "16", "16", "G2214 from 16 min"),
    ("g2214_clinics", "yes", "yes", "RHCs and FQHCs may bill G2214 where it is covered"),
    ("g2214_clinics", "no", "no", "RHCs and FQHCs may not bill G2214"),
    ("g0512", "TRUE", "yes", "RHCs and FQHCs bill G0512"),
    ("g0512", "0", "no", "RHCs and FQHCs bill the usual codes"),
    ("g0512_first_min", "70", "70", "G0512 in a first month from 70 min"),
    ("g0512_later_min", "60", "60", "G0512 in a later month from 60 min"),
    ("max_99494", "4", "4", "at most 4 units of 99494 a month"),
    ("max_99494", "None", "none", "no cap on 99494"),
    (
        "initial_policy",
        "First_Month reached",
        "first_month_reached",
        "99492 belongs to the first month that reaches it",
    ),
    (
        "initial_policy",
        "assessment month",
        "assessment_month",
        "99492 belongs to the month of the initial assessment",
    ),
    ("episode_gap_months", "1", "1", "a new 99492 after 1 month without Collaborative Care"),
    ("episode_gap_months", "6", "6", "a new 99492 after 6 months without Collaborative Care"),
    ("limit_99492", "per_calendar_year", "per calendar year", "99492 once a calendar year"),
    ("limit_99492", "per episode", "per episode", "99492 once an episode"),
    ("consultant_minutes", "count", "count", "the consultant's minutes count"),
    ("consultant_minutes", "exclude", "exclude", "the consultant's minutes do not count"),
    ("inpatient_counts", "1", "yes", "time on inpatient days counts"),
    ("inpatient_counts", "false", "no", "time on inpatient days does not count"),
    ("review_required", "yes", "yes", "a case review in the month is needed"),
    ("review_required", "no", "no", "no case review in the month is needed"),
    ("diagnosis_required", "yes", "yes", "a claim needs a diagnosis"),
    ("diagnosis_required", "no", "no", "a missing diagnosis is a warning"),
    (
        "psychotherapy",
        "allowed",
        "allowed",
        "psychotherapy by the care manager is allowed; its time does not count",
    ),
    ("psychotherapy", "blocks", "blocks", "psychotherapy by the care manager blocks the month"),
    ("prior_auth_after_months", "6", "6", "prior authorization after 6 months"),
    ("prior_auth_after_months", "none", "none", "no prior authorization"),
    ("authorized_months", "1", "1", "1 month more with authorization, then none"),
    ("authorized_months", "none", "none", "no last month"),
    ("timely_filing_months", "12", "12", "claims filed within 12 months of the date of service"),
    ("timely_filing_months", "none", "none", "no limit on filing"),
    ("modifiers", "e/m:25;99492:he", "E/M:25 99492:HE", "modifiers E/M:25 99492:HE"),
    ("modifiers", "E/M:25,99492:HE", "E/M:25 99492:HE", "modifiers E/M:25 99492:HE"),
    ("modifiers", "None", "none", "no modifiers"),
    ("fee_schedule", "Blue Lake 2026", "Blue Lake 2026", "estimates use the fee schedule Blue Lake 2026"),
]


@pytest.mark.parametrize(("name", "text", "written", "words"), TABLE)
def test_a_field_is_read_written_and_told(name: str, text: str, written: str, words: str) -> None:
    """What is written back reads as the same value."""
    field = FIELDS[name]
    value = field.read(text)
    assert field.write(value) == written
    assert field.read(written) == value
    assert field.words(value) == words


def test_the_table_has_every_field() -> None:
    """No field goes without its words, in the order of files."""
    assert list(dict.fromkeys(name for name, *_ in TABLE)) == list(FIELDS)
    assert all(name == field.name for name, field in FIELDS.items())


def test_minutes_are_whole_seconds_inside() -> None:
    """Times are kept as seconds, modifiers as pairs."""
    assert FIELDS["g2214_min"].read("16") == 960
    assert FIELDS["modifiers"].read("99492:HE") == (Modifier(code="99492", modifier="HE"),)
    assert FIELDS["initial_policy"].read("FIRST_MONTH_REACHED") is InitialPolicy.FIRST_MONTH_REACHED


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("time_rule", "halves", "'halves' is not known. Write one of: strict, midpoint."),
        (
            "covered_codes",
            "99492 99999 11111",
            "11111, 99999 is not billed here. Write some of: 99484 99492 99493 99494 G2214.",
        ),
        ("max_99494", "-1", "'-1' is not a whole number from 0 to 99."),
        ("max_99494", "100", "'100' is not a whole number from 0 to 99."),
        ("g2214_min", "²", "'²' is not a whole number from 1 to 600."),
        ("g2214_min", "0", "'0' is not a whole number from 1 to 600."),
        ("g0512_first_min", "0", "'0' is not a whole number from 1 to 600."),
        ("g0512_later_min", "601", "'601' is not a whole number from 1 to 600."),
        ("episode_gap_months", "none", "'none' is not a whole number from 1 to 120."),
        ("episode_gap_months", "0", "'0' is not a whole number from 1 to 120."),
        ("prior_auth_after_months", "121", "'121' is not a whole number from 0 to 120."),
        ("authorized_months", "12000", "'12000' is not a whole number from 0 to 120."),
        ("timely_filing_months", "1000000", "'1000000' is not a whole number from 0 to 120."),
        ("review_required", "maybe", "'maybe' is neither yes nor no."),
        ("modifiers", "25", "'25' is not a modifier. Write E/M:25 99492:HE."),
    ],
)
def test_what_cannot_be_read_says_what_to_write(name: str, text: str, sentence: str) -> None:
    """A sentence for the cell, with what to write instead."""
    with pytest.raises(ValueError) as refused:  # noqa: PT011 - the sentence is compared below
        FIELDS[name].read(text)
    assert str(refused.value) == sentence


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("max_99494", "0"),
        ("max_99494", "99"),
        ("g2214_min", "1"),
        ("g2214_min", "600"),
        ("episode_gap_months", "120"),
        ("prior_auth_after_months", "0"),
        ("timely_filing_months", "120"),
    ],
)
def test_a_figure_at_its_bound_is_read(name: str, text: str) -> None:
    """The bounds are values, too."""
    assert FIELDS[name].write(FIELDS[name].read(text)) == text


@pytest.mark.parametrize(
    "text", ["99492:H", "99492:H25", "99492:HE:25", "99999:HE", "99492:H!", "99492", ":25", "99492:²5"]
)
def test_a_modifier_is_two_characters_on_a_code(text: str) -> None:
    """Modifiers are two letters or digits on a code that is billed here, or on the visit."""
    with pytest.raises(ValueError, match="is not a modifier"):
        FIELDS["modifiers"].read(text)


def test_a_day_is_written_as_iso() -> None:
    """Any other form is refused with the right one."""
    assert read_day("2026-11-22").day == 22
    with pytest.raises(ValueError, match=r"^'March' is not a date. Write 2026-11-22.$"):
        read_day("March")
