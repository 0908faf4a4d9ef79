"""Typed lines and commands: never an exception, never half understood, and a receipt says what was stored."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from benchmarks.soak.places import sqlite
from benchmarks.soak.rounds import rounds
from benchmarks.soak.tally import KeptTally
from billing.people import MemberRole
from bot.grammar import COMMANDS, ParseContext, Parsed, as_json, parse
from bot.grammar.text.lines import MAX_TEXT
from services.context import Context
from services.entries import log
from services.entries.receipts import Receipt
from services.entries.requests import DraftLine, LogDraft
from services.errors import Refusal
from storage import Database
from tests.support.examples import is_whole
from tests.support.practice import NOW as PRACTICE_NOW
from tests.support.practice import TryPractice

NOW = datetime(2026, 11, 18, 20, 30, tzinfo=UTC)
ROSTER = frozenset({"123", "90", "214", "00042"})
ZONES = tuple(
    ZoneInfo(name)
    for name in ("America/New_York", "Pacific/Apia", "Asia/Kolkata", "America/St_Johns", "Pacific/Kiritimati")
)
FRAGMENTS = tuple(
    line.encode("latin-1", "backslashreplace").decode("unicode-escape")
    for line in (Path(__file__).parents[2] / "tests/bot/grammar/fragments.txt")
    .read_text("utf-8")
    .splitlines()
)
_WORDS = tuple(dict.fromkeys(word for command in COMMANDS for word in command.words))
_NAMES = {command.name for command in COMMANDS} | {"form", "unknown", "welcome"}
#: What is understood of so many texts is stored, and what is told of it compared with what is on file.
_STORED_EVERY = 40

_SPOKEN = st.lists(st.sampled_from(FRAGMENTS), max_size=8)
_JOINED = st.tuples(_SPOKEN, st.sampled_from([" ", "  ", "", ", ", "\n"])).map(
    lambda one: one[1].join(one[0])
)
#: A line that is nearly right: each part there in one of its forms, or missing, or twice, in any order.
_PARTS = (
    st.sampled_from(
        ["15m", "1h30", "20 min", "2-2:25pm", "an hour", "0:20", "14:00–14:25", "8h", "1.5h", "0m"]
    ),
    st.sampled_from(["MRN123", "mrn#90", "#214", "P-7F3K", "MRN 00042", "123", "MRN999999"]),
    st.sampled_from(
        ["phone check-in", "chart review", "left voicemail", "PHQ-9 14", "call with mom", "x" * 290]
    ),
    st.sampled_from(["yesterday", "on 11/3", "today", "last friday", "2026-11-31", "tomorrow", "9/1", ""]),
)
_NEARLY = st.lists(st.one_of(*_PARTS), min_size=2, max_size=6).map(" ".join)
TEXTS = st.one_of(
    _JOINED,
    _NEARLY,
    st.tuples(st.sampled_from(_WORDS), _JOINED).map(" ".join),
    st.tuples(st.sampled_from(_WORDS), _NEARLY).map(" ".join),
    st.lists(_NEARLY, min_size=2, max_size=4).map("\n".join),
    st.lists(st.one_of(st.sampled_from(FRAGMENTS), st.text(max_size=6)), max_size=8).map(" ".join),
    st.text(max_size=120),
    st.binary(max_size=60).map(lambda raw: raw.decode("latin-1")),
)


def soak(tally: KeptTally, seed: int, budget: int) -> None:
    """Read so many texts."""
    with sqlite() as url:
        shelf = _Receipts(url, tally)

        def trial(one: tuple[str, ZoneInfo]) -> None:
            with tally.trying(repr(one)):
                parsed = check(*one)
                tally.met["understood" if parsed.ok else "answered with what fixes it"] += 1
                if parsed.draft is not None and tally.met["understood"] % _STORED_EVERY == 0:
                    shelf.keep(parsed.draft)

        rounds(tally, seed, budget, st.tuples(TEXTS, st.sampled_from(ZONES)), trial)
        shelf.close()


def check(text: str, zone: ZoneInfo = ZONES[0]) -> Parsed:
    """Read a text.

    Raises:
        AssertionError: when it is both understood and refused, or neither, or what is understood cannot be stored.
    """
    context = ParseContext(now=NOW, zone=zone, roster=ROSTER)
    parsed = parse(text, context)
    assert parsed.command in _NAMES, parsed.command
    assert parsed.ok == (not parsed.problems)
    assert (parsed.draft is not None) == (parsed.ok and parsed.command == "log")
    for problem in parsed.problems:
        assert 0 <= problem.start <= problem.end <= len(text), "it marks what is not there"
        assert problem.message.strip()
        assert len(problem.example) < MAX_TEXT
        if is_whole(problem.example):
            assert parse(problem.example, context).ok, f"its example does not work: {problem.example}"
    json.dumps(as_json(parsed))
    for line in parsed.draft.lines if parsed.draft else ():
        _check_line(line, context)
    return parsed


def _check_line(line: DraftLine, context: ParseContext) -> None:
    """Each entry, also of each answer to a question, may be stored as it is."""
    today = context.local_now.date()
    answers = [choice.requests for choice in line.question.choices] if line.question else []
    assert line.requests
    for request in (one for requests in (line.requests, *answers) for one in requests):
        assert request.patient.identity or request.patient.handle
        assert 0 < request.seconds <= context.limits.max_entry_seconds
        assert today - timedelta(days=context.limits.backdate_days) <= request.service_date <= today
        assert len(request.note) <= context.limits.note_characters
        request.note.encode("utf-8")
        assert "\n" not in request.note


class _Receipts:
    """A practice in which what was understood is logged."""

    def __init__(self, url: str, tally: KeptTally) -> None:
        self._database, self._tally = Database.open(url), tally
        self._practice = TryPractice(self._database)
        self._practice.clock.at = max(NOW, PRACTICE_NOW)
        self._ana = self._practice.member("Ana Flores", MemberRole.SUPERVISOR, MemberRole.CARE_MANAGER)
        for identity in sorted(ROSTER):
            self._practice.patient(identity)

    def keep(self, draft: LogDraft) -> None:
        """Log, and hold the receipt against the ledger: each entry that it shows is there, and no other came."""
        before = self._practice.see(_on_file)
        done = self._refused_or(lambda: self._practice.do(log.log, self._ana, draft))
        after = self._practice.see(_on_file)
        came = {key: value for key, value in after.items() if key not in before}
        shown = {}
        if isinstance(done, Receipt):
            shown = {
                view.entry.entry_id: (view.entry.seconds, view.entry.service_date) for view in done.entries
            }
        for entry_id in shown.keys() - came.keys():
            self._tally.wrong("lost", f"the receipt shows {shown[entry_id]}, and it is not on file: {draft}")
        for entry_id in came.keys() - shown.keys():
            self._tally.wrong("faults", f"stored without a word: {came[entry_id]} of {draft}")
        assert all(came[key] == value for key, value in shown.items() if key in came)
        self._tally.met["stored" if shown else "asked or refused"] += 1
        # Nobody works for more than 16 hours a day.
        self._practice.do(_clear, self._ana.member_id, sorted(came))

    @staticmethod
    def _refused_or(work: Callable[[], object]) -> object:
        try:
            return work()
        except Refusal as refusal:
            return refusal.sentence

    def close(self) -> None:
        """Let go of the database."""
        self._database.close()


def _on_file(context: Context) -> dict[int, tuple[int, date]]:
    return {
        one.entry_id: (one.seconds, one.service_date) for one in context.uow.ledger.month(date.min, date.max)
    }


def _clear(context: Context, by: int, entries: list[int]) -> None:
    context.uow.ledger.void(entries, by=by, at=context.now, reason="the example is over")
    context.uow.commit()
