"""Payers as they come in files: by date, field by field before what is built in, and under every name."""

from collections.abc import Iterator
from datetime import date

import pytest

from billing.payer import PayerTerms
from billing.rules import TimeRule
from services.context import Context
from services.imports.outcome import ImportOutcome
from services.months.rule_book import RuleBook
from storage import Database
from tests.support.files import csv_of, load, loaded, patients_csv
from tests.support.practice import TryPractice

DAY = date(2026, 11, 3)


@pytest.fixture
def practice(database: Database) -> Iterator[TryPractice]:
    return TryPractice(database)


def problems(outcome: ImportOutcome) -> list[tuple[int, str, str]]:
    return [(one.line, one.column, one.message) for one in outcome.problems]


def terms(practice: TryPractice, name: str, day: date = DAY) -> PayerTerms:
    def look(context: Context) -> PayerTerms | None:
        return RuleBook(context).terms(name, day)

    found = practice.see(look)
    assert found is not None
    return found


def test_payers_come_with_their_rules_and_replace_themselves(practice: TryPractice) -> None:
    """What was imported of a payer before is no longer in force, and the import says what goes."""
    header = b"name,time_rule,max_99494,verified_on\n"
    loaded(practice, "payers", header + b"Lakeside,midpoint,2,2026-01-02\n")
    assert (terms(practice, "lakeside").max_99494, terms(practice, "LAKESIDE ").time_rule) == (
        2,
        TimeRule.MIDPOINT,
    )
    same = loaded(practice, "payers", header + b"Lakeside,midpoint,2,1/2/2026\n")
    assert (same.added, same.changed, same.unchanged) == (0, 0, 1)
    again = loaded(practice, "payers", header + b"LAKESIDE,strict,,\n")
    assert (again.added, again.changed) == (0, 1)
    assert terms(practice, "lakeside").max_99494 is None
    assert again.remarks == (
        "Unverified, so each of their lines carries a warning until verified_on is filled in: LAKESIDE.",
        "LAKESIDE: imported before and not in this file, so no longer in force: max_99494 2.",
    )


def test_what_cannot_be_read_is_named_by_cell(practice: TryPractice) -> None:
    """All of it at once."""
    header = b"name,from,to,time_rule,max_99494,verified_on\n"
    bad = load(
        practice,
        "payers",
        header + b"Lakeside,soon,,sometimes,many,later\n,,,,,\nOak,2026-02-01,1/31/2026,,,\n",
    )
    assert [(line, column) for line, column, _ in problems(bad)] == [
        (2, "from"),
        (2, "max_99494"),
        (2, "time_rule"),
        (2, "verified_on"),
        (4, "to"),
    ]
    assert bad.problems[-1].message == "2026-01-31 is before the first day 2026-02-01."
    ahead = load(practice, "payers", b"name,max_99494,verified_on\nLakeside,4,2031-01-02\n")
    assert problems(ahead) == [
        (2, "verified_on", "2031-01-02 has not come yet. Write the day on which the source was read.")
    ]
    nothing = load(practice, "payers", b"name,g2214_min\nLakeside,0\n")
    assert problems(nothing) == [(2, "g2214_min", "'0' is not a whole number from 1 to 600.")]
    nameless = load(practice, "payers", b"name,max_99494\n,4\n")
    assert problems(nameless) == [(2, "name", "The cell is empty, and the row needs it.")]


def test_a_cap_keeps_the_midpoint(practice: TryPractice) -> None:
    """A row goes before what is built in field by field, and the preview says what is replaced and what stays."""
    outcome = load(practice, "payers", b"name,max_99494,verified_on\nmedicare,3,2026-01-02\n", dry_run=True)
    assert outcome.remarks == (
        "Medicare: max_99494 3 in the file goes before the built-in max_99494 4 from 2018-01-01.",
        (
            "Medicare: these built-in rules stay: time_rule midpoint from 2018-01-01, covered_codes 99484 99492 99493 "
            "99494 from 2018-01-01 until 2020-12-31, covered_codes 99484 99492 99493 99494 G2214 from 2021-01-01, "
            "g2214_min 30 from 2021-01-01, psychotherapy allowed from 2018-01-01, inpatient_counts yes from "
            "2017-01-01, g0512 yes from 2018-01-01 until 2025-12-31, g0512_first_min 70 from 2018-01-01 until "
            "2025-12-31, g0512_later_min 60 from 2018-01-01 until 2025-12-31, timely_filing_months 12, fee_schedule "
            "Medicare."
        ),
    )
    assert outcome.preview is not None
    assert outcome.preview.rows == (("Medicare", "", "", "max_99494", "2026-01-02"),)
    loaded(practice, "payers", b"name,max_99494,verified_on\nmedicare,3,2026-01-02\n")
    assert (terms(practice, "MCR B").max_99494, terms(practice, "MCR").time_rule) == (3, TimeRule.MIDPOINT)
    loaded(practice, "payers", b"name,max_99494,verified_on\nMedicare,none,2026-01-02\n")
    assert terms(practice, "Medicare").max_99494 is None


def test_rows_of_one_payer_are_its_rules_by_date(practice: TryPractice) -> None:
    """A rule lasts until a later row says the same field; what that row leaves empty goes on."""
    data = (
        b"name,from,to,max_99494,time_rule,verified_on\n"
        b"Oak,2026-07-01,,4,,2026-01-02\n"
        b"OAK ,1/1/2026,,2,midpoint,2026-01-02\n"
        b"oak,2027-01-01,2027-12-31,,strict,2026-01-02\n"
    )
    refused = load(practice, "payers", data)
    assert problems(refused) == [
        (
            4,
            "from",
            (
                "oak is on line 3 without a last day, and this row ends within it. Give that row a to, and "
                "write a third one for what holds afterwards."
            ),
        )
    ]
    outcome = loaded(practice, "payers", data.replace(b"2027-12-31", b""))
    assert (outcome.rows, outcome.added) == (3, 1)
    days = (date(2025, 12, 31), date(2026, 1, 1), date(2026, 6, 30), date(2026, 7, 1), date(2027, 1, 1))
    assert [terms(practice, "Oak", day).max_99494 for day in days] == [None, 2, 2, 4, 4]
    assert [terms(practice, "Oak", day).time_rule for day in days] == [
        None,
        TimeRule.MIDPOINT,
        TimeRule.MIDPOINT,
        TimeRule.MIDPOINT,
        TimeRule.STRICT,
    ]


def test_overlapping_rows_are_refused_by_line(practice: TryPractice) -> None:
    """Two rows from one day, and a row that begins before another ends; under whatever name."""
    data = (
        b"name,from,to,max_99494\n"
        b"Medicare,,,3\n"
        b"MCR B,,,4\n"
        b"Oak,2026-01-01,2026-06-30,2\n"
        b"Oak,2026-06-30,,4\n"
        b"Birch,2026-01-01,2026-06-30,2\n"
        b"Birch,2026-07-01,2026-12-31,4\n"
    )
    assert problems(load(practice, "payers", data)) == [
        (
            3,
            "from",
            "MCR B is Medicare, which is already on line 2, from the same day. Remove a row, or give it another from.",
        ),
        (
            5,
            "from",
            "Oak is on line 4 up to 2026-06-30. Begin this row the day after, or end that one before.",
        ),
    ]


def test_aliases_are_names_too(practice: TryPractice) -> None:
    """Another name leads to the payer; a name that is another payer's is refused."""
    header = b"name,aliases,max_99494,verified_on\n"
    loaded(practice, "payers", header + b"Cedar Health,CH; Cedar  HMO,3,2026-01-02\n")
    assert [terms(practice, name).max_99494 for name in ("ch", "CEDAR HMO", "cedar health")] == [3, 3, 3]
    refused = load(practice, "payers", header + b"Oak,MCR,1,\nBirch,oak|Elm,1,\nAsh,Elm,1,\nMedicare,MCR,,\n")
    assert problems(refused) == [
        (2, "aliases", "MCR is another name of Medicare already. Leave it out here."),
        (3, "aliases", "oak is a payer of its own already. Leave it out here."),
        (4, "aliases", "Elm is another name of Birch already. Leave it out here."),
    ]


def test_a_payer_under_another_name_takes_the_place_of_its_first(practice: TryPractice) -> None:
    """Rows imported as `MCR B` and later as `Medicare` are one payer's."""
    loaded(practice, "payers", b"name,max_99494\nMCR B,1\n")
    again = loaded(practice, "payers", b"name,max_99494\nMedicare,2\n")
    assert (again.added, again.changed) == (0, 1)
    assert [payer.name for payer in practice.see(lambda context: context.uow.payers.all())] == ["Medicare"]
    assert terms(practice, "mcr b").max_99494 == 2


def test_a_roster_asks_about_a_payer_that_is_misspelled(practice: TryPractice) -> None:
    """One typo or the same letters are asked about once each; one that goes on otherwise is only told."""
    names = (
        "Medicaire",
        "MCR B",
        "Cedar Health",
        "cedar  health",
        "UHC",
        "Medicare Advantage",
        "Medicare of Ohio",
        "Medicaire",
        "Cedar-Health",
        "",
    )
    data = patients_csv(*({"mrn": f"{at}", "payer": name} for at, name in enumerate(names, 100)))
    outcome = load(practice, "patients", data)
    assert [(one.name, one.lines) for one in outcome.questions] == [
        ("Medicaire", (2, 9)),
        ("Cedar-Health", (10,)),
    ]
    assert [(one.line, one.column) for one in outcome.problems] == [(2, "payer"), (10, "payer")]
    assert outcome.problems[0].message.startswith(
        "2 rows (lines 2, 9): Medicaire is not on file, and is much like Medicare."
    )
    assert "payer Medicaire = Medicare (the same payer)" in outcome.problems[0].message
    taken = loaded(
        practice, "patients", data, answers="payer Medicaire = Medicare\npayer Cedar-Health = new\n"
    )
    assert taken.remarks[1] == (
        "No rules on file for cedar health, UHC, Medicare Advantage, Medicare of Ohio, Cedar-Health, so the "
        "practice's own rules judge their lines."
    )
    assert (
        "Medicare of Ohio looks like Medicare. If that is the payer, write it that way; otherwise leave it as it is."
    ) in taken.remarks
    payers = practice.see(lambda context: context.uow.episodes.payers())
    assert "Medicaire" not in payers
    assert {"Medicare", "Medicare of Ohio", "Cedar-Health"} <= set(payers)


def test_a_name_like_one_on_file_is_asked_about(practice: TryPractice) -> None:
    """Payers without rules have names as well: what patients have on file is compared, too."""
    loaded(practice, "patients", patients_csv({"mrn": "1", "payer": "Cedar Health"}))
    outcome = load(practice, "patients", patients_csv({"mrn": "22", "payer": "Cedar Heatlh"}))
    assert [one.name for one in outcome.questions] == ["Cedar Heatlh"]
    coverage = csv_of(("mrn", "payer", "from"), [{"mrn": "1", "payer": "Cedar Heatlh", "from": "2026-11-02"}])
    assert [one.name for one in load(practice, "coverage", coverage).questions] == ["Cedar Heatlh"]
    answer = 'payer "Cedar Heatlh" = "Cedar Health"'
    assert loaded(practice, "coverage", coverage, answers=answer).unchanged == 1
    wrong = load(practice, "coverage", coverage, answers='payer "Cedar Heatlh" = Cedarr')
    assert "no payer of that name is known" in wrong.problems[0].message
    many = load(
        practice,
        "patients",
        patients_csv(*({"mrn": f"{at}", "payer": f"Plan {at}"} for at in range(100, 112))),
    )
    assert many.remarks[1].endswith("Plan 109 and 2 more, so the practice's own rules judge their lines.")
