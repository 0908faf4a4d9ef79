"""Simulates what people of a practice do, day by day, for a year and a quarter.

Nothing here is taken from the forecast. People keep appointments, miss them, call again, go on leave, write things down
late, and look at who is short of a code when a month ends; minutes and months are what comes of that.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from billing.calendar import is_working_day
from billing.months import BillingMonth

#: The year looked at, and what happens before it, so that there is something to know.
YEAR = 2026
_BEGIN = date(2025, 9, 1)
_END = date(YEAR, 12, 31)
_DAY = timedelta(days=1)
_MINUTE = 60
#: What payers ask of a first month, and of a later one; the share of patients that each has.
_PAYERS = (((70, 60), 0.45), ((36, 31), 0.35), ((20, 20), 0.2))
#: Days to the next appointment while somebody is ill, gets better, is well.
_CADENCE = ((7, 0.45), (14, 0.35), (28, 0.2))
_RUSH_DAYS = 5


@dataclass(slots=True)
class Entry:
    """Time for a patient, as it was written down."""

    person: int
    day: date
    written_on: date
    seconds: int
    planned_on: date | None = None


@dataclass(slots=True)
class Patient:
    """Somebody in care, with habits."""

    number: int
    manager: int
    since: date
    targets: tuple[int, int]
    cadence: int
    misses: float
    talks: float
    until: date | None = None
    answers: bool = True
    appointment: date | None = None
    entries: list[Entry] = field(default_factory=list)
    #: Whole seconds by month, written down or not.
    seconds: dict[BillingMonth, int] = field(default_factory=dict)

    def target(self, month: BillingMonth) -> int:
        """Whole seconds that a month's code asks for."""
        return self.targets[BillingMonth.of(self.since) != month] * _MINUTE


@dataclass(slots=True)
class Manager:
    """A care manager, with habits."""

    number: int
    weekdays: frozenset[int]
    away: frozenset[date]
    day_minutes: float
    call_minutes: float
    #: How much they care for codes when a month ends, and how often they note the next contact.
    eager: float
    notes_next: float
    #: How often they write a thing down on the day itself, and whether they catch up on Fridays.
    prompt: float
    fridays: bool

    def works(self, day: date) -> bool:
        """Whether they are there."""
        return day.weekday() in self.weekdays and day not in self.away and is_working_day(day)


@dataclass(slots=True)
class Practice:
    """What a simulated practice did."""

    managers: list[Manager]
    patients: list[Patient]


def simulate(seed: int) -> Practice:
    """A practice's year, the same for the same seed."""
    return _Simulation(Random(seed)).run()


class _Simulation:
    def __init__(self, chance: Random) -> None:
        self._chance = chance
        self._managers = [self._manager(number) for number in range(chance.randint(1, 3))]
        self._patients: list[Patient] = []
        #: Those in care.
        self._here: list[Patient] = []
        self._leaves = chance.uniform(0.004, 0.015)

    def run(self) -> Practice:
        for manager in self._managers:
            size = round(self._chance.uniform(9, 15) * len(manager.weekdays))
            for _ in range(size):
                self._enroll(manager, _BEGIN - _DAY * self._chance.randint(1, 300))
        day = _BEGIN
        while day <= _END:
            self._turn_over(day)
            for manager in self._managers:
                if manager.works(day):
                    self._work(manager, day)
            day += _DAY
        return Practice(self._managers, self._patients)

    def _manager(self, number: int) -> Manager:
        chance = self._chance
        weekdays = frozenset(chance.sample(range(5), chance.choice([5, 5, 5, 4, 3])))
        return Manager(
            number=number,
            weekdays=weekdays,
            away=self._leave(),
            day_minutes=chance.uniform(150, 330),
            call_minutes=chance.uniform(12, 26),
            eager=chance.random(),
            notes_next=chance.choice([0.0, 0.3, 0.7, 0.95]),
            prompt=chance.uniform(0.5, 0.98),
            fridays=chance.random() < 0.4,
        )

    def _leave(self) -> frozenset[date]:
        """Weeks off, long weekends and sick days."""
        chance, found = self._chance, set[date]()
        for _ in range(chance.randint(2, 5)):
            begins = _BEGIN + _DAY * chance.randrange((_END - _BEGIN).days)
            found |= {begins + _DAY * step for step in range(chance.choice([2, 4, 7, 9, 14, 16]))}
        sick = chance.randint(2, 12)
        return frozenset(found | {_BEGIN + _DAY * chance.randrange(480) for _ in range(sick)})

    def _enroll(self, manager: Manager, since: date) -> Patient:
        chance = self._chance
        (targets,) = chance.choices([one for one, _ in _PAYERS], [share for _, share in _PAYERS])
        (cadence,) = chance.choices([one for one, _ in _CADENCE], [share for _, share in _CADENCE])
        patient = Patient(
            number=len(self._patients),
            manager=manager.number,
            since=since,
            targets=targets,
            cadence=cadence if since < _BEGIN else 7,
            misses=chance.betavariate(2, 7),
            talks=chance.lognormvariate(0, 0.25),
            answers=chance.random() > 0.07,
        )
        patient.appointment = max(since, _BEGIN) + _DAY * chance.randint(0, patient.cadence)
        self._patients.append(patient)
        self._here.append(patient)
        return patient

    def _turn_over(self, day: date) -> None:
        """Some leave, some get better or worse, some stop to answer; for whoever left, somebody comes."""
        chance = self._chance
        if day.weekday() >= 5:
            return
        for patient in list(self._here):
            if chance.random() < self._leaves * (0.4 if patient.answers else 1.5):
                patient.until = day
                self._here.remove(patient)
                if chance.random() < 0.95:
                    self._enroll(self._managers[patient.manager], day + _DAY * chance.randint(1, 12))
            elif chance.random() < 0.008:
                patient.cadence = chance.choice([7, 14, 14, 28])
            elif chance.random() < 0.003:
                patient.answers = not patient.answers

    def _work(self, manager: Manager, day: date) -> None:
        """One person's day: who waits for an appointment, what comes up, and who is short when a month ends."""
        chance = self._chance
        left = manager.day_minutes * chance.uniform(0.8, 1.15)
        own = [one for one in self._here if one.manager == manager.number and one.since <= day]
        waiting = [one for one in own if one.appointment is not None and one.appointment <= day]
        waiting.sort(key=lambda one: (one.appointment or day, one.number))
        for patient in waiting:
            if left <= 0:
                break
            left -= self._appointment(manager, patient, day)
        for patient in own:
            if left > 0 and chance.random() < 0.03:
                left -= self._write(manager, patient, day, chance.uniform(4, 14))
        if day.weekday() == min(manager.weekdays):
            # The weekly hour with the consultant.
            for patient in chance.sample(own, min(6, len(own))):
                left -= self._write(manager, patient, day, chance.uniform(4, 9))
        self._rush(manager, own, day, left)

    def _appointment(self, manager: Manager, patient: Patient, day: date) -> float:
        chance = self._chance
        if not patient.answers:
            patient.appointment = day + _DAY * chance.randint(2, 12)
            return self._write(manager, patient, day, chance.uniform(1, 4)) if chance.random() < 0.7 else 3
        if chance.random() < patient.misses:
            patient.appointment = day + _DAY * chance.choice([1, 1, 2, 3, 6, 7])
            return self._write(manager, patient, day, chance.uniform(1, 3)) if chance.random() < 0.5 else 4
        patient.appointment = day + _DAY * max(2, round(patient.cadence * chance.uniform(0.75, 1.35)))
        new = (day - patient.since).days < 14 and not patient.entries
        minutes = manager.call_minutes * patient.talks * chance.lognormvariate(0, 0.35) * (2.2 if new else 1)
        return self._write(manager, patient, day, minutes, patient.appointment)

    def _rush(self, manager: Manager, own: list[Patient], day: date, left: float) -> None:
        """In the last days of a month some look at who is short of a code, and see to them if there is time."""
        month = BillingMonth.of(day)
        days = sum(is_working_day(day + _DAY * step) for step in range((month.last_day - day).days + 1))
        if days > _RUSH_DAYS or left <= 0:
            return
        short = [
            (lacking, one)
            for one in own
            if 0 < (lacking := one.target(month) - one.seconds.get(month, 0)) <= 25 * _MINUTE
        ]
        for lacking, patient in sorted(short, key=lambda pair: (pair[0], pair[1].number)):
            if left <= 0:
                return
            if self._chance.random() < manager.eager * (0.5 if patient.answers else 0.1):
                minutes = max(lacking / _MINUTE, 5) * self._chance.uniform(0.7, 1.4)
                left -= self._write(manager, patient, day, minutes)

    def _write(
        self, manager: Manager, patient: Patient, day: date, minutes: float, planned_on: date | None = None
    ) -> float:
        """Write time down, now or when there is time for it."""
        chance = self._chance
        written_on = day
        if chance.random() > manager.prompt:
            written_on = day + _DAY * chance.randint(1, 6)
            if manager.fridays:
                written_on = day + _DAY * ((4 - day.weekday()) % 7)
        noted = planned_on if chance.random() < manager.notes_next else None
        seconds = max(1, round(minutes)) * _MINUTE
        patient.entries.append(Entry(manager.number, day, written_on, seconds, noted))
        month = BillingMonth.of(day)
        patient.seconds[month] = patient.seconds.get(month, 0) + seconds
        return minutes
