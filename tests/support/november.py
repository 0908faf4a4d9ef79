"""A practice with a bit of everything in its November: what a digest can name, and what a month end can add up."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from billing.activities import Activity, ActivitySource
from billing.payer import Payer
from services.context import Context
from storage import Database
from tests.support.payers import a_payer
from tests.support.reporting import ReportedPractice

#: A working morning of November, and the first morning after it; 09:00 in New York.
MID_NOVEMBER = datetime(2026, 11, 18, 14, tzinfo=UTC)
FIRST_OF_DECEMBER = datetime(2026, 12, 1, 14, tzinfo=UTC)
_CEDAR, _HARBOR, _LAKESIDE = "Cedar Health", "Blue Harbor", "Lakeside"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One patient: who pays, and what was done in November."""

    mrn: str
    payer: str = _LAKESIDE
    #: Minutes by day, until the 18th and after it.
    early: dict[int, int] = field(default_factory=dict)
    later: dict[int, int] = field(default_factory=dict)
    reviewed: tuple[date, ...] = ()
    #: PHQ-9 by day of November, after 12 in October.
    score: tuple[int, int] | None = None
    #: The day of November on which the contact of the 3rd is to be taken up again.
    planned: int | None = None
    care: dict[str, Any] = field(default_factory=dict)


def _november(day: int) -> date:
    return date(2026, 11, day)


def _begun(day: date) -> dict[str, Any]:
    return {"enrolled_on": day, "initial_assessment_on": day, "initiating_visit_on": day}


_NO_CONSENT: dict[str, Any] = {"consent": None}
_REVIEWED = (_november(12),)

CASES = (
    # Due, each for another reason.
    Case(mrn="204417", planned=17, early={3: 20, 10: 12}, later={24: 30}, reviewed=(_november(4),)),
    Case(mrn="118360", payer=_CEDAR, early={5: 25, 13: 36}, reviewed=(date(2026, 10, 14),)),
    Case(mrn="207731", early={9: 22}, later={23: 41}, score=(16, 17), reviewed=_REVIEWED),
    # Near the next code.
    Case(mrn="190052", early={4: 31, 17: 28}, later={20: 16}, reviewed=_REVIEWED),
    Case(mrn="206618", payer=_CEDAR, early={6: 20, 16: 32}, later={25: 10}, reviewed=_REVIEWED),
    Case(mrn="211940", payer=_HARBOR, early={10: 35, 13: 24}, later={19: 20}, care=_begun(_november(5))),
    Case(mrn="187254", payer=_CEDAR, early={5: 40, 12: 38}, later={30: 12}, reviewed=_REVIEWED),
    Case(mrn="195503", early={3: 50, 16: 58}, reviewed=_REVIEWED, care=_NO_CONSENT),
    # Something is missing.
    Case(mrn="209975", early={6: 45, 13: 20}, payer=_HARBOR),
    Case(mrn="212086", payer="", early={11: 15}, care=_NO_CONSENT),
    Case(mrn="212244", payer=_HARBOR, early={12: 30}, later={24: 45}, care={"initial_assessment_on": None}),
    # Nothing logged yet, and well on their way.
    Case(mrn="176639", payer=_CEDAR, later={23: 25}),
    Case(mrn="212301", care=_begun(_november(9))),
    Case(mrn="201128", payer=_CEDAR, early={4: 20, 16: 15}, later={19: 28}, reviewed=_REVIEWED),
    Case(mrn="203390", payer=_HARBOR, early={5: 62}, later={20: 30}, reviewed=_REVIEWED),
)


class November(ReportedPractice):
    """Ana's fifteen patients, three payers and one who is not known."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        for name in (_CEDAR, _HARBOR):
            self._do(lambda context, name=name: context.uow.payers.put(_checked(name)))
        self._patients = {case.mrn: self.enrolled(case.mrn, payer=case.payer, **case.care) for case in CASES}

    def live_to_the_18th(self) -> None:
        """What was known on the morning of the 18th."""
        self.at(MID_NOVEMBER)
        self.works(self._patients["176639"], 18, date(2026, 10, 8))
        for case in CASES:
            patient = self._patients[case.mrn]
            for day, minutes in case.early.items():
                plan = {"next_contact": _november(case.planned)} if day == 3 and case.planned else {}
                self.works(patient, minutes, _november(day), **plan)
            for on in case.reviewed:
                self.reviews(patient, on)
            if case.score is not None:
                day, value = case.score
                self.scores(patient, date(2026, 10, 12), 12)
                self.scores(patient, _november(day), value)

    def live_to_the_end(self) -> None:
        """The rest of the month: more time, one entry written late, one corrected, one that waits for a word."""
        self.at(FIRST_OF_DECEMBER)
        for case in CASES:
            for day, minutes in case.later.items():
                self.works(self._patients[case.mrn], minutes, _november(day))
        late = self.works(self._patients["203390"], 10, _november(12), recorded_on=_november(30))
        self._do(lambda context: _lengthened(context, late.entry_id))
        self.works(
            self._patients["201128"],
            30,
            _november(24),
            activity=Activity.PSYCHOTHERAPY,
            activity_source=ActivitySource.INFERRED,
        )


def _checked(name: str) -> Payer:
    return a_payer(name, verified_on=date(2026, 1, 2))


def _lengthened(context: Context, entry_id: int) -> None:
    context.uow.ledger.correct(
        entry_id, 1, {"seconds": 14 * 60}, by=1, at=context.now, reason="it was longer", source="chat"
    )
