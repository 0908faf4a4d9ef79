"""`members`: imports the people of the practice and their roles."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import time
from functools import partial

from billing.people import Member, MemberRole
from services.context import Context
from services.imports import readers
from services.imports.cells import Cells
from services.imports.member_match import MemberMatch
from services.imports.outcome import ImportOutcome, Preview, RowProblem
from services.imports.questions import settle
from services.imports.request import ImportRequest
from services.imports.role_words import read_roles
from services.imports.sheet import read_sheet
from services.imports.storing import PlannedImport, by_line
from services.imports.team import IMPORTER
from services.imports.values import names
from services.imports.values.persons import person_name
from services.imports.values.shown import refuse_unseen
from services.imports.wording import lines_of, summed_up
from services.messages import joining, leaving
from services.people.departures import Why
from services.people.members import administrators
from services.people.names import is_slack_id, read_email, read_name

COLUMNS = (
    *("slack_user_id", "display_name", "roles", "time_zone", "digest_at", "credential", "department"),
    *("active", "email"),
)
NEEDED = ("display_name", "roles")

_PREVIEWED = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    """A row, and the member it becomes."""

    line: int
    before: Member | None
    after: Member


def load(context: Context, request: ImportRequest) -> PlannedImport:
    """Add the members of a file, and bring those known up to date; empty cells keep what is stored."""
    sheet = read_sheet(request, COLUMNS, NEEDED)
    problems = list(sheet.problems)
    match = MemberMatch(context.uow.members.all(), request.answers)
    plans: list[_Plan] = []
    for cells in sheet.cells(problems):
        member = _member(cells)
        active = cells.read("active", readers.yes_no)
        if member is None:
            continue
        can_be_taken, before = match.before(cells, member)
        if can_be_taken:
            plans.append(_Plan(line=cells.line, before=before, after=_merged(before, member, active=active)))
    problems += [*_shared(plans), *_without_administrator(context, plans)]
    changed = [plan for plan in plans if plan.before is not None and plan.before != plan.after]
    added = [plan for plan in plans if plan.before is None]
    outcome = ImportOutcome(
        rows=len(sheet.rows),
        readings=sheet.reading.said,
        added=len(added),
        changed=len(changed),
        unchanged=len(plans) - len(added) - len(changed),
        problems=tuple(sorted(problems, key=by_line)),
        remarks=(*sheet.remarks, *_left(plans)),
        news=_news(plans),
        preview=_preview(plans),
    )
    steps = [partial(_store, plan=plan) for plan in (*added, *changed)]
    return PlannedImport(kind="members", outcome=settle(outcome, match.inquiry), steps=steps)


def _member(cells: Cells) -> Member | None:
    """The member of a row, as the row alone has it; None when it names nobody."""
    name = cells.need("display_name", _name)
    roles = cells.need("roles", read_roles)
    zone = cells.read("time_zone", readers.zone)
    digest_at: time | None = cells.read("digest_at", readers.wall_time)
    if name is None or roles is None:
        return None
    return Member(
        member_id=0,
        display_name=name,
        roles=roles,
        time_zone=zone,
        slack_user_id=cells.read("slack_user_id", _slack_id),
        digest_at=digest_at,
        credential=cells.text("credential"),
        department=cells.text("department"),
        email=cells.read("email", _email),
    )


def _name(text: str) -> str:
    if text.casefold() == IMPORTER.casefold():
        raise ValueError(f"{text!r} is the name of the import itself. Write the person's.")
    return person_name(names.name(text))


def _email(text: str) -> str:
    refuse_unseen(text, "the address")
    return read_email(text)


def _slack_id(text: str) -> str:
    """A Slack user id; a name is none, and would be nobody in Slack."""
    bare = text.removeprefix("@").upper()
    if not is_slack_id(bare):
        raise ValueError(
            f"{text!r} is not a Slack user id. In Slack, open the person's profile, the three dots, Copy member ID: it "
            "reads like U012ABCDE. Leave the cell empty for somebody who is not in Slack."
        )
    return bare


def _merged(before: Member | None, row: Member, *, active: bool | None) -> Member:
    """A member as the row has them; a row that does not say leaves a membership that ended as it is."""
    if before is None:
        return replace(row, active=active is not False)
    return replace(
        before,
        display_name=_better_name(before.display_name, row.display_name),
        roles=row.roles,
        time_zone=row.time_zone or before.time_zone,
        slack_user_id=row.slack_user_id or before.slack_user_id,
        digest_at=row.digest_at or before.digest_at,
        credential=row.credential or before.credential,
        department=row.department or before.department,
        email=row.email or before.email,
        active=before.active if active is None else active,
    )


def _better_name(stored: str, said: str) -> str:
    """The name that is kept: another spelling of the same, such as `FLORES, Ana, LCSW`, changes nothing."""
    is_same = read_name(stored).words == read_name(said).words != ()
    only_case = stored.casefold() == said.casefold() and not (said.isupper() or said.islower())
    return stored if is_same and not only_case else said


def _shared(plans: list[_Plan]) -> Iterator[RowProblem]:
    """Rows that give a member what a row further up gave another one, and only one can have."""
    for column in ("slack_user_id", "email"):
        given: dict[str, _Plan] = {}
        for plan in plans:
            value: str | None = getattr(plan.after, column)
            first = given.setdefault(value, plan) if value is not None else plan
            if first is not plan:
                message = (
                    f"{value} is {first.after.display_name}'s, on line {first.line}. Correct one of the two."
                )
                yield RowProblem(line=plan.line, column=column, message=message)


def _without_administrator(context: Context, plans: list[_Plan]) -> list[RowProblem]:
    """Rows that take the practice's last administrator away."""
    if context.settings.admins:
        return []
    was = {one.member_id for one in administrators(context)}
    left = set(was)
    for plan in plans:
        if not (plan.after.active and MemberRole.ADMIN in plan.after.roles):
            left -= {plan.after.member_id}
        elif plan.before is None:
            return []
        else:
            left.add(plan.after.member_id)
    if left or not was:
        return []
    message = "That leaves the practice without an administrator. Keep one, or name another in the same file."
    lost = [plan for plan in plans if plan.after.member_id in was]
    return [
        RowProblem(line=plan.line, column="roles" if plan.after.active else "active", message=message)
        for plan in lost
    ]


def _news(plans: list[_Plan]) -> tuple[str, ...]:
    """Sentences that name who is new, and what changes of whom, by line."""
    new = [f"{one.after.display_name} ({lines_of([one.line])})" for one in plans if one.before is None]
    changed = [
        f"{one.before.display_name} ({lines_of([one.line])}): {said}"
        for one in plans
        if one.before is not None and (said := _changes(one.before, one.after))
    ]
    return (*summed_up("New members", new, ", "), *summed_up("Changes", changed, "; "))


def _changes(before: Member, after: Member) -> str:
    """What changes of a member: `roles biller -> biller admin, e-mail ana@clinic.org`."""
    return ", ".join(
        f"{name} {_said(getattr(before, column))} -> {_said(getattr(after, column))}"
        for column, name in _NAMES.items()
        if getattr(before, column) != getattr(after, column)
    )


def _said(value: object) -> str:
    if isinstance(value, frozenset):
        return " ".join(sorted(value)) or "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:%H:%M}" if isinstance(value, time) else f"{value}" if value else "none"


#: What changes of a member are called.
_NAMES = {
    "display_name": "name",
    "slack_user_id": "Slack user",
    "roles": "roles",
    "time_zone": "zone",
    "digest_at": "digest at",
    "credential": "credential",
    "department": "department",
    "email": "e-mail",
    "active": "active",
}


def _left(plans: list[_Plan]) -> tuple[str, ...]:
    """A sentence about members whose membership ended, and whom the file does not call active again."""
    names = [plan.after.display_name for plan in plans if plan.before is not None and _stays_ended(plan)]
    if not names:
        return ()
    return (f"Their membership ended and stays so: {', '.join(names)}. To renew it, write yes in active.",)


def _stays_ended(plan: _Plan) -> bool:
    return plan.before is not None and not plan.before.active and not plan.after.active


def _store(context: Context, *, plan: _Plan) -> None:
    if plan.before is not None:
        context.uow.members.update(plan.after)
        if plan.before.active and not plan.after.active:
            leaving.tell(context, plan.after, Why.FILE)
        return
    context.uow.members.add(
        display_name=plan.after.display_name,
        roles=plan.after.roles,
        slack_user_id=plan.after.slack_user_id,
        time_zone=plan.after.time_zone,
        digest_at=plan.after.digest_at,
        credential=plan.after.credential,
        department=plan.after.department,
        active=plan.after.active,
        email=plan.after.email,
    )
    if plan.after.active and plan.after.slack_user_id is not None:
        joining.welcomed(context, plan.after.slack_user_id)


def _preview(plans: list[_Plan]) -> Preview:
    return Preview(
        columns=("Member", "Roles", "Zone", "E-mail", "Becomes"),
        rows=tuple(
            (
                plan.after.display_name,
                " ".join(sorted(plan.after.roles)),
                plan.after.time_zone or "",
                plan.after.email or "",
                _becomes(plan),
            )
            for plan in plans[:_PREVIEWED]
        ),
    )


def _becomes(plan: _Plan) -> str:
    if plan.before is None:
        return "new" if plan.after.active else "new, ended"
    if plan.before.active != plan.after.active:
        return "renewed" if plan.after.active else "ended"
    return "changed" if plan.before != plan.after else "as it is"
