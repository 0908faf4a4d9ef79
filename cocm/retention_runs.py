"""Carries out the commands about for how long notes are kept, and prints what they found."""

from datetime import date

from billing.people import Patient
from bot.screens.phrases import count
from bot.screens.settings import full_day
from cocm.offline import offline_practice
from cocm.practice_runs import draw, print_json
from cocm.terminal import out
from services.context import Context
from services.people.members import acting
from services.people.mrns import identity_of_mrn
from services.people.patient_ref import PatientRef
from services.practice import retention
from services.practice.retention import NOTICE, HeldPatient, Outlook


def show(*, as_json: bool) -> None:
    """Print what would go, and when."""
    with offline_practice(migrates=False) as practice:
        found = practice.read(retention.outlook)
    if as_json:
        print_json(_as_json(found))
        return
    for sentence in _sentences(found):
        out.print(sentence, markup=False)
    if found.months:
        draw(
            ("Month", "Notes", "On hold", "What becomes of them"),
            [
                (
                    str(one.month),
                    f"{one.notes:,}",
                    f"{one.held:,}",
                    "go" if one.is_closed else "stay: not closed",
                )
                for one in found.months
            ],
            frozenset({"Notes", "On hold"}),
        )
    for held in found.holds:
        out.print(_hold_line(held), markup=False)


def put_on_hold(mrn: str, reason: str, by: str) -> None:
    """Keep a patient's notes whatever their age."""

    def carry_out(context: Context) -> Patient:
        return retention.hold(context, acting(context, by), _ref(mrn), reason)

    with offline_practice() as practice:
        patient = practice.write(carry_out)
    out.print(
        f"The notes of {patient.mrn} ({patient.handle}) are on hold: none is removed, whatever its age. To end that: "
        f"cocm retention release {patient.mrn} --by NAME",
        markup=False,
    )


def end_hold(mrn: str, by: str) -> None:
    """End the hold on a patient's notes."""

    def carry_out(context: Context) -> Patient:
        return retention.release(context, acting(context, by), _ref(mrn))

    with offline_practice() as practice:
        patient = practice.write(carry_out)
    out.print(f"The notes of {patient.mrn} ({patient.handle}) are no longer on hold.", markup=False)


def _sentences(found: Outlook) -> list[str]:
    said = []
    if found.years is None:
        said.append(
            "Notes are kept forever. An administrator may set for how long: cocm settings set keep_notes_years 10"
        )
    else:
        said.append(f"Notes are kept for {found.years} years.")
    if found.announced is not None:
        said.append(
            f"Administrators got a message on {_day(found.announced.announced_at.date())}: "
            f"{count(found.notes, 'note')} from before {_day(found.announced.before)} will be removed on "
            f"{_day(found.announced.due_on)}."
        )
    elif found.years is not None:
        said.append(
            f"{count(found.notes, 'note')} from before {_day(found.before)} would go, {NOTICE.days} days after "
            "a message to administrators."
            if found.before is not None and found.notes
            else "None is older than that in a closed month."
        )
    said += [
        f"Removed before: {count(one.notes or 0, 'note')} from before {_day(one.before)}"
        + (f", ended on {_day(one.ended_at.date())}." if one.ended_at else ".")
        for one in found.done
    ]
    return said


def _hold_line(held: HeldPatient) -> str:
    by = f" by {held.by.display_name}" if held.by else ""
    return (
        f"On hold: {held.patient.mrn} ({held.patient.handle}) since {_day(held.hold.held_at.date())}{by}: "
        f"{held.hold.reason}"
    )


def _as_json(found: Outlook) -> dict[str, object]:
    announced = found.announced
    return {
        "keep_notes_years": found.years,
        "before": found.before.isoformat() if found.before else None,
        "notes": found.notes,
        "due_on": announced.due_on.isoformat() if announced else None,
        "months": [
            {"month": str(one.month), "notes": one.notes, "held": one.held, "closed": one.is_closed}
            for one in found.months
        ],
        "holds": [
            {"mrn": held.patient.mrn, "since": held.hold.held_at.isoformat(), "reason": held.hold.reason}
            for held in found.holds
        ],
        "removed": [
            {"before": one.before.isoformat(), "notes": one.notes, "years": one.years} for one in found.done
        ],
    }


def _day(day: date) -> str:
    return full_day(day)


def _ref(mrn: str) -> PatientRef:
    return PatientRef(text=mrn, identity=identity_of_mrn(mrn))
