"""`members`: imports the people of the practice and their roles."""

from dataclasses import dataclass, replace
from datetime import time
from functools import partial

from billing.people import Member, MemberRole
from services.context import Context
from services.imports import readers
from services.imports.cells import Cells
from services.imports.outcome import ImportOutcome, Preview, RowProblem
from services.imports.request import ImportRequest
from services.imports.sheet import read_sheet
from services.imports.storing import PlannedImport, by_line
from services.messages import joining
from services.people.members import administrators

COLUMNS = (
    *("slack_user_id", "display_name", "roles", "time_zone", "digest_at", "credential", "department"),
    "active",
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
    known = context.uow.members.all()
    plans: list[_Plan] = []
    seen: dict[str, int] = {}
    for cells in sheet.cells(problems):
        member = _member(cells)
        if member is None:
            continue
        key = member.slack_user_id or member.display_name.casefold()
        if key in seen:
            cells.refuse(
                "slack_user_id", f"The same member is already on line {seen[key]}. Remove one of the rows."
            )
            continue
        seen[key] = cells.line
        before = _match(known, member)
        active = cells.read("active", readers.yes_no)
        plans.append(_Plan(line=cells.line, before=before, after=_merged(before, member, active=active)))
    problems += _without_administrator(context, plans)
    changed = [plan for plan in plans if plan.before is not None and plan.before != plan.after]
    added = [plan for plan in plans if plan.before is None]
    outcome = ImportOutcome(
        rows=len(sheet.rows),
        readings=sheet.reading.said,
        added=len(added),
        changed=len(changed),
        unchanged=len(plans) - len(added) - len(changed),
        problems=tuple(sorted(problems, key=by_line)),
        remarks=_left(plans),
        preview=_preview(plans),
    )
    steps = [partial(_store, plan=plan) for plan in (*added, *changed)]
    return PlannedImport(kind="members", outcome=outcome, steps=steps)


def _roles(text: str) -> frozenset[MemberRole]:
    role = readers.one_of(MemberRole)
    return frozenset(role(word) for word in readers.words(text))


def _member(cells: Cells) -> Member | None:
    """The member of a row, as the row alone has it; None when it names nobody."""
    name = cells.need("display_name", str)
    roles = cells.need("roles", _roles)
    zone = cells.read("time_zone", readers.zone)
    digest_at: time | None = cells.read("digest_at", readers.wall_time)
    if name is None or roles is None:
        return None
    return Member(
        member_id=0,
        display_name=name,
        roles=roles,
        time_zone=zone,
        slack_user_id=cells.text("slack_user_id").removeprefix("@") or None,
        digest_at=digest_at,
        credential=cells.text("credential"),
        department=cells.text("department"),
    )


def _match(known: tuple[Member, ...], member: Member) -> Member | None:
    """The member already known by that Slack id; else by that name, unless another Slack user goes by it."""
    if member.slack_user_id is not None:
        for other in known:
            if other.slack_user_id == member.slack_user_id:
                return other
    named = [
        other
        for other in known
        if other.display_name.casefold() == member.display_name.casefold()
        and (other.slack_user_id is None or member.slack_user_id is None)
    ]
    return named[0] if len(named) == 1 else None


def _merged(before: Member | None, row: Member, *, active: bool | None) -> Member:
    """A member as the row has them; a row that does not say leaves a membership that ended as it is."""
    if before is None:
        return replace(row, active=active is not False)
    return replace(
        before,
        display_name=row.display_name,
        roles=row.roles,
        time_zone=row.time_zone or before.time_zone,
        slack_user_id=row.slack_user_id or before.slack_user_id,
        digest_at=row.digest_at or before.digest_at,
        credential=row.credential or before.credential,
        department=row.department or before.department,
        active=before.active if active is None else active,
    )


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
    )
    if plan.after.active and plan.after.slack_user_id is not None:
        joining.welcomed(context, plan.after.slack_user_id)


def _preview(plans: list[_Plan]) -> Preview:
    return Preview(
        columns=("Member", "Roles", "Zone", "Becomes"),
        rows=tuple(
            (
                plan.after.display_name,
                " ".join(sorted(plan.after.roles)),
                plan.after.time_zone or "",
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
