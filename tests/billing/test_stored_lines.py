"""Lines as they are stored: what older versions wrote still reads, and bytes come out the same everywhere."""

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import pytest

from billing.canonical import from_bytes, to_bytes
from billing.closing import Aspect, FrozenLine
from billing.findings.finding import Finding
from billing.payer import rules_for
from billing.rules import PracticeRules
from tests.support.months import JUDGED_BY, NOVEMBER, TEST_PAYER, a_month, an_entry

RULES = rules_for(NOVEMBER, PracticeRules(), TEST_PAYER)
FACTS = a_month(entries=(an_entry(1, 150),), reviews=())
LINE = FrozenLine.of(FACTS, RULES, JUDGED_BY)
#: What a finding carried before its row had its words.
PROSE = {"message": "Case review missing.", "rule": "R-309", "supervisors_only": False}


def stored(**changes: Any) -> dict[str, Any]:
    """The line's JSON, with other findings."""
    line: dict[str, Any] = json.loads(LINE.to_bytes())
    line["result"] |= changes
    return line


def test_a_line_whose_findings_carried_their_words_reads_without_them() -> None:
    """All of the old words, or some."""
    findings = json.loads(LINE.to_bytes())["result"]["findings"]
    assert [each["code"] for each in findings] == ["review_missing", "long_entries"]
    old = stored(findings=[findings[0] | PROSE, findings[1] | {"message": "Entries over 2 h."}])
    assert FrozenLine.from_bytes(json.dumps(old, separators=(",", ":")).encode()) == LINE


@pytest.mark.parametrize(
    "data",
    [
        b'{"message":1}',
        b'{"result":[],"message":1}',
        b'{"result":{"findings":["a"]},"message":1}',
        b'{"result":{"kind":"initial"},"message":1}',
        b'["message":',
    ],
)
def test_bytes_with_old_words_that_are_no_line_are_refused(data: bytes) -> None:
    """By the same name as any other bytes."""
    with pytest.raises(ValueError, match=r"^These bytes are not a FrozenLine\.$"):
        FrozenLine.from_bytes(data)


def test_a_line_from_before_parameters_were_kept_is_judged_without_them() -> None:
    """What nobody could have stored is no news; another finding is."""
    bare = tuple(replace(each, parameters=()) for each in LINE.result.findings)
    assert bare != LINE.result.findings
    old = replace(LINE, judged_by=None, result=replace(LINE.result, findings=bare))
    assert old.judged_otherwise() == frozenset()
    assert replace(old, result=LINE.result).judged_otherwise() == {Aspect.FINDINGS}
    other = (*bare, Finding(code="moon_phase", severity=bare[0].severity))
    assert replace(old, result=replace(LINE.result, findings=other)).judged_otherwise() == {Aspect.FINDINGS}
    assert replace(LINE, result=replace(LINE.result, findings=bare)).judged_otherwise() == {Aspect.FINDINGS}


@pytest.fixture
def pacific(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A machine in another zone."""
    monkeypatch.setenv("TZ", "America/Los_Angeles")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("pacific")
def test_instants_are_stored_in_utc_wherever_the_machine_is() -> None:
    """The bytes of one instant are the same everywhere."""

    @dataclass(frozen=True, kw_only=True)
    class Held:
        at: datetime

    held = Held(at=datetime(2026, 11, 3, 12, tzinfo=UTC))
    assert to_bytes(held) == b'{"at":"2026-11-03T12:00:00+00:00"}'


def test_only_a_field_that_holds_its_nothing_is_left_out() -> None:
    """A default that is something is written, and so is a nothing that is no default."""

    @dataclass(frozen=True, kw_only=True)
    class Held:
        needed: str
        name: str = ""
        count: int = 0
        place: str = "11"
        day: datetime | None = None
        codes: tuple[str, ...] = ()
        kinds: frozenset[str] = field(default_factory=frozenset)
        one: tuple[int] = (1,)

    empty = Held(needed="")
    assert to_bytes(empty) == b'{"count":0,"needed":"","one":[1],"place":"11"}'
    full = Held(needed="a", name="b", count=2, place="", codes=("c",), kinds=frozenset({"d"}), one=(3,))
    assert to_bytes(full) == (
        b'{"codes":["c"],"count":2,"kinds":["d"],"name":"b","needed":"a","one":[3],"place":""}'
    )
    assert from_bytes(Held, to_bytes(full)) == full
    assert from_bytes(Held, to_bytes(empty)) == empty
