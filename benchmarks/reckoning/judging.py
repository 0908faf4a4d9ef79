"""Codes that minutes reach, under whose rules, and on which day (R-103 to R-119, R-251 to R-256, R-601)."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from benchmarks.reckoning.clock import counted_seconds
from benchmarks.reckoning.payer_text import PayerText, PayerTexts
from benchmarks.reckoning.plain import PlainEntry, PlainEpisode, PlainPatient, month_end, number_of

MINUTE, UNIT = 60, 30 * 60
CLINICS = frozenset({"50", "72"})
#: Kinds of months: the first, a later one, General BHI; the others bill nothing and are weighed as a first.
FIRST, LATER, BHI = "first", "later", "BHI"
NOT_ENROLLED, DISCHARGED, NOT_ASSESSED, BEFORE_ASSESSMENT = "R-301", "R-302", "R-306", "R-307"
BILLS = frozenset({FIRST, LATER, BHI})


def codes_reached(seconds: int, kind: str, text: PayerText, *, clinic: bool, staff: int) -> dict[str, int]:
    """Codes and units that so many seconds reach; staff are those without the consultant's."""
    if kind == BHI:
        return {"99484": 1} if staff >= 20 * MINUTE and "99484" in text.covered else {}
    later = kind == LATER
    if clinic and text.g0512:
        needed = text.g0512_later_min if later else text.g0512_first_min
        return {"G0512": 1} if seconds >= needed * MINUTE else {}
    full = (60 if later else 70) * MINUTE
    needed = (31 if later else 36) * MINUTE if text.midpoint else full
    base = "99493" if later else "99492"
    if seconds >= needed and base in text.covered:
        return _with_units(base, seconds - full, text)
    g2214 = text.g2214_min if text.g2214_min is not None else (16 if text.midpoint else 30)
    allowed = "G2214" in text.covered and (text.g2214_clinics or not clinic)
    return {"G2214": 1} if allowed and seconds >= g2214 * MINUTE else {}


def _with_units(base: str, beyond: int, text: PayerText) -> dict[str, int]:
    needed = 16 * MINUTE if text.midpoint else UNIT
    units = max(0, (beyond - needed) // UNIT + 1) if "99494" in text.covered else 0
    if text.max_99494 is not None:
        units = min(units, text.max_99494)
    return {base: 1, **({"99494": units} if units else {})}


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """A month as weighed under one payer's rules; day is its date of service, where codes are reached."""

    program: str | None
    kind: str
    text: PayerText
    payer: str
    clinic: bool
    counted: Mapping[PlainEntry, int]
    codes: Mapping[str, int]
    day: date | None
    episode: PlainEpisode | None = None
    shared_payers: bool = False

    @property
    def bills(self) -> bool:
        """Whether such a month bills anything."""
        return self.kind in BILLS

    def claim_day(self, month: date) -> date:
        """The day whose claim the line is: its date of service, else the month's last day (R-116)."""
        return self.day if self.day is not None and self.bills else month_end(month)

    @property
    def seconds(self) -> int:
        """Seconds that count."""
        return sum(self.counted.values())

    def without(self, left_out: Callable[[PlainEntry], bool]) -> dict[str, int]:
        """Codes without some entries' time."""
        kept = {one: seconds for one, seconds in self.counted.items() if not left_out(one)}
        return codes_of(kept, self.kind, self.text, clinic=self.clinic)


def codes_of(
    counted: Mapping[PlainEntry, int], kind: str, text: PayerText, *, clinic: bool
) -> dict[str, int]:
    """Codes that entries' counted seconds reach."""
    staff = sum(seconds for one, seconds in counted.items() if one.role != "consultant")
    return codes_reached(sum(counted.values()), kind, text, clinic=clinic, staff=staff)


def _never(_patient: PlainPatient, _month: date) -> bool:
    return False


def _every(_day: date) -> bool:
    return True


#: Which kind of month it is by a payer's rules, and by which episode.
Placing = Callable[[PayerText], tuple[str, PlainEpisode | None]]


class Judge:
    """Weighs the months of a practice's patients."""

    def __init__(self, texts: PayerTexts, patients: Iterable[PlainPatient]) -> None:
        self.texts = texts
        self._everybody: dict[int, list[PlainEntry]] = {}
        self._care: dict[tuple[str, date, PayerText], dict[PlainEntry, int]] = {}
        self._weighed: dict[tuple[str, date], Weighed] = {}
        for patient in patients:
            for one in patient.entries:
                if one.span:
                    for person in one.others | {one.by}:
                        self._everybody.setdefault(person, []).append(one)
        #: Set by whoever judges whole lines: whether a month is billable.
        self.is_billable: Callable[[PlainPatient, date], bool] = _never

    def payer_on(self, patient: PlainPatient, day: date) -> str:
        """The payer in force on a day, by its one name; empty where none is on file."""
        return self.texts.name(patient.claim("payer", day) or "")

    def text_on(self, patient: PlainPatient, day: date) -> PayerText:
        """The rules in force on a day."""
        return self.texts.on(self.payer_on(patient, day), day)

    @staticmethod
    def _counts(patient: PlainPatient, one: PlainEntry, program: str | None, text: PayerText) -> bool:
        """Whether an entry counts but for time that counts once."""
        if not one.is_care or (patient.in_facility(one.on) and not text.inpatient_counts):
            return False
        episodes = [episode for episode in patient.episodes_on(one.on) if program in {None, episode.program}]
        if patient.episodes and not any(episode.consented(one.on) for episode in episodes):
            return False
        return one.role != "consultant" or (text.consultant_counts and program != BHI)

    def counted(
        self,
        patient: PlainPatient,
        month: date,
        text: Callable[[date], PayerText],
        program: str | None = None,
        among: Callable[[date], bool] = _every,
    ) -> dict[PlainEntry, int]:
        """Seconds of each entry of the month that count."""
        mine = [one for one in patient.entries if one.on.replace(day=1) == month]
        counting = [
            one for one in mine if among(one.on) and self._counts(patient, one, program, text(one.on))
        ]
        beside = [one for one in mine if not one.is_care]
        return counted_seconds(counting, beside, self._everybody)

    def care(self, patient: PlainPatient, month: date, text: PayerText) -> dict[PlainEntry, int]:
        """Counted CoCM time of a month by the rules that ask about it (R-253)."""
        key = (patient.mrn, month, text)
        if key not in self._care:
            self._care[key] = self.counted(patient, month, lambda _: text, program="CoCM")
        return self._care[key]

    def last_care(
        self, patient: PlainPatient, earlier: PlainEpisode, until: PlainEpisode, asked: date
    ) -> date:
        """The last day of CoCM care in an earlier episode; its end where no time of it is on file (R-253).

        What is care is judged by the rules of the last day of the month that is asked about.
        """
        end = min(earlier.ends or until.begins, until.begins)
        text = self.text_on(patient, month_end(asked))
        months = {one.on.replace(day=1) for one in patient.entries if one.on < until.begins}
        days = [
            one.on
            for month in months
            for one, seconds in self.care(patient, month, text).items()
            if seconds and earlier.begins <= one.on <= end and one.on < until.begins
        ]
        return max(days, default=end)

    def continues(
        self, patient: PlainPatient, episode: PlainEpisode, opened: date, gap: int, asked: date
    ) -> bool:
        """Whether an episode came too soon after assessed CoCM care for a first month of its own (R-253)."""
        place = patient.episodes.index(episode)
        return any(
            number_of(opened) - number_of(self.last_care(patient, earlier, episode, asked)) <= gap
            for earlier in patient.episodes[:place]
            if earlier.program == "CoCM" and earlier.assessed is not None
        )

    # Which month of the episode it is.

    def place(
        self, patient: PlainPatient, month: date, program: str, text: PayerText
    ) -> tuple[str, PlainEpisode]:
        """Which kind of month it is under a payer's rules, and the episode that makes it so (R-251 to R-256)."""
        episode = episode_of(patient, month, program)
        assert episode is not None
        if program == BHI:
            return BHI, episode
        if not text.first_reached:
            for one in patient.episodes:
                assessed_now = one.assessed is not None and one.assessed.replace(day=1) == month
                begun = one.program == program and one.begins <= month_end(month)
                if begun and assessed_now and not self.continues(patient, one, month, text.gap_months, month):
                    return self._first_or_later(patient, month, text), one
        return self._later(patient, month, episode, text), episode

    def _later(self, patient: PlainPatient, month: date, episode: PlainEpisode, text: PayerText) -> str:
        """A month that no assessment of its own makes a first one."""
        opened = (episode.assessed or month).replace(day=1)
        if self.continues(patient, episode, opened, text.gap_months, month):
            return LATER
        if episode.assessed is None:
            return NOT_ASSESSED
        if opened > month:
            return BEFORE_ASSESSMENT
        waits = text.first_reached and not any(
            self.took_first(patient, one) for one in months_between(opened, month)
        )
        return self._first_or_later(patient, month, text) if waits else LATER

    def _first_or_later(self, patient: PlainPatient, month: date, text: PayerText) -> str:
        """A first month, unless the year's 99492 is used up (R-256)."""
        if text.yearly_99492 and any(
            self.took_first(patient, one) for one in months_between(month.replace(month=1), month)
        ):
            return LATER
        return FIRST

    def took_first(self, patient: PlainPatient, month: date) -> bool:
        """Whether a month leaves no 99492 to later ones: by reaching it (R-252), or by billing it (R-256)."""
        line = self.weighed(patient, month)
        if line.kind != FIRST or not line.codes.keys() & {"99492", "G0512"}:
            return False
        return line.text.first_reached or self.is_billable(patient, month)

    # Lines.

    def weighed(self, patient: PlainPatient, month: date) -> Weighed:
        """The line of a month, as minutes earn it."""
        key = (patient.mrn, month)
        if key not in self._weighed:
            self._weighed[key] = self.weigh(patient, month)
        return self._weighed[key]

    def weigh(self, patient: PlainPatient, month: date) -> Weighed:
        """The line of a month of a patient seen otherwise than in their history."""
        last = month_end(month)
        begun = [one for one in patient.episodes if one.begins <= last]
        if not begun or (begun[-1].ends is not None and begun[-1].ends < month):
            kind = DISCHARGED if begun else NOT_ENROLLED
            return self._below(patient, month, None, lambda _: (kind, None))
        lines = {
            program: self._of_program(
                patient,
                month,
                program,
                lambda text, program=program: self.place(patient, month, program, text),  # type: ignore[misc]
            )
            for program in ("CoCM", BHI)
            if episode_of(patient, month, program) is not None
        }
        for line in lines.values():
            if line.codes and line.bills:
                return line
        collaborative = lines.get("CoCM")
        if collaborative is not None and collaborative.codes:
            return collaborative
        return lines[begun[-1].program]

    def _of_program(self, patient: PlainPatient, month: date, program: str | None, place: Placing) -> Weighed:
        """The line of one program, whichever payers share the month (R-119)."""
        days = sorted({one.on for one in patient.entries if one.on.replace(day=1) == month})
        payers = list(dict.fromkeys(self.payer_on(patient, day) for day in days))
        alone = [self._reached(patient, month, program, place, days, payer) for payer in payers]
        reached = sorted((line for line in alone if line is not None), key=lambda line: line.day or date.max)
        if reached:
            return replace(reached[0], shared_payers=len(reached) > 1)
        together = self._reached(patient, month, program, place, days, None)
        if together is not None:
            return replace(together, shared_payers=True)
        return self._below(patient, month, program, place)

    def _reached(
        self,
        patient: PlainPatient,
        month: date,
        program: str | None,
        place: Placing,
        days: Iterable[date],
        payer: str | None,
    ) -> Weighed | None:
        """The line whose codes are reached first, by one payer's days or by all of them together."""

        def among(day: date) -> bool:
            return payer is None or self.payer_on(patient, day) == payer

        for day in filter(among, days):
            text = self.text_on(patient, day)
            counted = self.counted(patient, month, lambda _, text=text: text, program, among)  # type: ignore[misc]
            clinic = patient.claim("place_of_service", day) in CLINICS
            which, episode = place(text)
            codes = codes_of(counted, which, text, clinic=clinic)
            until = {one: seconds for one, seconds in counted.items() if one.on <= day}
            if which not in BILLS:
                continue
            worked = any(seconds and one.on == day for one, seconds in counted.items())
            if worked and codes and codes_of(until, which, text, clinic=clinic) == codes:
                return Weighed(
                    program=program,
                    kind=which,
                    text=text,
                    payer=self.payer_on(patient, day),
                    clinic=clinic,
                    counted=counted,
                    codes=codes,
                    day=day,
                    episode=episode,
                )
        return None

    def _below(self, patient: PlainPatient, month: date, program: str | None, place: Placing) -> Weighed:
        """Time against the rules of the last day by which it reaches nothing, mostly the month's last (R-119)."""
        days = [month + timedelta(days=step) for step in range(month_end(month).day)]
        found: dict[tuple[str, bool], Weighed] = {}
        for day in days:
            key = (self.payer_on(patient, day), patient.claim("place_of_service", day) in CLINICS)
            line = found.pop(key, None) or self._shown(patient, month, program, place, day)
            found[key] = line
        short = [line for line in found.values() if not (line.codes and line.bills)]
        line = (short or list(found.values()))[-1]
        return replace(line, codes={}) if line.bills else line

    def _shown(
        self, patient: PlainPatient, month: date, program: str | None, place: Placing, day: date
    ) -> Weighed:
        """All time of the month against the rules of one of its days."""
        text = self.text_on(patient, day)
        kind, episode = place(text)
        clinic = patient.claim("place_of_service", day) in CLINICS
        counted = self.counted(patient, month, lambda _: text, program)
        return Weighed(
            program=program,
            kind=kind,
            text=text,
            payer=self.payer_on(patient, day),
            clinic=clinic,
            counted=counted,
            codes=codes_of(counted, kind, text, clinic=clinic),
            day=None,
            episode=episode,
        )


def months_between(first: date, until: date) -> list[date]:
    """First days of the months from one until before another."""
    return [
        date((number - 1) // 12, (number - 1) % 12 + 1, 1)
        for number in range(number_of(first), number_of(until))
    ]


def episode_of(patient: PlainPatient, month: date, program: str | None) -> PlainEpisode | None:
    """The latest episode of a program with a day in the month."""
    last = month_end(month)
    begun = [one for one in patient.episodes if one.begins <= last]
    for place in range(len(begun) - 1, -1, -1):
        one = begun[place]
        follows = begun[place + 1].begins if place + 1 < len(begun) else date.max
        ended = (one.ends is not None and one.ends < month) or (follows <= month and one.ends != follows)
        if one.program == program and not ended:
            return one
    return None
