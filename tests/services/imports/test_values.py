"""Single values of files: every form that is plain is read, everything else is refused with a sentence."""

from collections.abc import Callable
from datetime import date, time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from billing.diagnoses import diagnosis_code, is_whole_code
from services.imports.request import DateOrder, TimeUnit
from services.imports.values import codes
from services.imports.values.days import day_and_clock, day_of
from services.imports.values.durations import seconds_of
from services.imports.values.mrns import read_mrn

NOVEMBER_3 = date(2026, 11, 3)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "2026-11-03",
            "2026/11/3",
            "2026.11.03",
            "20261103",
            "2026-11-03 00:00:00",
            "2026-11-03T00:00:00.000Z",
        ),
        *("2026-11-03 00:00:00+00:00", "11/3/2026", "11/03/2026", "11-3-2026", "11/3/26", "11/3/2026 0:00"),
        *(
            "11/3/2026 12:00:00 AM",
            "11/3/2026, 12:00:00 a.m.",
            "Nov 3, 2026",
            "November 3, 2026",
            "NOV-3-2026",
        ),
        *(
            "3-Nov-26",
            "03-NOV-2026",
            "3 November 2026",
            "3rd of November 2026",
            "Nov. 3rd, 2026",
            "3-Nov-2026",
        ),
        *(
            "Tue, Nov 3 2026",
            "Tuesday, November 3, 2026",
            "Tue, 03 Nov 2026 00:00:00 GMT",
            "Nov  3 2026 12:00AM",
        ),
    ],
)
def test_a_day_is_read_however_a_program_writes_it(text: str) -> None:
    """Excel, pandas, SQL, forms, mail."""
    assert day_of(text) == NOVEMBER_3


@pytest.mark.parametrize(
    ("text", "order", "day"),
    [
        ("3/11/2026", DateOrder.DMY, NOVEMBER_3),
        ("3.11.26", DateOrder.DMY, NOVEMBER_3),
        ("03-11-2026", DateOrder.DMY, NOVEMBER_3),
        ("46329", DateOrder.SERIAL, NOVEMBER_3),
        ("46329.0", DateOrder.SERIAL, NOVEMBER_3),
        ("44867", DateOrder.SERIAL_1904, NOVEMBER_3),
        ("20261103", DateOrder.SERIAL, NOVEMBER_3),
        ("11/3/2026", DateOrder.SERIAL, NOVEMBER_3),
        ("2026-11-03", DateOrder.ISO, NOVEMBER_3),
        ("1/2/29", DateOrder.MDY, date(2029, 1, 2)),
        ("1/2/30", DateOrder.MDY, date(1930, 1, 2)),
    ],
)
def test_the_order_of_a_file_decides(text: str, order: DateOrder, day: date) -> None:
    """Two figures of a year are 1930 to 2029."""
    assert day_of(text, order) == day


@pytest.mark.parametrize(
    ("text", "order", "why"),
    [
        ("11/3/2026", DateOrder.ISO, "--dates iso"),
        ("46329.5", DateOrder.SERIAL, "time of day"),
        ("26-11-03", DateOrder.DMY, "two figures"),
        ("2026-11-03 00:00:01", DateOrder.MDY, "time of day"),
        ("2026-11-03 25:00", DateOrder.MDY, "no time of the clock"),
        ("11032026", DateOrder.MDY, "not a date"),
        ("Nov 2026", DateOrder.MDY, "not a whole date"),
        ("NaT", DateOrder.MDY, "not a date"),
        ("0", DateOrder.MDY, "placeholder"),
        ("31-Jun-26", DateOrder.MDY, "calendar"),
    ],
)
def test_what_is_no_day_is_told_why(text: str, order: DateOrder, why: str) -> None:
    """Each with what to write instead."""
    with pytest.raises(ValueError, match=why):
        day_of(text, order)


def test_a_time_beside_a_day_is_told_from_none() -> None:
    """For columns in which both belong."""
    assert day_and_clock("11/3/2026 2:30 PM") == (NOVEMBER_3, time(14, 30))
    assert day_and_clock("2026-11-03T00:00:00") == (NOVEMBER_3, time(0))
    assert day_and_clock("2026-11-03") == (NOVEMBER_3, None)


@pytest.mark.parametrize(
    ("text", "unit", "seconds"),
    [
        ("15", None, 900),
        ("12.5", TimeUnit.MINUTES, 750),
        ("0.025", None, 2),
        ("0.0417", None, 3),
        (".25", TimeUnit.HOURS, 900),
        ("1.25", TimeUnit.HOURS, 4500),
        ("7876", TimeUnit.SECONDS, 7876),
        ("1.5", TimeUnit.SECONDS, 2),
        ("2.5", TimeUnit.SECONDS, 2),
        ("0.0104166667", TimeUnit.DAYS, 900),
        ("00:15:00", None, 900),
        ("1:30:00", TimeUnit.MINUTES, 5400),
        ("0:15", TimeUnit.HOURS, 900),
        ("31:16", TimeUnit.MINUTES, 1876),
        ("1h 15m", TimeUnit.SECONDS, 4500),
        ("1 hr, 5 mins", None, 3900),
        ("1 hour and 5 minutes", None, 3900),
        ("90 s", None, 90),
        ("PT1H15M", None, 4500),
        ("24", TimeUnit.HOURS, 86_400),
    ],
)
def test_a_duration_is_read_in_its_unit(text: str, unit: TimeUnit | None, seconds: int) -> None:
    """Rounded to whole seconds once, half to even."""
    assert seconds_of(text, unit) == seconds


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        *(
            (text, None)
            for text in ("0", "-1", "1441", "inf", "NaN", "1e9999999", "1:30", "0:75:00", "12,5", "5m 5m")
        ),
        *((text, None) for text in ("1,250", "15 min phone", "h", "::", "PT", "0.001", "1 fortnight")),
        ("25", TimeUnit.HOURS),
        ("1.1", TimeUnit.DAYS),
    ],
)
def test_what_is_no_duration_is_refused(text: str, unit: TimeUnit | None) -> None:
    """Nothing, more than a day, and what could be two things."""
    with pytest.raises(ValueError, match=r"\.$"):
        seconds_of(text, unit)


def test_a_decimal_comma_is_read_where_the_file_has_it() -> None:
    """`12,5` of a file with semicolons."""
    assert seconds_of("12,5", decimal_comma=True) == 750


@pytest.mark.parametrize(
    ("mrn", "pattern", "identity"),
    [
        ("AB-123456", r"[A-Z]{2}-\d{6}", "ab-123456"),
        ("MRN0042", r"\d{4}", "0042"),
        ("0042", r"MRN\d{4}", "0042"),
        ("mrn0042", r"MRN\d{4}", "0042"),
        ("Chart 77", r"chart (\d+)", "77"),
        ("124.0", r"\d+\.\d", "124.0"),
        ("ABCDE", r"[A-Z]{5}", "abcde"),
    ],
)
def test_the_practices_own_form_of_an_mrn_holds_in_files(mrn: str, pattern: str, identity: str) -> None:
    """It alone decides, and names the same patient as in chat."""
    assert read_mrn(mrn, pattern) == identity


@pytest.mark.parametrize(
    ("mrn", "pattern"),
    [
        ("123", r"\d{4}"),
        ("1.23E+08", r"\d{9}"),
        ("AB-1234567", r"[A-Z]{2}-\d{6}"),
        ("TOTAL", r"[A-Z]{5}"),
        ('="0042"', r".*"),
    ],
)
def test_what_lacks_the_practices_form_is_refused(mrn: str, pattern: str) -> None:
    """A total and a formula are nobody's whatever the form allows."""
    with pytest.raises(ValueError, match=r"COCM_MRN_PATTERN|nobody's MRN|spreadsheet's form"):
        read_mrn(mrn, pattern)


@pytest.mark.parametrize(
    "mrn", ["A\u200b123", "1" * 65, "\u0410123", "123.", "-123", "a@b.c1", "TRUE", "new patient"]
)
def test_what_cannot_be_an_mrn_is_refused(mrn: str) -> None:
    """Letters that look like others or cannot be seen would make one patient two."""
    with pytest.raises(ValueError, match=r"\.$"):
        read_mrn(mrn)


def test_codes_have_the_form_of_icd_10_cm() -> None:
    """The point follows the third character, and headers are no whole codes."""
    assert [
        diagnosis_code(text) for text in ("f321", "F32.1", "m1a0110", "C4A.9", "H1N1", "296.3", "F32.", "F3")
    ] == [
        *("F32.1", "F32.1", "M1A.0110", "C4A.9", "", "", "", ""),
    ]
    assert [
        is_whole_code(code) for code in ("I10", "F33", "F33.1", "F10.1", "E11", "R45.8", "Depression")
    ] == [
        *(True, False, True, False, False, False, False),
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("F32.1 F41.1, f331|Z63.0", ("F32.1", "F41.1", "F33.1", "Z63.0")),
        ("MDD (F32.1)", ("F32.1",)),
        ("F32.1 and F41.1", ("F32.1", "F41.1")),
        ("F32.1/F41.1", ("F32.1", "F41.1")),
        ("D50.9 deficiency, vitamin B12", ("D50.9",)),
        ("E11.9: Type 2 diabetes, without complications; I10", ("E11.9", "I10")),
        ("F32.1; F32.1", ("F32.1",)),
    ],
)
def test_codes_are_found_beside_their_words(text: str, found: tuple[str, ...]) -> None:
    """A code behind words has its point or stands in brackets: vitamin B12 is none."""
    assert codes.diagnoses(text) == found


READERS: tuple[Callable[[str], object], ...] = (
    day_of,
    lambda text: day_of(text, DateOrder.DMY),
    lambda text: day_of(text, DateOrder.SERIAL),
    day_and_clock,
    seconds_of,
    lambda text: seconds_of(text, TimeUnit.DAYS, decimal_comma=True),
    read_mrn,
    codes.diagnoses,
    codes.place,
    codes.npi,
    codes.payer,
)


@given(st.one_of(st.text(max_size=40), st.from_regex(r"[0-9/:.,\- aApPmMTZenov']{1,24}", fullmatch=True)))
@example("99999")
@example("0/0/0000")
@example("9999-99-99")
@example("1" * 5000)
def test_any_words_are_read_or_refused_with_a_sentence(text: str) -> None:
    """Never a traceback, whatever a cell holds."""
    for read in READERS:
        try:
            read(text.strip())
        except ValueError as error:
            assert f"{error}".endswith((".", "min.")), (text, error)  # noqa: PT017 - either is fine
