"""Which findings a care manager is shown without asking, and from when."""

from dataclasses import replace
from datetime import date

import pytest

from billing.clinical import StatementKind
from billing.episodes import Consent
from billing.evaluate import MonthResult
from billing.facts import MonthFacts
from billing.findings.finding import Finding, Severity
from billing.findings.registry import ROWS, message_of
from billing.findings.row import Row, When
from billing.people import MemberRole, Role
from billing.telling import Nearness, worth_showing, worth_telling
from tests.support.findings import enrolled, result
from tests.support.months import DR_CHO, a_first_month, a_month, an_entry
from tests.support.payers import lakeside

CARE_MANAGER = frozenset({MemberRole.CARE_MANAGER})
NEAR_SECONDS = 15 * 60
LATE = {"recorded_on": date(2026, 11, 9)}
#: A consent of which nothing more is on file.
UNSAID = Consent(given_on=enrolled()[0].starts_on)


def told(
    month: MonthResult, *, month_end: bool = False, roles: frozenset[MemberRole] = CARE_MANAGER
) -> list[str]:
    nearness = Nearness.of(month.threshold, NEAR_SECONDS)
    return [one.code for one in worth_telling(month.findings, nearness, month_end=month_end, roles=roles)]


def unscored(*minutes: float) -> MonthFacts:
    """A first month, consented and reviewed, whose assessment has no score and whose patient has no NPI."""
    return replace(a_first_month(*minutes), scores=(), referring_npi="")


@pytest.mark.parametrize(
    ("minutes", "nearness", "expected"),
    [
        (54, Nearness.FAR, []),
        (55, Nearness.NEAR, ["scale_missing", "npi_missing"]),
        (75, Nearness.REACHED, ["scale_missing", "npi_missing"]),
    ],
)
def test_a_missing_score_and_npi_are_told_once_the_code_is_near(
    minutes: float, nearness: Nearness, expected: list[str]
) -> None:
    """Not while the code is out of reach; from 15 minutes before it on, and for as long as they block it."""
    month = result(unscored(minutes))
    assert Nearness.of(month.threshold, NEAR_SECONDS) is nearness
    assert told(month) == expected


def test_what_costs_minutes_is_told_from_the_first_entry() -> None:
    """Consent and assessment are asked for at once: time without consent does not count later either."""
    assert told(result(a_month(5, episodes=enrolled(consent=None)))) == ["consent_missing"]
    assert told(result(a_month(5, episodes=enrolled(initial_assessment_on=None)))) == ["assessment_missing"]
    assert told(result(a_month(5, episodes=()))) == ["not_enrolled"]


def test_an_authorization_is_asked_for_before_the_code_is_near() -> None:
    """A payer takes its time: it is told with the month's first minutes, and only after the months it pays for."""
    payer = lakeside(prior_auth_after_months=1)
    assert told(result(a_month(5), payer)) == ["prior_authorization"]
    assert told(result(a_month(5), lakeside(prior_auth_after_months=12))) == []


def test_a_blocker_is_told_whoever_fixes_it_a_warning_only_to_who_can() -> None:
    """An initiating visit that blocks is imported by an administrator: the care manager learns whom to ask."""
    first = a_first_month(75)
    needed = replace(first.episodes[0], initiating_visit_needed=True, initiating_visit_on=None)
    assert told(result(replace(first, episodes=(needed,)))) == ["initiating_visit_missing"]
    unknown = replace(first.episodes[0], initiating_visit_on=None)
    month = result(replace(first, episodes=(unknown,)))
    assert [one.code for one in worth_showing(month.findings)] == ["initiating_visit_unknown"]
    assert told(month) == []
    assert told(month, roles=frozenset({MemberRole.ADMIN})) == ["initiating_visit_unknown"]


def test_warnings_about_the_record_wait_for_the_months_end() -> None:
    """A statement that a long episode wants is asked for in the last working days; a consent's details sooner."""
    facts = a_month(61, episodes=enrolled(outside_therapist=True, consent=UNSAID))
    assert StatementKind.NON_DUPLICATION not in {one.kind for one in facts.statements}
    assert told(result(facts)) == ["consent_incomplete"]
    assert told(result(facts), month_end=True) == ["consent_incomplete", "outside_therapist"]


def test_a_diagnosis_waits_for_the_months_end_unless_it_blocks() -> None:
    """Where the practice bills nothing without one, it is told with the other blockers."""
    facts = a_month(55, episodes=enrolled(diagnosis_codes=()), problems_recorded=False)
    assert told(result(facts)) == []
    assert told(result(facts), month_end=True) == ["diagnosis_missing"]
    assert told(result(facts, diagnosis_required=True)) == ["diagnosis_missing"]


def test_blockers_come_first_and_notes_never() -> None:
    """Whatever the order of the rules, what stops the line is read first."""
    facts = a_month(
        entries=(an_entry(1, 61), an_entry(2, 125)),
        reviews=(),
        episodes=enrolled(consent=UNSAID),
    )
    assert told(result(facts)) == ["review_missing", "consent_incomplete"]


def test_whoever_asks_sees_blockers_first_and_nothing_for_supervisors() -> None:
    """Whatever the order in which they were found; notes and what only supervisors see are left out."""
    warning = Finding(code="consent_incomplete", severity=Severity.WARNING, parameters=(("lacking", "kind"),))
    blocker = Finding(code="consent_missing", severity=Severity.BLOCKER)
    note = Finding(code="long_entries", severity=Severity.NOTE, parameters=(("limit", "7200"),))
    hidden = Finding(code="a_rule_of_old", severity=Severity.WARNING)
    assert worth_showing((warning, note, hidden, blocker)) == (blocker, warning)


@pytest.mark.parametrize("row", ROWS, ids=[row.code for row in ROWS])
@pytest.mark.parametrize("nearness", Nearness)
def test_what_only_supervisors_see_is_never_shown_unless_asked_for(row: Row, nearness: Nearness) -> None:
    """Nor are notes, whatever the reader's roles."""
    parameters = dict.fromkeys(row.parameters, "1")
    for severity in row.severities:
        finding = Finding(code=row.code, severity=severity, parameters=tuple(sorted(parameters.items())))
        every = worth_telling((finding,), nearness, month_end=True, roles=frozenset(MemberRole))
        hidden = severity in row.supervisors_only or severity is Severity.NOTE
        assert not (hidden and every)
        assert bool(every) == (
            not hidden
            and row.told is not When.WHEN_ASKED
            and (row.told is When.FROM_THE_START or nearness is not Nearness.FAR)
        )


def test_what_is_held_for_somebodys_word_is_told_to_everyone_who_sees_it() -> None:
    """The care manager reads that a unit waits for the consultant's time to be attested; late time is not theirs."""
    cho = an_entry(2, 45, role=Role.CONSULTANT, performed_by=DR_CHO)
    month = result(a_month(entries=(an_entry(1, 60), cho)))
    assert told(month) == ["consultant_decisive"]
    assert told(result(a_month(entries=(an_entry(1, 60), an_entry(2, 45, **LATE))))) == []


def test_every_blocker_that_anybody_can_fix_is_told() -> None:
    """Nothing blocks a line in silence until the report says so."""
    assert [
        row.code for row in ROWS if Severity.BLOCKER in row.severities and row.told is When.WHEN_ASKED
    ] == []


def test_a_findings_parameters_are_plain_and_in_order() -> None:
    """They are kept with a closed month: text by name, whatever the sentence makes of them."""
    month = result(
        a_month(entries=(an_entry(1, 61), an_entry(2, 125, **LATE)), episodes=enrolled(consent=UNSAID))
    )
    given = {finding.code: dict(finding.parameters) for finding in month.findings if finding.parameters}
    assert given == {
        "consent_incomplete": {"lacking": "kind,cost_sharing"},
        "late_entries": {"days": "1"},
        "long_entries": {"limit": "7200"},
    }
    assert all(message_of(finding) for finding in month.findings)
