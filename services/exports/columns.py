"""The columns of the month report, in their fixed order: the sample report's twelve first, then ours."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum, auto

from billing.apcm import ApcmChoice
from billing.charges import Charge
from billing.durations import minutes_of
from billing.findings.finding import Finding
from billing.findings.registry import open_to_all
from billing.money import Estimate, spoken_gaps
from billing.rules import ADD_ON, GENERAL_BHI, HALF_HOUR, INITIAL_MONTH, SUBSEQUENT_MONTH
from services.months.lines import ReportLine
from services.months.report import MonthReport
from services.months.time_keeping import ManagerFinding

#: What a cell can hold. True and False stand for `TRUE` and `0`, None for an empty cell.
Cell = str | int | Decimal | date | bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FileReaders:
    """Who reads a file, which decides what it may say."""

    #: Whether patients' names are written; their columns stand either way.
    names: bool = False
    #: Whether findings that only supervisors see are among the others.
    supervisors: bool = False

    def findings(self, line: ReportLine) -> tuple[Finding, ...]:
        """The findings of a line that this reader sees."""
        found = line.findings
        return found if self.supervisors else tuple(filter(open_to_all, found))

    def manager_findings(self, report: MonthReport) -> tuple[ManagerFinding, ...]:
        """The findings about care managers that this reader sees."""
        return report.manager_findings if self.supervisors else ()


class CellForm(Enum):
    """How the cells of a column look where the file can say so."""

    PLAIN = auto()
    #: A whole number.
    COUNT = auto()
    #: `TRUE`, or `0`.
    TRUTH = auto()
    #: With two decimals.
    MINUTES = auto()
    #: To the cent.
    DOLLARS = auto()
    #: A date that stands for its month: `Nov 2026`.
    MONTH = auto()
    #: Sentences, on as many lines as they take.
    WRAPPED = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetColumn:
    """One column of a sheet."""

    name: str
    #: In a workbook, in characters: enough for a date or a figure of the column, and for most of its texts.
    width: float
    form: CellForm = CellForm.PLAIN
    #: Folded away in a workbook until somebody unfolds it, so that the others can be read on one page.
    is_folded: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Column(SheetColumn):
    """One column of the report: its promised name, and a line's cell in it."""

    cell: Callable[[ReportLine, FileReaders], Cell]


def spoken_charges(charges: Sequence[Charge]) -> str:
    """Codes as one text: `99493 99494x2`."""
    return " ".join(
        [charge.code if charge.units == 1 else f"{charge.code}x{charge.units}" for charge in charges]
    )


def _earned(code: str) -> Callable[[ReportLine, FileReaders], Cell]:
    return lambda line, _: bool(line.units(code))


def usd_or_why(line: ReportLine) -> Decimal | str:
    """What the billable codes may pay, or which rates are not on file where not one of them has a rate."""
    amount = line.estimated_usd
    return line.estimate_lacks if amount is None else amount


def _findings(line: ReportLine, audience: FileReaders) -> str:
    return "; ".join([finding.code for finding in audience.findings(line)])


def spoken_choice(choice: ApcmChoice) -> str:
    """Both sets of codes and what each may pay: `99493 99494x2 $267.88 or G0569 $144.96`."""
    own = f"{spoken_charges(choice.codes)} {_dollars(choice.codes_estimate)}"
    return f"{own} or {choice.instead.code} {_dollars(choice.instead_estimate)}"


def _dollars(estimate: Estimate) -> str:
    if estimate.without_rate:
        return f"({spoken_gaps(estimate.gaps)})"
    return f"${estimate.amount:,.2f}"


#: Eleven of these are the seeds' own, in their form; `Minutes` has at most two decimals.
_SEEDS = (
    Column(name="Date", width=10.5, cell=lambda line, _: line.month.first_day),
    Column(name="Initial Assessment", width=12, cell=lambda line, _: line.initial_assessment_on),
    Column(name="MRN", width=12, cell=lambda line, _: line.patient.mrn),
    Column(name="First name", width=10, cell=lambda line, who: line.patient.first_name if who.names else ""),
    Column(name="Last name", width=14, cell=lambda line, who: line.patient.last_name if who.names else ""),
    Column(
        name="Minutes",
        width=10,
        form=CellForm.MINUTES,
        cell=lambda line, _: minutes_of(line.result.counted_seconds),
    ),
    Column(name="Payer", width=15, cell=lambda line, _: line.payer),
    Column(name=INITIAL_MONTH, width=9, form=CellForm.TRUTH, cell=_earned(INITIAL_MONTH)),
    Column(name=SUBSEQUENT_MONTH, width=9, form=CellForm.TRUTH, cell=_earned(SUBSEQUENT_MONTH)),
    Column(name=ADD_ON, width=9, form=CellForm.COUNT, cell=lambda line, _: line.units(ADD_ON)),
    Column(name="Referring Provider NPI", width=12, cell=lambda line, _: line.claim.referring_npi),
    Column(name="Problems List", width=18, cell=lambda line, _: line.patient.problems),
)
_OURS = (
    Column(name=HALF_HOUR, width=9, form=CellForm.TRUTH, cell=_earned(HALF_HOUR)),
    Column(name=GENERAL_BHI, width=9, form=CellForm.TRUTH, cell=_earned(GENERAL_BHI)),
    Column(name="Status", width=9, cell=lambda line, _: line.result.status.value),
    Column(name="Billable codes", width=15, cell=lambda line, _: spoken_charges(line.result.billable)),
    Column(name="Held codes", width=8, cell=lambda line, _: spoken_charges(line.result.held)),
    Column(name="Findings", width=36, cell=_findings),
    Column(
        name="Threshold met on", width=12, is_folded=True, cell=lambda line, _: line.result.threshold_met_on
    ),
    Column(name="Date of service", width=11, cell=lambda line, _: line.result.date_of_service),
    Column(
        name="Diagnosis codes",
        width=11.5,
        cell=lambda line, _: " ".join(line.claim.diagnosis_codes),
    ),
    Column(name="Billing NPI", width=12, cell=lambda line, _: line.claim.billing_npi),
    Column(name="Place of service", width=9, cell=lambda line, _: line.claim.place_of_service),
    Column(
        name="Modifiers",
        width=11,
        cell=lambda line, _: " ".join([f"{one.code}:{one.modifier}" for one in line.modifiers]),
    ),
    Column(name="Consent on", width=12, is_folded=True, cell=lambda line, _: line.consent_on),
    Column(name="Last review", width=12, is_folded=True, cell=lambda line, _: line.last_review_on),
    Column(
        name="Care manager minutes",
        width=10,
        form=CellForm.MINUTES,
        is_folded=True,
        cell=lambda line, _: minutes_of(line.result.care_manager_seconds),
    ),
    Column(
        name="Consultant minutes",
        width=11,
        form=CellForm.MINUTES,
        is_folded=True,
        cell=lambda line, _: minutes_of(line.consultant_seconds),
    ),
    Column(
        name="Not counted minutes",
        width=10,
        form=CellForm.MINUTES,
        is_folded=True,
        cell=lambda line, _: minutes_of(line.result.excluded_seconds),
    ),
    Column(
        name="99494 capped",
        width=9,
        form=CellForm.COUNT,
        is_folded=True,
        cell=lambda line, _: line.result.threshold.capped_units,
    ),
    Column(
        name="Late entries",
        width=9,
        form=CellForm.COUNT,
        is_folded=True,
        cell=lambda line, _: line.late_entries,
    ),
    Column(name="Estimated USD", width=12, form=CellForm.DOLLARS, cell=lambda line, _: usd_or_why(line)),
    Column(name="Rule set", width=18, is_folded=True, cell=lambda line, _: line.result.rule_set),
    Column(
        name="Revision", width=10, form=CellForm.COUNT, is_folded=True, cell=lambda line, _: line.revision
    ),
    Column(
        name="APCM choice",
        width=24,
        is_folded=True,
        cell=lambda line, _: spoken_choice(line.apcm_choice) if line.apcm_choice else "",
    ),
)
COLUMNS = _SEEDS + _OURS
_CELLS = tuple(column.cell for column in COLUMNS)


def cells(line: ReportLine, audience: FileReaders) -> tuple[Cell, ...]:
    """A line's cells, one for each column."""
    return tuple([cell(line, audience) for cell in _CELLS])
