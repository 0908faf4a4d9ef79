"""Random months, reported by the base build and by this one: the same results, or differences that are explained.

    make same                                   21,000 patient-months, under both time rules
    make same ARGS="--patients 300 --seed 9"    fewer, others

Both write the JSON report of the same months, some of them closed and opened again before; the documents are compared
line by line, key by key. Differences that `EXPLAINED` does not know make it end with exit code 1.
"""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks.builds import ROOT, Build, both_builds
from benchmarks.random_months import BILLER, MONTHS

#: Enough for 21,000 lines over seven months; some patients have months without time.
PATIENTS, SEED, SHOWN = 3_400, 8, 20
#: Months before a month in which its last review is looked for.
_REVIEWS_SINCE = 6
_TIME_RULES = ("strict", "midpoint")
_ABSENT = "(absent)"
#: What tells the members of a list apart, by the list's key.
_NAMED_BY = {
    "lines": ("month", "mrn"),
    "months": ("month",),
    "findings": ("code", "severity"),
    "payers": ("payer",),
    "care_managers": ("member", "code"),
    "transfers": ("member", "role"),
    "addenda": ("month", "kind", "entry"),
    "corrupt": ("entry",),
}
#: When a report was made is no result of it.
_NOT_COMPARED = frozenset({"made_at"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedLine:
    """One value that the two builds have otherwise."""

    #: The key without names: `lines.findings.message`.
    key: str
    #: Where exactly: `lines[2025-07 MRN00012].findings[scale_missing blocker].message`.
    place: str
    before: Any
    after: Any
    #: The whole line in both builds, where it is within one and both have it.
    line: tuple[dict[str, Any], dict[str, Any]] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """Differences that are meant, and why."""

    reason: str
    holds: Callable[[ChangedLine], bool]


#: The two kinds of month that a look back decides between.
_OPENING = frozenset({"initial", "subsequent"})


def _is_rewording(one: ChangedLine) -> bool:
    return one.key == "lines.findings.message"


def _shows_an_earlier_review(one: ChangedLine) -> bool:
    """The base build looked six months back from the first month of a report, and so further for its later ones."""
    if one.key != "lines.last_review_on" or one.line is None or one.before is None:
        return False
    year, month = map(int, one.line[0]["month"].split("-"))
    first = date(year - (month <= _REVIEWS_SINCE), (month - _REVIEWS_SINCE - 1) % 12 + 1, 1)
    return one.after is None and one.before < first.isoformat()


def _opens_otherwise(one: ChangedLine) -> bool:
    """A line that bills another opening code, and everything that follows from it."""
    if one.line is None:
        return False
    kinds = {line["kind"] for line in one.line}
    return kinds == _OPENING and " · " in one.line[1]["rule_set"]


def _is_a_sum(one: ChangedLine) -> bool:
    """What lines add up to; each line that differs has to be explained itself."""
    return one.key.startswith(("totals.", "transfers."))


EXPLAINED: tuple[Explained, ...] = (
    Explained(reason="findings have words of their own registry row (R-300s)", holds=_is_rewording),
    Explained(
        reason="the last review is looked for in the six months before each month, not before the first reported",
        holds=_shows_an_earlier_review,
    ),
    Explained(
        reason="stays, overlaps and frozen lines of earlier months decide whether they took 99492 (R-256)",
        holds=_opens_otherwise,
    ),
    Explained(reason="a sum of lines that are explained", holds=_is_a_sum),
)


def differences(before: Any, after: Any) -> Iterator[ChangedLine]:
    """Every value that differs between two reports."""
    return _compared(before, after, "", "", None)


def _compared(
    before: Any, after: Any, key: str, place: str, line: tuple[dict[str, Any], dict[str, Any]] | None
) -> Iterator[ChangedLine]:
    if isinstance(before, dict) and isinstance(after, dict):
        for name in sorted(before.keys() | after.keys()):
            if name not in _NOT_COMPARED:
                inner = (_joined(key, name), _joined(place, name), line)
                yield from _compared(before.get(name, _ABSENT), after.get(name, _ABSENT), *inner)
    elif _is_named(key, before) and _is_named(key, after):
        yield from _named(before, after, key, place, line)
    elif before != after:
        yield ChangedLine(key=key, place=place, before=before, after=after, line=line)


def _named(
    before: Sequence[dict[str, Any]],
    after: Sequence[dict[str, Any]],
    key: str,
    place: str,
    line: tuple[dict[str, Any], dict[str, Any]] | None,
) -> Iterator[ChangedLine]:
    """Members of a list by their names, and whether those of both stand in one order."""
    old, new = _by_name(before, key), _by_name(after, key)
    for name in sorted(old.keys() | new.keys()):
        one, other = old.get(name, _ABSENT), new.get(name, _ABSENT)
        own = (one, other) if key == "lines" and isinstance(one, dict) and isinstance(other, dict) else line
        yield from _compared(one, other, key, f"{place}[{name}]", own)
    orders = [name for name in old if name in new], [name for name in new if name in old]
    if orders[0] != orders[1]:
        yield ChangedLine(
            key=f"{key} (order)", place=place, before=orders[0][:5], after=orders[1][:5], line=line
        )


def _is_named(key: str, value: object) -> bool:
    return isinstance(value, list) and key.rpartition(".")[2] in _NAMED_BY


def _by_name(members: Sequence[dict[str, Any]], key: str) -> dict[str, dict[str, Any]]:
    """Members by what names them; of two with one name, the second has a number too."""
    found: dict[str, dict[str, Any]] = {}
    for member in members:
        name = " ".join(str(member[each]) for each in _NAMED_BY[key.rpartition(".")[2]])
        again = sum(other == name or other.startswith(f"{name} #") for other in found) if name in found else 0
        found[f"{name} #{again + 1}" if again else name] = member
    return found


def _joined(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def make_databases(base: Build, new: Build, options: argparse.Namespace, folder: Path) -> tuple[Path, Path]:
    """Random months in the base build's database, two of them closed; and the same moved up to the new build."""
    first, second = folder / "base.db", folder / "new.db"
    base.cocm("migrate", database=first)
    _fill(first, options)
    for month in (f"{MONTHS[0]:%Y-%m}", f"{MONTHS[1]:%Y-%m}"):
        base.cocm("close", month, "--by", BILLER, database=first)
    base.cocm("reopen", month, "--by", BILLER, "--reason", "late charts", database=first)
    _fill(first, options, "--after-close")
    shutil.copyfile(first, second)
    new.cocm("migrate", database=second)
    return first, second


def _fill(database: Path, options: argparse.Namespace, *more: str) -> None:
    arguments = [str(database), str(options.seed), str(options.patients), *more]
    subprocess.run([sys.executable, "-m", "benchmarks.random_months", *arguments], cwd=ROOT, check=True)


def _report(build: Build, database: Path, time_rule: str) -> Path:
    """Write a report. Read later: a process that holds one is larger than the next it has to measure."""
    written = database.with_suffix(f".{time_rule}.json")
    arguments = (f"{MONTHS[0]:%Y-%m}", "--to", f"{MONTHS[-1]:%Y-%m}", "--format", "json")
    settings = {"COCM_TIME_RULE": time_rule}
    build.cocm("report", *arguments, "--output", str(written), database=database, settings=settings)
    return written


def _tell(time_rule: str, before: Any, found: Sequence[ChangedLine], shown: int) -> int:
    """Print what was compared and what differs; returns how many differences nobody explained."""
    totals, completeness = before["totals"], before["completeness"]
    kinds = {finding["code"] for finding in totals["findings"]}
    print(
        f"{time_rule}: {totals['lines']} patient-months of {totals['patients']} patients, "
        f"{completeness['entries_read']} entries; {totals['status']}; {len(kinds)} kinds of findings, "
        f"{len(completeness['entries_excluded'])} reasons why time does not count, {len(before['addenda'])} addenda"
    )
    reasons: Counter[str] = Counter()
    unexplained: list[ChangedLine] = []
    for one in found:
        reason = next((each.reason for each in EXPLAINED if each.holds(one)), None)
        if reason is None:
            unexplained.append(one)
        else:
            reasons[reason] += 1
    for reason, count in reasons.most_common():
        print(f"  explained {count:6}  {reason}")
    for key, count in Counter(one.key for one in unexplained).most_common():
        print(f"  DIFFERENT {count:6}  {key}")
    for one in unexplained[:shown]:
        print(f"    {one.place}\n      before {_short(one.before)}\n      after  {_short(one.after)}")
    if len(unexplained) > shown:
        print(f"    and {len(unexplained) - shown} more")
    if not found:
        print("  the same")
    return len(unexplained)


def _short(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)[:300]


def main(arguments: Sequence[str] = ()) -> None:
    """Compare, print, and end with exit code 1 on differences nobody explained."""
    parser = argparse.ArgumentParser(
        prog="benchmarks.same_results",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--patients", type=int, default=PATIENTS)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--show", type=int, default=SHOWN, help="differences shown in full")
    parser.add_argument("--keep", type=Path, help="folder in which databases and reports stay")
    parser.add_argument(
        "--present", type=Path, default=ROOT, help="another tree to compare with the base build"
    )
    options = parser.parse_args(arguments)
    with ExitStack() as stack:
        base, new = stack.enter_context(both_builds(options.present))
        kept = options.keep or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="cocm-same-")))
        kept.mkdir(parents=True, exist_ok=True)
        first, second = make_databases(base, new, options, kept.resolve())
        written = {
            time_rule: (_report(base, first, time_rule), _report(new, second, time_rule))
            for time_rule in _TIME_RULES
        }
        unexplained = 0
        for time_rule, reports in written.items():
            before, after = (json.loads(report.read_text(encoding="utf-8")) for report in reports)
            unexplained += _tell(time_rule, before, list(differences(before, after)), options.show)
    if unexplained:
        raise SystemExit(1)


if __name__ == "__main__":
    main(sys.argv[1:])
