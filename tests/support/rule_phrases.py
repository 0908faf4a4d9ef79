"""What an example of a rule can say of a patient's month, phrase by phrase; see `tests.support.rule_examples`."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from billing.activities import Activity, ActivitySource
from billing.claim_days import text_of
from billing.claim_facts import ClaimFact, ClaimFactKind
from billing.clinical import (
    Admission,
    Attestation,
    AttestationKind,
    OtherService,
    Scale,
    Score,
    Statement,
    StatementKind,
)
from billing.episodes import Consent, ConsentKind, Program
from billing.kinds_of_work import kind_of_work, plain_form
from billing.months import BillingMonth
from billing.people import Role
from services.months.rule_book import payers_of
from tests.support.findings import statement
from tests.support.months import ANA, BEN, DR_CHO, NOVEMBER, a_review, a_score, an_entry
from tests.support.rule_case import Case, example_payer


def told(case: Case, said: str) -> Case:
    """The case with what one line says of it, part by part.

    Raises:
        AssertionError: for a part that is no phrase of `_FACTS`.
    """
    for part in filter(None, (part.strip() for part in said.split(";"))):
        case = _with(case, part)
    return case


def _with(case: Case, part: str) -> Case:
    for pattern, tell in _FACTS:
        match = re.fullmatch(pattern, part)
        if match is not None:
            return tell(case, match)
    raise AssertionError(f"{part!r} cannot be read")


def seconds_of(text: str) -> int:
    """`60 min`, `59:59` or `1 h 5 min` in seconds."""
    if text.endswith(" s"):
        return int(text.removesuffix(" s"))
    if ":" in text:
        minutes, seconds = map(int, text.split(":"))
        return minutes * 60 + seconds
    found = re.fullmatch(r"(?:(\d+) h)? ?(?:([\d.]+) min)?", text)
    assert found, text
    return int(found[1] or 0) * 3600 + round(float(found[2] or 0) * 60)


_PEOPLE = {
    "care manager": (Role.CARE_MANAGER, ANA),
    "ana": (Role.CARE_MANAGER, ANA),
    "ben": (Role.CARE_MANAGER, BEN),
    "consultant": (Role.CONSULTANT, DR_CHO),
    "treating provider": (Role.TREATING_PROVIDER, 14),
}
LENGTH = r"-?\d+:\d\d|\d+ h(?: \d+ min)?|-?[\d.]+ min"
_ENTRY = (
    rf"(?P<length>{LENGTH})(?: by (?P<who>{'|'.join(_PEOPLE)}))?(?: on (?P<on>[\d/]+))?(?: at (?P<at>[\d:]+))?"
    rf"(?: (?P<how>as|held as) (?P<activity>[a-z ]+?))?(?: with (?P<partner>{'|'.join(_PEOPLE)}))?"
    rf"(?: recorded (?P<recorded>[\d/]+))?(?: corrected from (?P<first>{LENGTH}))?(?P<silent> without words)?"
)


def _entry(case: Case, match: re.Match[str]) -> Case:
    number = len(case.facts.entries) + 1
    day = case.day(match["on"]) if match["on"] else case.facts.month.first_day + timedelta(days=number + 1)
    role, member = _PEOPLE[match["who"] or "care manager"]
    changes: dict[str, Any] = {"role": role, "performed_by": member, "recorded_by": member}
    if match["at"]:
        start = datetime.combine(day, time.fromisoformat(match["at"]), tzinfo=UTC)
        changes |= {"started_at": start}
    if match["activity"]:
        changes["activity"] = Activity(match["activity"].replace(" ", "_"))
        changes["activity_source"] = (
            ActivitySource.INFERRED if match["how"] == "held as" else ActivitySource.STATED
        )
    if match["partner"]:
        changes["participants"] = (_PEOPLE[match["partner"]][1],)
    if match["recorded"]:
        keyed = case.day(match["recorded"])
        changes |= {"recorded_on": keyed, "recorded_at": datetime.combine(keyed, time(18), tzinfo=UTC)}
    if match["first"]:
        changes |= {
            "first_seconds": seconds_of(match["first"]),
            "version": 2,
            "corrected_at": datetime.combine(day, time(20), tzinfo=UTC),
        }
    if match["silent"]:
        changes["note_digest"] = ""
    length = match["length"]
    seconds = -seconds_of(length[1:]) if length.startswith("-") else seconds_of(length)
    made = replace(an_entry(number, 1, day), **(changes | {"seconds": seconds}))
    return case.with_facts(entries=(*case.facts.entries, made), consultants=frozenset({DR_CHO}))


def _first_month(case: Case, match: re.Match[str]) -> Case:
    del match
    start = case.facts.month.first_day + timedelta(days=1)
    case = case.with_facts(scores=(a_score(start),))
    return _opened(case, start)


def _opened(case: Case, start: date, **changes: Any) -> Case:
    """The latest episode begun, consented to and assessed on a day."""
    consent = Consent(given_on=start, kind=ConsentKind.VERBAL, recorded_by=ANA, cost_sharing_disclosed=True)
    return case.with_episode(
        enrolled_on=start,
        initial_assessment_on=start,
        consent=consent,
        initiating_visit_on=start - timedelta(days=4),
        **changes,
    )


def _month(case: Case, match: re.Match[str]) -> Case:
    month = BillingMonth.parse(match["month"])
    before = NOVEMBER.plus(-1) if month == NOVEMBER else month.plus(-1)
    case = case.with_facts(
        month=month,
        reviews=(a_review(month.first_day + timedelta(days=9)),),
        scores=(a_score(before.first_day + timedelta(days=4)),),
    )
    return _opened(case, before.first_day + timedelta(days=4))


def _again(case: Case, match: re.Match[str]) -> Case:
    """A further episode."""
    last = case.facts.episodes[-1]
    newer = replace(last, episode_id=last.episode_id + 1, discharged_on=None)
    program = Program(match["program"] or last.program)
    case = case.with_facts(episodes=(*case.facts.episodes, newer))
    return _opened(case, case.day(match["on"]), program=program)


def _practice(case: Case, match: re.Match[str]) -> Case:
    kind = type(getattr(case.practice, match["name"]))
    value: Any = match["value"] == "yes" if kind is bool else kind(match["value"])
    return replace(case, practice=replace(case.practice, **{match["name"]: value}))


def _consent(case: Case, **changes: Any) -> Case:
    consent = case.facts.episodes[-1].consent
    assert consent is not None
    return case.with_episode(consent=replace(consent, **changes))


def _consent_again(case: Case, match: re.Match[str]) -> Case:
    """A new consent after one that was revoked."""
    last = case.facts.episodes[-1]
    assert last.consent is not None
    newer = replace(last.consent, given_on=case.day(match["on"]), revoked_on=None)
    return case.with_episode(consent=newer, earlier_consents=(last.consent, *last.earlier_consents))


def _episode_flag(case: Case, match: re.Match[str]) -> Case:
    return case.with_episode(**{_FLAGS[match["flag"]]: True})


_FLAGS: Mapping[str, str] = {
    "outside therapist": "outside_therapist",
    "enrolled in APCM": "apcm",
    "substance use record": "part2_record",
    "initiating visit needed": "initiating_visit_needed",
}


def _attested(case: Case, match: re.Match[str]) -> Case:
    made = Attestation(
        kind=AttestationKind(match["kind"].replace(" ", "_")),
        attested_by=ANA,
        attested_at=datetime.combine(case.facts.month.plus(1).first_day, time(12), tzinfo=UTC),
    )
    return case.with_facts(attestations=(*case.facts.attestations, made))


def _more(name: str, make: Callable[[Case, re.Match[str]], Any]) -> Callable[[Case, re.Match[str]], Case]:
    """Add one to a tuple of the facts."""
    return lambda case, match: case.with_facts(**{name: (*getattr(case.facts, name), make(case, match))})


def _payer_rule(case: Case, match: re.Match[str]) -> Case:
    return replace(case, payer_fields={**case.payer_fields, match["field"]: match["value"]})


def _practice_time(case: Case, value: str) -> Case:
    kind = type(case.practice.time_rule)
    return replace(case, practice=replace(case.practice, time_rule=kind(value)))


def _known(case: Case, name: str) -> Case:
    payer = payers_of(()).named(name)
    assert payer is not None, f"No rules for {name} ship with the program."
    return replace(case.with_episode(payer=payer.name), payer=payer)


_CLAIM_KINDS = {
    "billing npi": ClaimFactKind.BILLING_NPI,
    "npi": ClaimFactKind.REFERRING_NPI,
    "diagnosis": ClaimFactKind.DIAGNOSIS_CODES,
    "place of service": ClaimFactKind.PLACE_OF_SERVICE,
}


def _claim_change(case: Case, match: re.Match[str]) -> Case:
    """Another value from a day on; what was on file held before."""
    kind = _CLAIM_KINDS[match["kind"]]
    last = case.facts.episodes[-1]
    before = ClaimFact(
        kind=kind, value=text_of(kind, last, case.facts.referring_npi), from_day=last.starts_on
    )
    since = ClaimFact(kind=kind, value=match["value"], from_day=case.day(match["on"]))
    return case.with_facts(claim_facts=(*case.facts.claim_facts, before, since))


def _noted(case: Case, match: re.Match[str]) -> Case:
    """Time with a note and no kind of work: what the note says decides."""
    case = _with(case, match["length"])
    *others, last = case.facts.entries
    kind = kind_of_work(plain_form(match["words"]))
    return case.with_facts(
        entries=(*others, replace(last, activity=kind.activity, activity_source=kind.source))
    )


def _later_payer(case: Case, match: re.Match[str]) -> Case:
    """A payer in force from a day of the month on; one that is known, or one of that name and those rules."""
    rules = dict(part.split("=") for part in (match["rules"] or "").split(", ") if part)
    read = payers_of(()).named(match["name"])
    if read is None:
        read = example_payer({"verified_on": "2026-01-02", **rules}, match["name"])
    return replace(case, later_payers=(*case.later_payers, (case.day(match["on"]), read)))


def _phq9(case: Case, match: re.Match[str]) -> Score:
    recorded = _recorded(case, match)
    return a_score(case.day(match["on"]), int(match["value"]), scale=Scale.PHQ9, recorded_on=recorded)


def _recorded(case: Case, match: re.Match[str]) -> date | None:
    """The day on which something was written down, where that is said."""
    return case.day(match["recorded"]) if match["recorded"] else None


def _review(case: Case, match: re.Match[str]) -> Case:
    review = a_review(case.day(match["on"]), recorded_on=_recorded(case, match))
    return case.with_facts(reviews=(review,))


def _service(case: Case, match: re.Match[str]) -> OtherService:
    who = _PEOPLE[match["who"]][1] if match["who"] else None
    return OtherService(code=match["code"], service_on=case.day(match["on"]), performed_by=who)


def _visit(case: Case, day: date | None) -> Case:
    return case.with_episode(initiating_visit_on=day)


def _stay(case: Case, match: re.Match[str]) -> Admission:
    return Admission(
        admission_id=1,
        patient_id=case.facts.patient_id,
        admitted_on=case.day(match["since"]),
        left_on=case.day(match["on"]),
    )


def _statement(case: Case, match: re.Match[str]) -> Statement:
    kind = StatementKind(match["kind"].replace(" ", "_").replace("-", "_"))
    return statement(kind, case.day(match["on"]))


def _months(text: str) -> tuple[BillingMonth, ...]:
    return tuple(BillingMonth.parse(one.strip()) for one in text.split(" "))


def _active(case: Case, text: str) -> Case:
    return case.with_facts(active_months=_months(text))


def _initial(case: Case, text: str) -> Case:
    return case.with_facts(initial_months=_months(text))


_ON = r"(?P<on>[\d/]+)"
_RECORDED = r"(?: recorded (?P<recorded>[\d/]+))?"
#: What can be said of a month, and how it is taken.
_FACTS: tuple[tuple[str, Callable[[Case, re.Match[str]], Case]], ...] = (
    (_ENTRY, _entry),
    (r"first month", _first_month),
    (r"later month", lambda case, _: case),
    (r"General BHI month", lambda case, _: case.with_episode(program=Program.BHI)),
    (r"not enrolled", lambda case, _: case.with_facts(episodes=())),
    (r"month (?P<month>[\d-]{7})", _month),
    (r"(?P<value>strict|midpoint)", lambda case, match: _practice_time(case, match["value"])),
    (r"practice (?P<name>\w+) (?P<value>\S+)", _practice),
    (r"payer (?P<field>\w+)=(?P<value>.+)", _payer_rule),
    (r"unverified payer", lambda case, _: replace(case, payer_fields={"source": "a letter"})),
    (r"payer without rules", lambda case, _: replace(case, payer_fields={})),
    (
        r"no payer",
        lambda case, _: replace(case.with_episode(payer=""), payer_fields={}),
    ),
    (rf"then (?P<kind>{'|'.join(_CLAIM_KINDS)}) (?P<value>\S+) from {_ON}", _claim_change),
    (rf'(?P<length>{LENGTH}) noted "(?P<words>[^"]+)"', _noted),
    (rf"then payer (?P<name>.+?)(?: with (?P<rules>.+))? from {_ON}", _later_payer),
    (r"payer (?P<name>.+)", lambda case, match: _known(case, match["name"])),
    (rf"review on {_ON}{_RECORDED}", _review),
    (r"no review", lambda case, _: case.with_facts(reviews=())),
    (rf"PHQ-9 (?P<value>\d+) on {_ON}{_RECORDED}", _more("scores", _phq9)),
    (r"no scale", lambda case, _: case.with_facts(scores=())),
    (rf"enrolled {_ON}", lambda case, match: case.with_episode(enrolled_on=case.day(match["on"]))),
    (
        rf"assessed {_ON}{_RECORDED}",
        lambda case, match: case.with_episode(
            initial_assessment_on=case.day(match["on"]), assessment_recorded_on=_recorded(case, match)
        ),
    ),
    (r"not assessed", lambda case, _: case.with_episode(initial_assessment_on=None)),
    (rf"opened {_ON}", lambda case, match: _opened(case, case.day(match["on"]))),
    (rf"discharged {_ON}", lambda case, match: case.with_episode(discharged_on=case.day(match["on"]))),
    (rf"then enrolled(?: in (?P<program>CoCM|BHI))? {_ON}", _again),
    (
        rf"consent on {_ON}{_RECORDED}",
        lambda case, match: _consent(
            case, given_on=case.day(match["on"]), recorded_on=_recorded(case, match)
        ),
    ),
    (r"no consent", lambda case, _: case.with_episode(consent=None)),
    (rf"consent revoked {_ON}", lambda case, match: _consent(case, revoked_on=case.day(match["on"]))),
    (rf"new consent {_ON}", _consent_again),
    (r"cost-sharing not said", lambda case, _: _consent(case, cost_sharing_disclosed=None)),
    (rf"initiating visit {_ON}", lambda case, match: _visit(case, case.day(match["on"]))),
    (r"no initiating visit", lambda case, _: _visit(case, None)),
    (
        r"place of service (?P<place>.+)",
        lambda case, match: case.with_episode(place_of_service=match["place"]),
    ),
    (r"billing npi (?P<npi>\d+)", lambda case, match: case.with_episode(billing_npi=match["npi"])),
    (r"no npi", lambda case, _: case.with_facts(referring_npi="")),
    (r"npi (?P<npi>\d+)", lambda case, match: case.with_facts(referring_npi=match["npi"])),
    (
        r"diagnosis (?P<codes>[\w. ]+)",
        lambda case, match: case.with_episode(diagnosis_codes=tuple(match["codes"].split())),
    ),
    (
        r"no diagnosis",
        lambda case, _: case.with_episode(diagnosis_codes=()).with_facts(problems_recorded=False),
    ),
    (rf"(?P<flag>{'|'.join(_FLAGS)})", _episode_flag),
    (
        rf"stay (?P<since>[\d/]+) to {_ON}",
        _more("admissions", _stay),
    ),
    (
        rf"service (?P<code>\w+) on {_ON}(?: by (?P<who>{'|'.join(_PEOPLE)}))?",
        _more("other_services", _service),
    ),
    (
        r"submitted with (?P<codes>[\w ]+)",
        lambda case, match: case.with_facts(submitted_codes=tuple(match["codes"].split(" "))),
    ),
    (
        rf"statement of (?P<kind>[\w -]+?) {_ON}",
        _more("statements", _statement),
    ),
    (r"attested (?P<kind>[a-z ]+)", _attested),
    (r"time in (?P<months>[\d, -]+)", lambda case, match: _active(case, match["months"])),
    (r"99492 taken in (?P<months>[\d, -]+)", lambda case, match: _initial(case, match["months"])),
    (
        rf"closed {_ON}",
        lambda case, match: case.with_facts(
            closed_at=datetime.combine(case.day(match["on"]), time(15), tzinfo=UTC)
        ),
    ),
)
