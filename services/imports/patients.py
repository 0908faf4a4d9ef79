"""`patients`: imports the roster, each row a patient and one episode of care."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import partial

from billing.claim_facts import ClaimFactKind
from billing.episodes import Episode
from billing.people import MemberRole, Patient
from services.care.claims import Claims, keep
from services.context import Context
from services.imports import care
from services.imports.answers import Answers
from services.imports.care import Care, merged, moves_assessment, read_care, same_stretch
from services.imports.cells import Cells
from services.imports.claim_columns import FROM_COLUMNS, ClaimNews, read_days
from services.imports.outcome import ImportOutcome, Preview, RowProblem
from services.imports.payer_remarks import named_payers
from services.imports.plans import Plan, Row, Stretch, add_claims
from services.imports.request import ImportRequest
from services.imports.roster import Newcomers, not_meant
from services.imports.sheet import read_sheet
from services.imports.storing import PlannedImport, Step, by_line
from services.imports.team import Team
from services.imports.values import codes
from services.imports.values.mrns import read_mrn
from services.people.lookalikes import Likeness

#: What a row says of the patient, before the column of their care that it stands before.
_OWN = {
    "program": ("mrn", "first_name", "last_name"),
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
_NO_DAY = date.min


def load(context: Context, request: ImportRequest) -> PlannedImport:
    """Add the patients of a roster and bring those known up to date; empty cells keep what is stored.

    A patient known from chat comes onto the roster. A row about an enrollment day that is not on file adds a
    further stretch of care once the last one has ended. A new MRN much like one on file is refused until
    an answer names it.
    """
    sheet = read_sheet(request, COLUMNS, NEEDED)
    problems, warnings = list(sheet.problems), list[RowProblem]()
    team, news = Team(context), ClaimNews(context, context.today)
    mrns = partial(read_mrn, pattern=context.settings.mrn_pattern)
    rows = _read(sheet.cells(problems, warnings), team, context.uow.patients.aliases(), mrns)
    known = context.uow.patients.all()
    problems += _slips(rows, known, request.answers)
    plans = _plan(context, rows, {patient.identity: patient for patient in known}, team, news, warnings)
    became = [plan.becomes for plan in plans]
    outcome = ImportOutcome(
        rows=len(sheet.rows),
        readings=sheet.reading.said,
        added=became.count("new"),
        changed=became.count("changed"),
        unchanged=became.count("as it is"),
        problems=tuple(sorted(problems, key=by_line)),
        warnings=tuple(sorted((*warnings, *news.warnings), key=by_line)),
        remarks=(*team.introductions, *news.remarks, *_payers(context, plans)),
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
    return PlannedImport(kind="patients", outcome=outcome, steps=steps)


def _payers(context: Context, plans: Iterable[Plan]) -> tuple[str, ...]:
    """What is to be said of the payers that the file names."""
    return named_payers(context, (one.after.payer for plan in plans for one in plan.changed))


def _read(
    rows: Iterable[Cells], team: Team, aliases: Mapping[str, Patient], mrn_of: Callable[[str], str]
) -> dict[str, list[Row]]:
    """The rows by patient, the oldest stretch of care first; an MRN that was merged is refused."""
    found: dict[str, list[Row]] = {}
    for cells in rows:
        mrn, identity = cells.text("mrn"), cells.need("mrn", mrn_of)
        care, days = read_care(cells), read_days(cells)
        if care is not None and care.care_manager:
            cells.read("care_manager", lambda words: team.expect(words, MemberRole.CARE_MANAGER))
        if identity is None:
            continue
        if identity in aliases:
            cells.refuse(
                "mrn",
                f"{mrn} was merged into {aliases[identity].mrn}. Use that MRN, or take the merge apart.",
            )
            continue
        patient = Patient(
            patient_id=0,
            handle="",
            mrn=mrn,
            identity=identity,
            first_name=cells.text("first_name"),
            last_name=cells.text("last_name"),
            referring_npi=codes.npi(cells.text("referring_npi")),
            problems=cells.text("problems"),
        )
        why = codes.why_no_npi(patient.referring_npi) if patient.referring_npi else ""
        if why:
            cells.warn("referring_npi", why)
        earlier = found.setdefault(identity, [])
        twin = next((row for row in earlier if _enrollment(row.care) == _enrollment(care)), None)
        if twin is not None:
            cells.refuse(
                "mrn",
                f"{mrn} is already on line {twin.line}, with the same enrolled_on. Remove one of the rows.",
            )
            continue
        earlier.append(Row(line=cells.line, patient=patient, care=care, days=days))
    for own in found.values():
        own.sort(key=lambda row: _enrollment(row.care))
    return found


def _enrollment(care: Care | None) -> date:
    return (care and care.enrolled_on) or _NO_DAY


def _slips(rows: dict[str, list[Row]], known: Collection[Patient], answers: Answers) -> Iterator[RowProblem]:
    """New MRNs that may be a slip for a patient on file.

    Typos are told from neighbors by what else the file says: it names the other patient as well, or another name.
    """
    newcomers = Newcomers(known, answers)
    on_file = {patient.identity for patient in known}
    for identity, own in rows.items():
        if identity in on_file:
            continue
        row = own[0]
        near = next(
            (
                one
                for one in newcomers.near(identity)
                if one.differs_by is not Likeness.TYPO
                or not (one.patient.identity in rows or _is_named_otherwise(row.patient, one.patient))
            ),
            None,
        )
        if near is not None:
            yield RowProblem(line=row.line, column="mrn", message=not_meant(row.patient.mrn, near))


def _is_named_otherwise(one: Patient, other: Patient) -> bool:
    names = [
        (one.first_name.casefold(), other.first_name.casefold()),
        (one.last_name.casefold(), other.last_name.casefold()),
    ]
    return any(first and second and first != second for first, second in names)


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
        plan = Plan(before=before, after=before or replace(own[0].patient, referring_npi=""))
        stored = episodes.get(before.patient_id, ()) if before else ()
        plan.stretches = [Stretch(before=episode, after=episode) for episode in stored]
        said: list[tuple[Row, Stretch | None]] = []
        for row in own:
            plan.after = _brought_up_to_date(plan.after, row.patient)
            care = row.care
            stretch = _add_care(plan, care, row.line, team, warnings) if care is not None else None
            said.append((row, stretch))
        add_claims(plan, said, dated.get(before.patient_id, ()) if before else (), team, news)
        plans.append(plan)
    return plans


def _brought_up_to_date(patient: Patient, row: Patient) -> Patient:
    return replace(
        patient,
        mrn=row.mrn,
        on_roster=True,
        first_name=row.first_name or patient.first_name,
        last_name=row.last_name or patient.last_name,
        problems=row.problems or patient.problems,
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
