"""Lists every finding's row, in the order in which billers read them."""

import importlib
import pkgutil
from functools import lru_cache
from types import ModuleType

from billing import findings
from billing.clinical import AttestationKind
from billing.findings import unknown
from billing.findings.finding import Finding, MonthCase, Rule
from billing.findings.row import Row
from billing.month_kinds import MonthKind


def rows_in(package: ModuleType) -> tuple[Row, ...]:
    """Every row that stands in a file of a package, in the order in which a biller reads them.

    The folder is the list, so that a new finding is a new file and no change of another. The import contracts do not
    see these imports: no finding may import this module.

    Raises:
        ValueError: where two rows have the same code or the same place.
    """
    found: dict[str, Row] = {}
    for file in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
        if file.name != __name__:
            found |= {
                one.code: one
                for one in vars(importlib.import_module(file.name)).values()
                if isinstance(one, Row)
            }
    rows = tuple(sorted(found.values(), key=lambda row: row.place))
    if len({row.place for row in rows}) < len(rows):
        raise ValueError("Two findings have the same place.")
    return rows


ROWS: tuple[Row, ...] = rows_in(findings)

#: The rules that look at one month, each once.
RULES: tuple[Rule, ...] = tuple(dict.fromkeys(row.find for row in ROWS if row.find is not None))

_BY_CODE = {row.code: row for row in ROWS}


def find(case: MonthCase) -> tuple[Finding, ...]:
    """Everything that the rules find in a month."""
    found = [rule(case) for rule in _rules_of(case.kind, case.has)]
    return tuple([finding for finding in found if finding is not None])


@lru_cache(maxsize=512)
def _rules_of(kind: MonthKind, there: int) -> tuple[Rule, ...]:
    """The rules that may find something in a month of that kind, which has what is there of `Has`."""
    asked = (
        row.find
        for row in ROWS
        if row.find is not None and row.kind in {None, kind} and row.needs & there == row.needs
    )
    return tuple(dict.fromkeys(asked))


def row_of(finding: Finding) -> Row:
    """What a finding means; of a code that this version does not find any more, as little as is known of it."""
    return _BY_CODE.get(finding.code) or unknown.row(finding)


def answered_by(kind: AttestationKind) -> Row:
    """The finding that an attestation answers."""
    return next(row for row in ROWS if row.answered_by is kind)


def title_of(finding: Finding) -> str:
    """A few words for a list."""
    return row_of(finding).title


def message_of(finding: Finding) -> str:
    """A finding's sentence, its parameters filled in."""
    return row_of(finding).message(finding)


def open_to_all(finding: Finding) -> bool:
    """Whether others than supervisors see a finding too."""
    return not row_of(finding).is_for_supervisors_only(finding)
