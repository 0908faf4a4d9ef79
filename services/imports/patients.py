"""`patients`: imports the roster, each row a patient and one episode of care."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import partial

from billing.claim_facts import ClaimFactKind
from billing.episodes import Episode
from billing.people import Patient
from services.care.claims import Claims, keep
from services.context import Context
from services.imports import care
from services.imports.care import Care, merged, moves_assessment, same_stretch
from services.imports.claim_columns import FROM_COLUMNS, ClaimNews
from services.imports.file_payers import FilePayers
from services.imports.outcome import ImportOutcome, Preview, RowProblem
from services.imports.payer_remarks import named_payers
from services.imports.plans import Plan, Row, Stretch, add_claims
from services.imports.questions import settle
from services.imports.request import ImportRequest
from services.imports.roster import Newcomers
from services.imports.roster_news import changed_patients, missing, namesakes, new_patients
from services.imports.roster_rows import OnFile, read_rows, slips
from services.imports.sheet import read_sheet
from services.imports.storing import PlannedImport, Step, by_line
from services.imports.team import Team

#: What a row says of the patient, before the column of their care that it stands before.
_OWN = {
    "program": ("mrn", "first_name", "last_name", "birth_date"),
    "care_manager": ("referring_npi",),
    "discharged_on": ("problems",),
}
COLUMNS = (
    *(name for column in care.COLUMNS for name in (*_OWN.get(column, ()), column)),
    *FROM_COLUMNS,
)
NEEDED = ("mrn",)

_PREVIEWED = 10
#: New patients stored between two words of progress.
_BATCH = 1_000


def load(context: Context, request: ImportRequest) -> PlannedImport:
    """Add the patients of a roster and bring those known up to date; empty cells keep what is stored.

    A patient known from chat comes onto the roster. A row about an enrollment day that is not on file adds a
    further stretch of care once the last one has ended. A new MRN much like one on file is refused until
    an answer names it.
    """
    sheet = read_sheet(request, COLUMNS, NEEDED)
    problems, warnings = list(sheet.problems), list[RowProblem]()
    team, news = Team(context, request.answers), ClaimNews(context, context.today)
    on_file = OnFile(
        known={patient.identity: patient for patient in context.uow.patients.all()},
        aliases=context.uow.patients.aliases(),
        mrn_pattern=context.settings.mrn_pattern,
    )
    newcomers = Newcomers(tuple(on_file.known.values()), request.answers)
    payers = FilePayers(context, request.answers)
    rows = read_rows(sheet.cells(problems, warnings), on_file, team, newcomers, payers)
    problems += slips(rows, on_file, newcomers)
    plans = _plan(context, rows, on_file.known, team, news, warnings)
    became = [plan.becomes for plan in plans]
    outcome = ImportOutcome(
        rows=len(sheet.rows),
        readings=sheet.reading.said,
        added=became.count("new"),
        changed=became.count("changed"),
        unchanged=became.count("as it is"),
        problems=tuple(sorted(problems, key=by_line)),
        warnings=tuple(sorted((*warnings, *news.warnings), key=by_line)),
        remarks=(
            *sheet.remarks,
            *team.introductions,
            *news.remarks,
            *_payers(context, plans),
            *namesakes(plans, on_file.known.values()),
            # Who is asked about, or cannot be read, may be one of them.
            *(() if problems else missing(context, on_file.known, plans)),
        ),
        news=(
            *new_patients(plans, names=request.names),
            *changed_patients(
                [one for one in plans if one.becomes == "changed"], news.changes, names=request.names
            ),
        ),
        preview=_preview(plans),
    )
    new = [plan for plan in plans if plan.before is None]
    steps: list[Step] = [team.welcome]
    steps += [
        partial(_store_new, team=team, plans=new[start : start + _BATCH])
        for start in range(0, len(new), _BATCH)
    ]
    steps += [
        partial(_store_changed, team=team, plan=plan)
        for plan, word in zip(plans, became, strict=True)
        if word == "changed"
    ]
    outcome = settle(outcome, team.inquiry, newcomers.inquiry, payers.inquiry)
    return PlannedImport(kind="patients", outcome=outcome, steps=steps)


def _payers(context: Context, plans: Iterable[Plan]) -> tuple[str, ...]:
    """What is to be said of the payers that the file names."""
    return named_payers(context, (one.after.payer for plan in plans for one in plan.changed))


def _plan(
    context: Context,
    rows: dict[str, list[Row]],
    known: Mapping[str, Patient],
    team: Team,
    news: ClaimNews,
    warnings: list[RowProblem],
) -> list[Plan]:
    stored_ids = {known[identity].patient_id for identity in rows if identity in known}
    episodes = context.uow.episodes.of_patients(stored_ids)
    dated = context.uow.claim_facts.of_patients(stored_ids, date.min, date.max)
    plans: list[Plan] = []
    for identity, own in rows.items():
        before = known.get(identity)
        plan = Plan(
            before=before,
            after=before or replace(own[0].patient, referring_npi=""),
            lines=tuple(row.line for row in own),
        )
        stored = episodes.get(before.patient_id, ()) if before else ()
        plan.stretches = [Stretch(before=episode, after=episode) for episode in stored]
        said: list[tuple[Row, Stretch | None]] = []
        for row in own:
            plan.after = _brought_up_to_date(plan.after, row)
            care = row.care
            about = care is not None and (care.says_more or bool(plan.stretches))
            stretch = _add_care(plan, care, row.line, team, warnings) if care is not None and about else None
            said.append((row, stretch))
        add_claims(plan, said, dated.get(before.patient_id, ()) if before else (), team, news)
        plans.append(plan)
    return plans


def _brought_up_to_date(patient: Patient, row: Row) -> Patient:
    said = row.patient
    return replace(
        patient,
        mrn=said.mrn,
        on_roster=True,
        first_name=said.first_name or patient.first_name,
        last_name=said.last_name or patient.last_name,
        problems="" if "problems" in row.cleared else said.problems or patient.problems,
        birth_date=said.birth_date or patient.birth_date,
    )


def _add_care(plan: Plan, care: Care, line: int, team: Team, warnings: list[RowProblem]) -> Stretch:
    found = same_stretch(care, [one.after for one in plan.stretches])
    stretch = next((one for one in plan.stretches if one.after is found), None)
    manager = team.find(care.care_manager) if care.care_manager else None
    if stretch is None:
        stretch = Stretch(before=None, after=Episode(episode_id=0, patient_id=plan.after.patient_id))
        plan.stretches.append(stretch)
    elif moves_assessment(care, stretch.after):
        warnings.append(
            RowProblem(
                line=line,
                column="initial_assessment_on",
                message=(
                    "An earlier initial assessment is on file and is kept: a later one does not move the initial "
                    "month."
                ),
            )
        )
    stretch.after = merged(care, stretch.after)
    stretch.newcomer = care.care_manager if care.care_manager and manager is None else ""
    return stretch


def _store_new(context: Context, *, team: Team, plans: Sequence[Plan]) -> None:
    added = context.uow.patients.add_many([plan.after for plan in plans])
    context.uow.episodes.add_many(
        _episode(stretch, patient, team)
        for plan, patient in zip(plans, added, strict=True)
        for stretch in plan.stretches
    )
    dated = [
        fact
        for plan, patient in zip(plans, added, strict=True)
        if plan.claims is not None
        for fact in plan.claims.rows(patient.patient_id)[1]
    ]
    if dated:
        context.uow.claim_facts.add_many(dated)


def _store_changed(context: Context, *, team: Team, plan: Plan) -> None:
    if plan.before != plan.after:
        context.uow.patients.update(plan.after)
    newcomers: list[tuple[Stretch, Episode]] = []
    for stretch in plan.changed:
        episode = _episode(stretch, plan.after, team)
        if stretch.newcomer:
            episode = replace(episode, care_manager=stretch.after.care_manager)
        if stretch.before is None:
            episode = context.uow.episodes.add(episode)
        elif stretch.before != episode:
            context.uow.episodes.update(episode)
        if stretch.newcomer:
            newcomers.append((stretch, episode))
    if plan.claims is not None:
        keep(context.uow, plan.claims, plan.after.patient_id, by=None, at=context.now)
    for stretch, episode in newcomers:
        _assign_newcomer(context, team, plan, stretch, episode)


def _assign_newcomer(context: Context, team: Team, plan: Plan, stretch: Stretch, episode: Episode) -> None:
    """A care manager whom the file is the first to name has a number only now."""
    manager = team.find(stretch.newcomer)
    assert manager is not None, "newcomers are members by now"
    patient_id = plan.after.patient_id
    episodes = context.uow.episodes.of_patient(patient_id)
    claims = Claims(context.uow.claim_facts.of_patient(patient_id), episodes, plan.after.referring_npi)
    later = [one.starts_on for one in episodes if one.starts_on > episode.starts_on]
    usual = max(context.today, episode.starts_on) if stretch.before is not None else episode.starts_on
    claims.say(
        ClaimFactKind.CARE_MANAGER,
        str(manager.member_id),
        usual=usual,
        asked=stretch.newcomer_from,
        until=min(later, default=None),
    )
    after = claims.episode(episode)
    if after != episode:
        context.uow.episodes.update(after)
    keep(context.uow, claims, patient_id, by=None, at=context.now)


def _episode(stretch: Stretch, patient: Patient, team: Team) -> Episode:
    """A stretch of care as it is stored: under its patient's number, and its care manager's."""
    episode = replace(stretch.after, patient_id=patient.patient_id)
    newcomer = team.find(stretch.newcomer) if stretch.newcomer else None
    return episode if newcomer is None else replace(episode, care_manager=newcomer.member_id)


def _preview(plans: list[Plan]) -> Preview:
    return Preview(
        columns=("MRN", "Name", "Payer", "Initial assessment", "Consent", "Becomes"),
        rows=tuple(_shown(plan) for plan in plans[:_PREVIEWED]),
    )


def _shown(plan: Plan) -> tuple[str, ...]:
    episode = plan.stretches[-1].after if plan.stretches else None
    consent = episode.consent if episode else None
    return (
        plan.after.mrn,
        f"{plan.after.first_name} {plan.after.last_name}".strip(),
        episode.payer if episode else "not enrolled",
        f"{episode.initial_assessment_on or ''}" if episode else "",
        f"{consent.given_on}" if consent else "",
        plan.becomes,
    )
