"""What people do that undo does not take back, beside the acts: merges, closes and memberships, each with its model.

The model is as simple as can be: who was merged into whom and whose entries came with them; the entries of a month when
it was closed; who is a member in which roles.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from random import Random
from typing import Any

from benchmarks.soak.tally import KeptTally
from billing.entries import TimeEntry
from billing.people import Member, MemberRole
from services.care.merging import merge, unmerge
from services.context import Context
from services.entries import log
from services.entries.receipts import Receipt
from services.errors import Refusal
from services.months.addenda import AddendumKind
from services.months.close import freeze_month, reopen_month
from services.months.report import month_report
from services.people import memberships
from services.people.patient_ref import PatientRef
from services.people.requests import RoleEdit
from tests.services.test_acts_matrix import OCTOBER, Scene
from tests.support.practice import TryPractice, asked, draft

#: The MRNs that the acts know.
_KNOWN = ("123", "124", "555", "777")
#: Of whom nobody ever records anything but time, so that they may be merged with anybody.
_STRANGERS = ("801", "802", "803")
_ALL = (*_KNOWN, *_STRANGERS)
_LATE = date(2026, 10, 20)

#: Patient and seconds of each entry that stands.
Placed = dict[int, tuple[int, int]]


def placed(entries: dict[int, TimeEntry]) -> Placed:
    """Whose each entry is, and how long."""
    return {key: (one.patient_id, one.seconds) for key, one in entries.items()}


@dataclass(kw_only=True)
class Merged:
    """A merge that stands."""

    kept: int
    #: The entries that came with it.
    entries: frozenset[int]


@dataclass(kw_only=True)
class Model:
    """What ought to be."""

    #: Merges that stand, by whom nobody is any more.
    merged: dict[int, Merged] = field(default_factory=dict)
    #: October's entries at its last close; None before one.
    frozen: dict[int, TimeEntry] | None = None
    is_closed: bool = False
    #: Seconds by patient at each close of October, the first first.
    closes: list[dict[int, int]] = field(default_factory=list)
    people: dict[int, Member] = field(default_factory=dict)
    #: Whose each entry ever seen was last; one that is void may come back.
    owners: dict[int, int] = field(default_factory=dict)


class Beside:
    """Does one of these things, and holds what the program has against the model.

    Args:
        practice: Where it is done.
        scene: Whose people do it.
        tally: Of what was done.
    """

    def __init__(self, practice: TryPractice, scene: Scene, tally: KeptTally) -> None:
        self._practice = practice
        self._scene = scene
        self._tally = tally
        self.model = Model(people={one.member_id: one for one in (scene.ana, scene.doc, scene.boss)})
        self._ways: tuple[Callable[[Random], str], ...] = (
            self._merges,
            self._takes_apart,
            self._closes,
            self._reopens,
            self._logs_late,
            self._changes_membership,
        )

    def do(self, luck: Random) -> str:
        """One of them; says which."""
        way = luck.choice(self._ways)
        said = way(luck)
        self._tally.met[said] += 1
        return said

    # -- merges ------------------------------------------------------------------------------------------

    def _merges(self, luck: Random) -> str:
        numbers = self._practice.see(_as_written, _ALL)
        gone, kept = luck.sample(sorted(numbers), 2)
        before = self._entries()
        try:
            self._practice.do(merge, self._boss, _ref(gone), _ref(kept), "the same person")
        except Refusal:
            return "merge refused"
        old, into = numbers[gone], self._whose(numbers[kept])
        assert old not in self.model.merged, "somebody was merged twice"
        assert old != into, "somebody was merged into themselves"
        moved = frozenset(key for key, owner in self.model.owners.items() if owner == old)
        wanted = {key: (into if who == old else who, length) for key, (who, length) in placed(before).items()}
        assert placed(self._entries()) == wanted, f"after the merge: {placed(self._entries())} for {wanted}"
        self.model.merged[old] = Merged(kept=into, entries=moved)
        return "merged"

    def _takes_apart(self, luck: Random) -> str:
        numbers = self._practice.see(_as_written, _ALL)
        apart = [one for one in _ALL if numbers.get(one) in self.model.merged] or list(_ALL)
        name = luck.choice(apart)
        before = placed(self._entries())
        found = self.model.merged.get(numbers.get(name, 0))
        try:
            self._practice.do(unmerge, self._boss, _ref(name))
        except Refusal:
            assert found is None or found.kept in self.model.merged, "a merge that stands was not taken apart"
            return "unmerge refused"
        assert found is not None, "somebody was taken apart who had not been merged"
        assert found.kept not in self.model.merged, "somebody was taken out of one who is another"
        old = numbers[name]
        wanted = {
            key: (old if key in found.entries and who == found.kept else who, length)
            for key, (who, length) in before.items()
        }
        assert placed(self._entries()) == wanted, f"taken apart: {placed(self._entries())} for {wanted}"
        del self.model.merged[old]
        return "unmerged"

    def _whose(self, number: int) -> int:
        while number in self.model.merged:
            number = self.model.merged[number].kept
        return number

    # -- closes ------------------------------------------------------------------------------------------

    def _closes(self, luck: Random) -> str:  # noqa: ARG002 - as the others
        stood = self._october()

        def close(context: Context) -> None:
            freeze_month(context, self._boss, OCTOBER, reason="again")
            context.uow.commit()

        try:
            self._practice.do(close)
        except Refusal:
            assert self.model.is_closed, "a month that is open was not closed"
            return "close refused"
        assert not self.model.is_closed, "a month was closed twice"
        self.model.is_closed, self.model.frozen = True, stood
        self.model.closes.append(_sums(stood.values()))
        return "closed"

    def _reopens(self, luck: Random) -> str:  # noqa: ARG002 - as the others
        try:
            self._practice.do(reopen_month, self._boss, OCTOBER, "two reviews came late")
        except Refusal:
            assert not self.model.is_closed, "a month that is closed was not opened"
            return "reopening refused"
        assert self.model.is_closed, "a month that is open was opened"
        self.model.is_closed = False
        return "reopened"

    def _logs_late(self, luck: Random) -> str:
        wanted = asked(luck.choice(_ALL), luck.randint(1, 40), "found on paper", service_date=_LATE)
        before = self._entries().keys()
        try:
            receipt = self._practice.do(log.log, self._ana, draft(wanted))
        except Refusal:
            return "late log refused"
        new = [one for key, one in self._entries().items() if key not in before]
        assert isinstance(receipt, Receipt), receipt
        assert [one.service_date for one in new] == [_LATE] * len(new)
        told = any("addendum" in remark for one in receipt.entries for remark in one.remarks)
        assert not new or told is self.model.is_closed, f"addendum said {told}, closed {self.model.is_closed}"
        return "logged late"

    # -- memberships -------------------------------------------------------------------------------------

    def _changes_membership(self, luck: Random) -> str:
        who = luck.choice(sorted(self.model.people.values(), key=lambda one: one.member_id))
        role = luck.choice((MemberRole.CARE_MANAGER, MemberRole.CONSULTANT, MemberRole.SUPERVISOR))
        what = luck.choice(("end", "renew", "add", "remove"))
        wanted, change = _changed(who, what, role)
        is_last = who.member_id == self._boss.member_id and not wanted.active
        try:
            change(self._practice, self._boss)
        except Refusal:
            is_idle = wanted == who or not wanted.roles or (not who.active and what in {"add", "remove"})
            assert is_idle or is_last, f"{what} was refused"
            return "membership refused"
        assert wanted != who, f"{what} changed nothing, and was done"
        assert not is_last, "the last administrator left"
        self.model.people[who.member_id] = wanted
        self.refresh()
        return "membership changed"

    def refresh(self) -> None:
        """Let people act as who they are now, as each request of theirs does."""
        now = {one.member_id: one for one in self._practice.see(_members)}
        for number, wanted in self.model.people.items():
            found = now[number]
            assert (found.roles, found.active) == (wanted.roles, wanted.active), f"{found}, not {wanted}"
            self.model.people[number] = found
        scene, people = self._scene, self.model.people
        scene.ana, scene.doc, scene.boss = (
            people[one.member_id] for one in (scene.ana, scene.doc, scene.boss)
        )

    # -- what always holds -------------------------------------------------------------------------------

    def agrees(self) -> None:
        """Nobody who is somebody else has time; what was frozen stands; addenda are what differs from it."""
        entries = self._entries()
        self.model.owners |= {key: one.patient_id for key, one in entries.items()}
        assert not (strays := {one.patient_id for one in entries.values()} & self.model.merged.keys()), (
            f"time of {strays}, who were merged"
        )
        for revision, sums in enumerate(self.model.closes, start=1):
            found = self._practice.see(_frozen_sums, revision)
            assert found == sums, f"revision {revision} is {found}, and was closed as {sums}"
        if self.model.is_closed:
            self._addenda_agree()

    def _addenda_agree(self) -> None:
        frozen, now = self.model.frozen or {}, self._october()
        told: dict[AddendumKind, set[int]] = {kind: set() for kind in AddendumKind}
        for one in self._practice.see(month_report, OCTOBER, None).addenda:
            told[one.kind].add(one.entry_id)
        both = frozen.keys() & now.keys()
        assert told[AddendumKind.ADDED] == now.keys() - frozen.keys(), f"added: {told}"
        assert told[AddendumKind.WITHDRAWN] == frozen.keys() - now.keys(), f"withdrawn: {told}"
        moved = {key for key in both if placed(frozen)[key] != placed(now)[key]}
        touched = {key for key in both if frozen[key] != now[key]}
        assert moved <= told[AddendumKind.CORRECTED] <= touched, f"corrected: {told}, {moved}, {touched}"

    # -- who and what ------------------------------------------------------------------------------------

    @property
    def _boss(self) -> Member:
        return self._scene.boss

    @property
    def _ana(self) -> Member:
        return self._scene.ana

    def _entries(self) -> dict[int, TimeEntry]:
        return self._practice.see(_standing, tuple(self.model.merged))

    def _october(self) -> dict[int, TimeEntry]:
        return {key: one for key, one in self._entries().items() if one.service_date in OCTOBER}


def _changed(who: Member, what: str, role: MemberRole) -> tuple[Member, Callable[[TryPractice, Member], Any]]:
    """Who a member ought to be after a change, and the change."""
    number = who.member_id
    if what == "end":
        return replace(who, active=False), lambda here, boss: here.do(memberships.end, boss, number)
    if what == "renew":
        return replace(who, active=True), lambda here, boss: here.do(memberships.renew, boss, number)
    roles = who.roles | {role} if what == "add" else who.roles - {role}
    how = RoleEdit.ADD if what == "add" else RoleEdit.REMOVE
    return (
        replace(who, roles=roles),
        lambda here, boss: here.do(memberships.change_roles, boss, number, frozenset({role}), how),
    )


def _ref(identity: str) -> PatientRef:
    return PatientRef(text=f"MRN{identity}", identity=identity)


def _as_written(context: Context, identities: tuple[str, ...]) -> dict[str, int]:
    found = {one: context.uow.patients.as_written(one) for one in identities}
    return {one: patient.patient_id for one, patient in found.items() if patient is not None}


def _standing(context: Context, merged: tuple[int, ...]) -> dict[int, TimeEntry]:
    """As entries count, whatever their version; of those as well who are somebody else by now."""
    ids = [*(one.patient_id for one in context.uow.patients.all()), *merged]
    found = context.uow.ledger.of_patients(ids, date.min, date.max).values()
    return {one.entry_id: replace(one, version=0) for own in found for one in own}


def _frozen_sums(context: Context, revision: int) -> dict[int, int]:
    lines = context.uow.closes.lines(OCTOBER, revision)
    return _sums(entry for line in lines for entry in line.facts.entries)


def _sums(entries: Any) -> dict[int, int]:
    found: dict[int, int] = {}
    for one in entries:
        found[one.patient_id] = found.get(one.patient_id, 0) + one.seconds
    return found


def _members(context: Context) -> tuple[Member, ...]:
    return context.uow.members.all()
