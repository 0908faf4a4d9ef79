"""Says what a roster brings: who is new, what changes of whom, who is missing, and who has another patient's name."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import date
from enum import Enum

from billing.episodes import Consent, Episode
from billing.people import Patient
from services.context import Context
from services.imports.plans import Plan, Stretch
from services.imports.wording import LISTED, counted, joined, lines_of, listed, summed_up
from services.people.lookalikes import PersonIndex

#: Facts of a patient, and of a stretch of care, as they are called; what claims are made of is told with its days.
_OF_PATIENT = {
    "mrn": "MRN",
    "first_name": "first name",
    "last_name": "last name",
    "birth_date": "birth date",
    "problems": "problems",
}
#: Those that tell who somebody is.
_WHO = frozenset({"first_name", "last_name", "birth_date"})
_OF_CARE = {
    "program": "program",
    "enrolled_on": "enrolled on",
    "initial_assessment_on": "initial assessment",
    "discharged_on": "discharged on",
    "referred_on": "referred on",
    "initiating_visit_on": "initiating visit",
    "initiating_visit_needed": "initiating visit needed",
    "outside_therapist": "outside therapist",
    "part2_record": "Part 2 record",
    "consent": "consent",
    "assessment_recorded_on": "assessment written down on",
}


def new_patients(plans: Iterable[Plan], *, names: bool = True) -> tuple[str, ...]:
    """A sentence that names the patients who are new, with their lines; without `names` by their MRNs alone."""
    return summed_up("New patients", [_named(one, names=names) for one in plans if one.before is None], ", ")


def changed_patients(
    plans: Sequence[Plan], claims: Mapping[int, Sequence[str]], *, names: bool = True
) -> tuple[str, ...]:
    """A sentence that says what changes of patients on file.

    Args:
        plans: Those that change something.
        claims: What changes of what claims are made of, by line.
        names: Whether patients are named, and what changes of their names is shown.
    """
    said = [
        f"{_named(one, names=names)}: {', '.join(_changes(one, claims, names=names)) or 'care'}"
        for one in plans[:LISTED]
    ]
    if not said:
        return ()
    more = f"; and {len(plans) - LISTED:,} more" if len(plans) > LISTED else ""
    return (f"Changes ({len(plans):,}): {'; '.join(said)}{more}.",)


def missing(context: Context, known: Mapping[str, Patient], plans: Iterable[Plan]) -> tuple[str, ...]:
    """A sentence about patients in care whom the file does not name; nothing is changed of them."""
    named = {one.before.patient_id for one in plans if one.before is not None}
    if not named:
        return ()
    others = {
        one.patient_id: one.mrn for one in known.values() if one.on_roster and one.patient_id not in named
    }
    if not others:
        return ()
    episodes = context.uow.episodes.of_patients(set(others))
    in_care = sorted(
        (mrn for number, mrn in others.items() if _is_in_care(episodes.get(number, ()), context.today)),
        key=str.casefold,
    )
    if not in_care:
        return ()
    are, them = ("is", "this patient") if len(in_care) == 1 else ("are", "them")
    said = (
        f"{counted(len(in_care), 'patient')} in care {are} not in this file: {listed(in_care)}. Nothing is changed of "
        f"{them}. If care has ended, give the day in discharged_on, or type /cocm discharge {in_care[0]}."
    )
    return (said,)


def namesakes(plans: Iterable[Plan], known: Iterable[Patient]) -> tuple[str, ...]:
    """A sentence about new patients with another's name, where no birth date tells whether they are one person."""
    people = PersonIndex(known)
    found: list[str] = []
    for plan in plans:
        if plan.before is not None:
            continue
        alike = [
            one for one in people.namesakes(plan.after) if None in {one.birth_date, plan.after.birth_date}
        ]
        if alike:
            others = joined([one.mrn for one in alike[:LISTED]])
            found.append(f"{plan.after.mrn} ({lines_of(plan.lines[:1])}) and {others}")
        people.add(plan.after)
    if not found:
        return ()
    more = f"; and {len(found) - LISTED:,} more" if len(found) > LISTED else ""
    said = "Same first and last name, and no birth date to tell whether they are one person"
    return (f"{said}: {'; '.join(found[:LISTED])}{more}. If they are: /cocm merge.",)


def _named(plan: Plan, *, names: bool) -> str:
    name = f"{plan.after.first_name} {plan.after.last_name}".strip() if names else ""
    where = lines_of(plan.lines)
    return f"{plan.after.mrn} {name} ({where})" if name else f"{plan.after.mrn} ({where})"


def _is_in_care(episodes: Iterable[Episode], today: date) -> bool:
    return any(one.discharged_on is None or one.discharged_on >= today for one in episodes)


def _changes(plan: Plan, claims: Mapping[int, Sequence[str]], *, names: bool) -> list[str]:
    before = plan.before
    assert before is not None, "only patients on file change"
    said = [
        f"{name} {_said(getattr(before, column))} -> {_said(getattr(plan.after, column))}"
        if names or column not in _WHO
        else name
        for column, name in _OF_PATIENT.items()
        if getattr(before, column) != getattr(plan.after, column)
    ]
    if not before.on_roster:
        said.insert(0, "comes onto the roster")
    told = [text for line in plan.lines for text in claims.get(line, ())]
    if before.referring_npi != plan.after.referring_npi and not any(
        text.startswith("referring NPI") for text in told
    ):
        said.append(f"referring NPI {_said(before.referring_npi)} -> {_said(plan.after.referring_npi)}")
    for stretch in plan.changed:
        said += _changes_of_care(stretch)
    return [*said, *told]


def _changes_of_care(stretch: Stretch) -> Iterable[str]:
    before, after = stretch.before, stretch.after
    if before is None:
        on = f" from {after.enrolled_on}" if after.enrolled_on else ""
        yield f"enrolled in {after.program}{on}"
        return
    for column, name in _OF_CARE.items():
        was, now = getattr(before, column), getattr(after, column)
        if was != now:
            yield f"{name} {_said(was)} -> {_said(now)}"
    if stretch.newcomer:
        yield f"care manager -> {stretch.newcomer}"


def _said(value: object) -> str:
    if isinstance(value, Consent):
        told = [
            f"{name.removesuffix('_on').replace('_', ' ')} {_said(found)}"
            for field in fields(value)
            if (name := field.name) != "recorded_by" and (found := getattr(value, name)) is not None
        ]
        return f"({', '.join(told)})"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Enum):
        return str(value.value)
    return f"{value}" if value not in {None, ""} else "none"
