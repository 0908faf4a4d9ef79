"""What every use case is given: the unit of work, the present instant and the practice's settings."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType
from typing import Concatenate, Literal, ParamSpec, TypeVar, cast
from zoneinfo import ZoneInfo

from billing.months import BillingMonth
from billing.people import Member
from billing.practice_settings import rules_in_force
from billing.rules import PracticeRules
from services.clock import Clock
from services.once import run as once
from services.once.steps import Step
from services.reads import Reader, Reads, Times, record
from services.zones import zone_of
from storage import Database, StorageError, UnitOfWork

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class PracticeSettings:
    """What the practice decided once, and every use case reads."""

    zone: ZoneInfo
    #: What holds where nothing is set: use cases ask `Context.rules_of`.
    rules: PracticeRules = field(default_factory=PracticeRules)
    #: Settings of the practice that the environment gives, by name, with the variable that does.
    from_environment: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    near_minutes: int = 15
    backdate_days: int = 62
    max_entry_hours: int = 8
    max_day_hours: int = 16
    #: What becomes of people in Slack whom nobody named: an administrator is asked, nothing, or care managers.
    unknown_member: Literal["ask", "refuse", "welcome"] = "ask"
    unknown_patient: Literal["accept", "refuse"] = "accept"
    #: The practice's own form of an MRN, a regular expression; None is the built-in one.
    mrn_pattern: str | None = None
    #: Whether there is a channel that is sent the month end.
    has_billing_channel: bool = False
    #: Slack user ids that are administrators whatever the member list says.
    admins: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """Handed to every use case as its first argument."""

    uow: UnitOfWork
    #: Aware, UTC.
    now: datetime
    settings: PracticeSettings

    @property
    def today(self) -> date:
        """The local date it is for the practice."""
        return self.now.astimezone(self.settings.zone).date()

    def rules_of(self, month: BillingMonth) -> PracticeRules:
        """The practice's rules by which a month is judged: those in force on its last day (R-118)."""
        return rules_in_force(self.settings.rules, self.uow.setting_changes.all(), month.last_day)

    def rules_on(self, day: date) -> PracticeRules:
        """The practice's rules by which work of a local date is judged: those of its month."""
        return self.rules_of(BillingMonth.of(day))

    @property
    def days_off(self) -> frozenset[date]:
        """Days on which the practice is closed, besides weekends and federal holidays."""
        return self.settings.rules.days_off

    def zone_of(self, member: Member) -> ZoneInfo:
        """The member's own zone, or the practice's."""
        return zone_of(member, self.settings.zone)

    def today_of(self, member: Member) -> date:
        """The local date it is for the member."""
        return self.now.astimezone(self.zone_of(member)).date()


class Practice:
    """Runs use cases for one tenant: each gets a context of its own, and one visible commit."""

    def __init__(self, database: Database, clock: Clock, settings: PracticeSettings, tenant_id: int) -> None:
        self.database = database
        self.clock = clock
        self.settings = settings
        self.tenant_id = tenant_id
        self._after_write: list[Callable[[Member], None]] = []
        #: Who was shown what, until it is written.
        self.reads = Reads()

    def after_write(self, listener: Callable[[Member], None]) -> None:
        """Have a listener hear who has just done something that may have stored something; it must not block."""
        self._after_write.append(listener)

    def context(self, uow: UnitOfWork) -> Context:
        """The context of a use case at the present instant."""
        return Context(uow=uow, now=self.clock.now(), settings=self.settings)

    async def write(
        self, use_case: Callable[Concatenate[Context, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run a use case that stores; returns once what it committed is durable.

        For a delivery that was carried out before, what it gave then; nothing is done.
        """

        def work(uow: UnitOfWork) -> T:
            return use_case(self.context(uow), *args, **kwargs)

        run = once.current()
        if run is None:
            done = await self.database.writing(work, tenant_id=self.tenant_id)
        else:
            step = run.step(use_case)
            if run.was_done(step):
                return cast("T", run.given_before(step))
            done = await self._step(run, step).write(work)
        if self._after_write and args and isinstance(args[0], Member):
            for listener in self._after_write:
                listener(args[0])
        return done

    async def read(
        self, use_case: Callable[Concatenate[Context, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run a use case that only reads; for a delivery that was carried out before, what it found then."""
        run = once.current()
        step = "" if run is None else run.step(use_case)
        if run is not None and (before := run.read_before(step)) is not once.UNREAD:
            return cast("T", before)
        found = await self.database.reading(
            lambda uow: self.shown(uow, use_case, *args, **kwargs), tenant_id=self.tenant_id
        )
        if run is not None:
            run.has_read(step, found)
        return found

    async def remember_answer(self, run: once.Run, answer: object) -> None:
        """Keep what a delivery was answered with, for which nothing was stored."""
        await self._step(run, run.answer_step).keep(answer)

    def _step(self, run: once.Run, step: str) -> Step:
        return Step(self.database, self.clock, self.tenant_id, run, step)

    def shown(
        self,
        uow: UnitOfWork,
        use_case: Callable[Concatenate[Context, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """Run a use case that only reads, and note which patients it read by name, in a refusal as well."""
        context = self.context(uow)
        try:
            return use_case(context, *args, **kwargs)
        finally:
            if uow.patients.met:
                reader = next((one.member_id for one in args if isinstance(one, Member)), None)
                self.reads.note(reader, _name_of(use_case), uow.patients.met, context.now)

    async def write_reads(self) -> None:
        """Write who was shown what to the audit chain; what cannot be written waits for the next time."""
        while not self.reads.is_empty:
            taken, dropped = self.reads.take()
            try:
                await self.write(record_reads, taken, dropped)
            except StorageError:
                self.reads.give_back(taken, dropped)
                return


def record_reads(context: Context, taken: Collection[tuple[Reader, Times]], dropped: int) -> None:
    """Write who was shown what to the audit chain."""
    record(context.uow, context.now, taken, dropped)
    context.uow.commit()


def _name_of(use_case: Callable[..., object]) -> str:
    """A use case by its room and its name, `months.why.why`."""
    room = str(getattr(use_case, "__module__", "")).removeprefix("services.")
    return f"{room}.{getattr(use_case, '__name__', 'read')}"
