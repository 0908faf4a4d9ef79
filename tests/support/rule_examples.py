"""The examples of docs/billing-rules.md, which are run as they stand there.

A block of a rule's example is either `month`, which is read here, or `story`, which is a short story as those of
`tests/months`. A `month` block is about one patient, usually in a later month, November 2026, with nothing missing:

    payer BCBS ND
    31 min => 99493; billable
    25 min; 10 min by consultant => 99493; blocked; blocker consultant minutes decide

A line without `=>` says what is so from there on. A line with `=>` adds what stands before it for itself alone, and
says what must come out. Parts are separated by `;`. What can be said is in
`tests.support.rule_phrases`, what can be expected is `_EXPECTED`.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from billing.charges import Charge
from billing.claim_days import claim_on
from billing.claims import last_day_to_file
from billing.findings.finding import Severity
from billing.findings.registry import row_of
from billing.findings.timely_filing import timely_filing
from billing.medicare_rates import MEDICARE
from billing.money import Estimate, estimate, spoken_gaps
from billing.shares import time_shares
from billing.terms import terms_of
from tests.support.rule_case import Case, Judged
from tests.support.rule_phrases import LENGTH, seconds_of, told

DOCUMENT = Path(__file__).parents[2] / "docs/billing-rules.md"
_SECTION = re.compile(r"^### (?P<rule>R-\d{3}) [^\n]+\n(?P<text>.*?)(?=^##|\Z)", re.MULTILINE | re.DOTALL)
_BLOCK = re.compile(r"^```(?P<kind>month|story)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleExample:
    """One executed block of the document."""

    rule: str
    #: `month` or `story`.
    kind: str
    text: str


def examples(document: str) -> tuple[RuleExample, ...]:
    """Every block of every rule, in the order of the document."""
    return tuple(
        RuleExample(rule=section["rule"], kind=block["kind"], text=block["text"])
        for section in _SECTION.finditer(document)
        for block in _BLOCK.finditer(section["text"])
    )


def check_month(text: str) -> int:
    """Run a `month` block; returns how many expectations held.

    Raises:
        AssertionError: with the line, for the first that does not hold, or that cannot be read.
    """
    standing = Case()
    checked = 0
    for line in text.splitlines():
        said, arrow, expected = line.partition("=>")
        case = told(standing, said)
        if not arrow:
            standing = case
            continue
        judged = case.judged()
        for wanted in expected.split(";"):
            _check(judged, wanted.strip(), line)
            checked += 1
    assert checked, f"Nothing is expected: {text}"
    return checked


def _check(judged: Judged, wanted: str, line: str) -> None:
    for pattern, holds in _EXPECTED:
        match = re.fullmatch(pattern, wanted)
        if match is not None:
            assert holds(judged, match), f"{line}\n{wanted!r} does not hold: {_seen(judged)}"
            return
    raise AssertionError(f"{wanted!r} cannot be expected: {line}")


def _seen(judged: Judged) -> str:
    result = judged.result
    found = [f"{one.severity} {row_of(one).title}" for one in result.findings]
    return (
        f"earned {_codes(result.earned)}; billable {_codes(result.billable)}; {result.status}; "
        f"{result.counted_seconds} s counted; {dict(result.excluded)}; {result.date_of_service}; {found}"
    )


def _codes(charges: tuple[Charge, ...]) -> str:
    """`99493 + 2x99494`."""
    return " + ".join(f"{one.units}x{one.code}" if one.units > 1 else one.code for one in charges)


def _finding(judged: Judged, match: re.Match[str]) -> bool:
    severity = Severity(match["severity"])
    return any(
        one.severity is severity and row_of(one).title == match["title"] for one in judged.result.findings
    )


def _not_counted(judged: Judged, match: re.Match[str]) -> bool:
    wanted = seconds_of(match["length"])
    return any(
        seconds == wanted and reason.label == match["reason"] for reason, seconds in judged.result.excluded
    )


def _estimate(judged: Judged) -> Estimate:
    facts, result = judged.facts, judged.result
    day = result.claim_day
    return estimate(result.billable, day, MEDICARE, terms_of(claim_on(facts, day), judged.rules))


def _shares(judged: Judged, match: re.Match[str]) -> bool:
    """Care manager's, consultant's and treating provider's."""
    shares = time_shares(judged.facts, judged.result, _estimate(judged).amount)
    return " + ".join(f"${share.amount}" for share in shares) == match["shares"]


def _last_day(judged: Judged, match: re.Match[str]) -> bool:
    """Of a payer that takes claims for so many months, and from which day on that is named."""
    last = last_day_to_file(judged.result.claim_day, int(match["months"]))
    named = _date(match["named"])
    before = timely_filing(last, named - timedelta(days=1), "")
    return last == _date(match["last"]) and before is None and timely_filing(last, named, "") is not None


def _date(text: str) -> date:
    month, day, year = map(int, text.split("/"))
    return date(year, month, day)


_CODES = r"(?:\d+x)?[9G]\d{4}(?: \+ (?:\d+x)?[9G]\d{4})*"
#: What can be expected of a month, and how it is looked up.
_EXPECTED: tuple[tuple[str, Callable[[Judged, re.Match[str]], bool]], ...] = (
    (r"nothing", lambda judged, _: not judged.result.earned),
    (rf"(?P<codes>{_CODES})", lambda judged, match: _codes(judged.result.earned) == match["codes"]),
    (rf"bills (?P<codes>{_CODES})", lambda judged, match: _codes(judged.result.billable) == match["codes"]),
    (r"bills nothing", lambda judged, _: not judged.result.billable),
    (
        r"(?P<status>billable|blocked|below)",
        lambda judged, match: judged.result.status.value == match["status"],
    ),
    (
        rf"(?P<length>{LENGTH}|\d+ s) counted",
        lambda judged, match: judged.result.counted_seconds == seconds_of(match["length"]),
    ),
    (rf"(?P<length>{LENGTH}) not counted: (?P<reason>.+)", _not_counted),
    (r"(?P<severity>blocker|warning|note) (?P<title>.+)", _finding),
    (
        r"without (?P<title>.+)",
        lambda judged, match: all(row_of(one).title != match["title"] for one in judged.result.findings),
    ),
    (r"no findings", lambda judged, _: not judged.result.findings),
    (
        r"(?P<units>\d+) units? of 99494 lost",
        lambda judged, match: judged.result.threshold.capped_units == int(match["units"]),
    ),
    (
        r"date of service (?P<on>[\d/]+)",
        lambda judged, match: judged.result.date_of_service == Case(facts=judged.facts).day(match["on"]),
    ),
    (r"for (?P<payer>.+)", lambda judged, match: judged.result.payer == match["payer"]),
    (r"shares (?P<shares>[$\d. +]+)", _shares),
    (
        r"estimated \$(?P<usd>[\d.]+)",
        lambda judged, match: f"{_estimate(judged).amount}" == match["usd"] and not _estimate(judged).gaps,
    ),
    (r"filed in (?P<months>\d+) months until (?P<last>[\d/]+), named from (?P<named>[\d/]+)", _last_day),
    (r"estimated: (?P<gaps>.+)", lambda judged, match: spoken_gaps(_estimate(judged).gaps) == match["gaps"]),
)
