"""Reads case reviews of several lines: each with words of its own, or under one heading whose time they share."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from billing.durations import split_evenly, spoken
from bot.grammar.call.command import Call
from bot.grammar.call.line import CallLine, CareArguments
from bot.grammar.call.reviews import (
    SENT,
    ReviewLine,
    check_sending,
    divided,
    find_too_long,
    names_patient,
    read_review_line,
    refused_review,
)
from bot.grammar.log.entries import EACH, SPLIT
from bot.grammar.log.line import read_log_line
from bot.grammar.parsed import Parsed
from bot.grammar.problems import ParseProblem, ProblemCode
from bot.grammar.text.lines import Line, put_together
from bot.grammar.text.phrases import quoted
from services.care.requests import Review, Reviews
from services.entries.requests import LogRequest

#: `hour`, as a meeting is called, before everything else.
HOUR = re.compile(r"^\W*(?:the\s+)?hour\b")
_SHARED = re.compile(r"\b(split|each|apiece)\b")
_BULLET = re.compile(r"\s*(?:[-*•·>]+\s+|\(?\d{1,2}[.)]\s+)(?=\S)")
_VERB = re.compile(r"\s*(?:case\s+)?review(?:ed)?\b[:,]?")
_WORD = re.compile(r"\s*([a-z]+)\b")
#: Words that are commands, and dates as well.
_DAYS = frozenset({"today", "week", "month"})
#: Stands for the patients below a heading.
_BELOW = " MRN0"
_OTHER_COMMAND = "{word} is another command. Send that line as a message by itself."
_HEADING_WORDS = (
    "{words} is on the first line, which names no patient. Put it on the line of each patient it is about."
)
_WHOLE_OR_EACH = (
    "{time} stands over {count} patients. Is it one meeting that they share, or that long for each?"
)
_TOO_SHORT = "{time} is less than one second for each of the patients below."
_NOTHING_LEFT = (
    "The lines' own minutes are {own}, and the heading has {total} for all. Correct one of them: what the lines leave "
    "is divided over the patients without minutes of their own."
)
_DO_NOT_ADD_UP = (
    "The lines' own minutes are {own} together, and the heading has {total}. Correct one of them, or leave out the "
    "time of the heading."
)
NO_LINES = "No patient: write each one's MRN on a line of its own below, such as MRN123 continue sertraline."
_DATED_TODAY = "Dated today, though other lines have a date of their own: {who}."


@dataclass(slots=True)
class _Heading:
    """What stands over the lines, and holds for each that says nothing else."""

    review: Review | None = None
    dated: bool = False
    #: How its time is meant; None where it was not said.
    share: str | None = None
    #: Of its time, one patient's entry.
    entry: LogRequest | None = None


def read_several(call: Call) -> Parsed:
    """Every line's review, or every problem of all of them."""
    reader = _Reader(call)
    lines = [call.lines[0], *(_bare(line) for line in call.lines[1:])]
    for number, line in enumerate(lines):
        if any(char.isalnum() for char in line.plain):
            reader.take(line, first=number == 0)
    return reader.parsed()


def _bare(line: Line) -> Line:
    """A later line without its bullet and the verb, which may be left out."""
    for lead in (_BULLET, _VERB):
        if match := lead.match(line.plain):
            line = line.cut(match.end())
    return line


class _Reader:
    """The lines of one message, read one after another."""

    def __init__(self, call: Call) -> None:
        self._call = call
        self._heading = _Heading()
        self._heading_line: CallLine | None = None
        self._read: list[ReviewLine] = []
        self._problems: list[ParseProblem] = []
        others = {word for command in call.commands for word in command.words}
        self._others = others - set(call.command.words) - _DAYS

    def take(self, line: Line, *, first: bool) -> None:
        """Read one line."""
        alone = replace(self._call, lines=[line], whole=line)
        named = names_patient(line, alone)
        if first and not named:
            self._take_heading(alone)
            return
        own = CallLine(alone)
        word = _WORD.match(line.plain)
        if not first and named and word is not None and word[1] in self._others:
            own.find(ProblemCode.EXTRA_WORDS, _OTHER_COMMAND.format(word=quoted(word[1])), *word.span(1))
            self._refuse(own, "")
            return
        if not named and self._read and not read_log_line(line, alone.context).has_time:
            self._go_on(own)
            return
        share = SPLIT if first and own.take(HOUR) else EACH
        self._add(read_review_line(alone, own, share))

    def _add(self, read: ReviewLine) -> None:
        if read.review is None:
            self._refuse(read.line, read.example)
        self._read.append(read)

    def _refuse(self, line: CallLine, example: str) -> None:
        self._problems += refused_review(line, example).problems

    def _go_on(self, own: CallLine) -> None:
        """More words of the recommendation above, and perhaps that it was sent."""
        last = self._read[-1]
        if last.review is None:
            return
        sent = own.take(SENT)
        review = last.review
        if sent is not None:
            review = replace(review, sent_on=own.past(sent))
            check_sending(own, review, sent)
        words = "; ".join(part for part in (review.recommendation.rstrip(";"), own.rest()) if part)
        find_too_long(own, words)
        if own.problems:
            self._refuse(own, "")
        self._read[-1] = replace(last, review=replace(review, recommendation=words))

    # -- the heading -------------------------------------------------------------------------------------

    def _take_heading(self, alone: Call) -> None:
        own = CallLine(alone)
        share = SPLIT if own.take(HOUR) else None
        if said := own.take(_SHARED):
            share = SPLIT if said.group == "split" else EACH
        self._heading_line = own
        self._heading.share = share
        if not any(char.isalnum() for char in own.plain):
            return
        below = put_together((own.remaining(), _BELOW))
        read = read_review_line(alone, CallLine(replace(alone, lines=[below])), EACH)
        if read.review is None:
            self._refuse(read.line, "")
            return
        if read.review.recommendation:
            words = quoted(read.review.recommendation)
            own.find(ProblemCode.EXTRA_WORDS, _HEADING_WORDS.format(words=words))
            self._refuse(own, "")
            return
        self._heading.review, self._heading.dated = read.review, read.dated
        self._heading.entry = read.review.entries[0] if read.review.entries else None

    def _under_heading(self) -> list[Review]:
        """The lines with what the heading says of those that say nothing else."""
        heading = self._heading.review
        found = [read.review for read in self._read if read.review is not None]
        if heading is None:
            return found
        under = []
        for read in self._read:
            review = read.review
            if review is None:
                continue
            if review.by is None and not review.participants:
                review = replace(review, by=heading.by, participants=heading.participants)
            if self._heading.dated and not read.dated:
                review = replace(review, on=heading.on, entries=_on(review.entries, heading))
            under.append(replace(review, sent_on=review.sent_on or heading.sent_on))
        return under

    def _timed(self, under: list[Review], share: str) -> list[Review]:
        """The heading's time, for each patient or divided over those without minutes of their own."""
        entry = self._heading.entry
        if entry is None:
            return under
        untimed = [ref for review in under if not review.entries for ref in review.patients]
        shares = [entry.seconds] * len(untimed)
        if share == SPLIT:
            shares = self._shares(entry.seconds, under, len(untimed))
        left = iter(shares)
        return [
            review
            if review.entries
            else replace(
                review,
                entries=tuple(
                    _entry(replace(entry, patient=ref), review, next(left, 0), share)
                    for ref in review.patients
                ),
            )
            for review in under
        ]

    def _shares(self, total: int, under: Sequence[Review], untimed: int) -> list[int]:
        """Whole seconds that, with the lines' own, add up to the meeting's."""
        own = sum(one.seconds for review in under for one in review.entries)
        said = {"own": spoken(own), "total": spoken(total)}
        assert self._heading_line is not None, "a heading has its line"
        message = ""
        if not untimed:
            message = _DO_NOT_ADD_UP.format(**said) if own != total else ""
        elif own >= total:
            message = _NOTHING_LEFT.format(**said)
        elif total - own < untimed:
            message = _TOO_SHORT.format(time=spoken(total - own))
        if message:
            self._heading_line.find(ProblemCode.TOO_SHORT_TO_SPLIT, message)
            self._refuse(self._heading_line, "")
            return [1] * untimed
        shares = list(split_evenly(total - own, untimed)) if untimed else []
        if len(shares) > 1:
            self._heading_line.remarks.append(divided(shares))
        return shares

    # -- the whole ---------------------------------------------------------------------------------------

    def parsed(self) -> Parsed:
        """The message understood, or refused for all that is wrong with it."""
        command = self._call.command.name
        if not self._read and not self._problems:
            line = self._heading_line or CallLine(self._call)
            line.find(ProblemCode.NO_PATIENT, NO_LINES)
            self._refuse(line, "")
        found = self._under_heading() if not self._problems else []
        if self._heading.entry is not None and self._heading.share is None and found:
            return self._how_long(self._heading.entry.seconds, found)
        if self._heading.share is not None and found:
            found = self._timed(found, self._heading.share)
        if self._problems:
            ordered = tuple(sorted(self._problems, key=lambda one: (one.line, one.start)))
            return Parsed(command=command, problems=ordered)
        if len(found) == 1:
            only = replace(found[0], remarks=(*self._of_heading(), *found[0].remarks))
            return Parsed(command=command, arguments=CareArguments(request=only))
        return Parsed(command=command, arguments=CareArguments(request=self._asked(found)))

    def _asked(self, found: Sequence[Review]) -> Reviews:
        """The reviews, with what was said of any of them."""
        return Reviews(
            lines=tuple(replace(one, remarks=()) for one in found),
            remarks=(*self._of_heading(), *(said for one in found for said in _named(one)), *self._undated()),
        )

    def _of_heading(self) -> tuple[str, ...]:
        """What is said of the heading: how its date was read, and how its time is divided."""
        of_line = tuple(self._heading_line.remarks) if self._heading_line else ()
        return of_line if self._heading.review is None else (*self._heading.review.remarks, *of_line)

    def _how_long(self, total: int, found: list[Review]) -> Parsed:
        """Minutes over several lines of which nobody said whose they are: asked, with both readings kept."""
        command = self._call.command.name
        untimed = sum(len(review.patients) for review in found if not review.entries)
        asked = self._asked(found)
        if untimed <= 1:
            found = self._timed(found, SPLIT)
            if self._problems:
                return Parsed(command=command, problems=tuple(self._problems))
            return Parsed(command=command, arguments=CareArguments(request=self._asked(found)))
        divided_, each = self._timed(found, SPLIT), self._timed(found, EACH)
        answers = [] if self._problems else [(_divided_label(divided_, found), _silent(divided_))]
        answers.append((f"{spoken(total)} each", _silent(each)))
        asks = _WHOLE_OR_EACH.format(time=spoken(total), count=untimed)
        request = replace(asked, asks=asks, answers=tuple(answers))
        return Parsed(command=command, arguments=CareArguments(request=request))

    def _undated(self) -> tuple[str, ...]:
        """That some lines are dated today only because they say nothing, where others say a day."""
        if self._heading.dated or not any(read.dated for read in self._read):
            return ()
        silent = [read.review for read in self._read if read.review is not None and not read.dated]
        silent = [one for one in silent if not one.is_word_of_sending]
        if not silent:
            return ()
        who = ", ".join(ref.text for one in silent for ref in one.patients)
        return (_DATED_TODAY.format(who=who),)


def _silent(found: Sequence[Review]) -> tuple[Review, ...]:
    return tuple(replace(one, remarks=()) for one in found)


def _divided_label(divided_over: Sequence[Review], before: Sequence[Review]) -> str:
    """`One meeting, 16 min 40 s each`."""
    shares = {
        entry.seconds
        for review, was in zip(divided_over, before, strict=True)
        if not was.entries
        for entry in review.entries
    }
    return f"One meeting, {' or '.join(map(spoken, sorted(shares)))} each"


def _named(review: Review) -> tuple[str, ...]:
    """What is said of one line, with its patients."""
    who = ", ".join(ref.text for ref in review.patients)
    return tuple(f"{who}: {remark}" for remark in review.remarks)


def _on(entries: tuple[LogRequest, ...], heading: Review) -> tuple[LogRequest, ...]:
    """Entries on the heading's date; clock times of their own stand for another day, and go."""
    return tuple(
        replace(one, service_date=heading.on)
        if one.started_at is None
        else replace(one, service_date=heading.on, started_at=None, ended_at=None)
        for one in entries
    )


def _entry(entry: LogRequest, review: Review, seconds: int, share: str) -> LogRequest:
    """One patient's part of the heading's time; what is divided has no clock times of its own."""
    shared = share == SPLIT
    return replace(
        entry,
        seconds=seconds if shared else entry.seconds,
        service_date=review.on,
        started_at=None if shared or entry.service_date != review.on else entry.started_at,
        ended_at=None if shared or entry.service_date != review.on else entry.ended_at,
        note=review.recommendation,
    )
