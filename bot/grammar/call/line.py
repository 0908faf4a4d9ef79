"""Takes patients, people and dates off a command's line; what is left is a reason or a problem."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from bot.grammar.call import sentences
from bot.grammar.call.claimed import Found, Problem
from bot.grammar.call.command import Call
from bot.grammar.log import sentences as log_sentences
from bot.grammar.log.patients import patient_ref
from bot.grammar.parsed import Arguments, Parsed
from bot.grammar.problems import ParseProblem, ProblemCode
from bot.grammar.text.blanks import GAP, Blank, Part, sampled, shown
from bot.grammar.text.lines import Line, line_of
from bot.grammar.text.phrases import all_quoted, full_day, listed, quoted
from bot.grammar.text.scan import (
    DATE,
    NUMBER,
    PATIENT,
    WEAK_DATE,
    Item,
    scan,
)
from bot.grammar.when.dates import DateReading, Doubt, date_of
from services.care.requests import CareRequest
from services.people.patient_ref import PatientRef

#: A date further back is a slip of the year.
MOST_YEARS = 5
_YEAR_DAYS = 366
#: Stands in the plain form for what has been cut: a separator to the scanner, and no blank to a pattern.
CUT = "|"
_DIGITS = re.compile(r"(?:(?:for|with|re|patient|pt)[.:]?\s+|w/\s*)*(\d+)(?:'s)?")
_DATES = frozenset({DATE, WEAK_DATE})
_EDGES = " \u00a0,;:.-\u2010\u2011\u2012\u2013\u2014|·&/"


@dataclass(frozen=True, slots=True, kw_only=True)
class CareArguments(Arguments):
    """What a command about care asks for."""

    request: CareRequest


class CallLine:
    """One line of a command whose every word means something."""

    def __init__(self, call: Call) -> None:
        self.call = call
        self.line: Line = call.lines[0]
        self.now = call.context.local_now
        self.today = self.now.date()
        self.problems: list[Problem] = []
        self.remarks: list[str] = []
        #: True when the words deny what the command would record: no line is suggested then.
        self.says_otherwise = False
        #: Stands for a date that cannot be.
        self._open_day: Blank | None = None
        self._plain = self.line.plain
        self._later_lines = call.lines[1:]
        #: What `patient` has cut.
        self.named_patients: tuple[Item, ...] = ()

    # -- claiming ----------------------------------------------------------------------------------------

    @property
    def plain(self) -> str:
        """The plain form, what has been cut marked."""
        return self._plain

    def take(self, pattern: re.Pattern[str]) -> Found | None:
        """Cut the first stretch that a pattern matches."""
        match = pattern.search(self._plain)
        return None if match is None else self.cut(match)

    def take_all(self, pattern: re.Pattern[str]) -> list[Found]:
        """Cut every stretch that a pattern matches."""
        return [self.cut(match) for match in list(pattern.finditer(self._plain))]

    def cut(self, match: re.Match[str]) -> Found:
        """Cut what a pattern matched in `plain`."""
        found = self.claim(match.start(), match.end())
        group = match.span(1) if match.re.groups and match[1] is not None else (0, 0)
        return Found(
            plain=found.plain,
            shown=found.shown,
            start=found.start,
            end=found.end,
            group=self.line.plain[slice(*group)],
            shown_group=self.line.shown[slice(*group)],
        )

    def claim(self, start: int, end: int) -> Found:
        """Cut a stretch of the line."""
        found = Found(plain=self._plain[start:end], shown=self.line.shown[start:end], start=start, end=end)
        self._plain = self._plain[:start] + CUT * (end - start) + self._plain[end:]
        return found

    def items(self, *kinds: str) -> list[Item]:
        """What is left, cut into items; of some kinds only, where they are given."""
        return [
            item
            for item in scan(self._plain, self.call.context.mrn_pattern, several_days=False)
            if not kinds or item.kind in kinds
        ]

    def patient(self) -> PatientRef | None:
        """Cut the one patient; a bare number needs no roster here, for it can be nothing else."""
        named = self.items(PATIENT)
        bare = [item for item in self.items(NUMBER) if _DIGITS.fullmatch(self._plain[item.start : item.end])]
        if not named and not bare:
            self.find(ProblemCode.NO_PATIENT, sentences.NO_PATIENT)
            return None
        first, others = (named or bare)[0], named[1:]
        refs = [self.ref(item) for item in (first, *others)]
        for item, ref in zip(others, refs[1:], strict=True):
            if (ref.identity, ref.handle) != (refs[0].identity, refs[0].handle):
                word = quoted(self.line.shown[item.start : item.end])
                message = sentences.ONE_PATIENT.format(word=word, command=self.call.command.name)
                self.find(ProblemCode.TWO_PATIENTS, message, item.start, item.end)
        self.named_patients = (first, *others)
        for item in self.named_patients:
            self.claim(item.start, item.end)
        return refs[0]

    def ref(self, item: Item) -> PatientRef:
        """The patient that an item names."""
        context = self.call.context
        return patient_ref(
            self._plain[item.start : item.end], self.line.shown[item.start : item.end], context.mrn_pattern
        )

    def members(self, leads: str, *, bare: bool = True) -> list[Found]:
        """Cut people named with `@` behind one of the lead words, or `bare` of any; the group is who was meant."""
        lead = rf"(?:\b(?:{leads})\s+)"
        return self.take_all(re.compile(rf"{lead}{'?' if bare else ''}@\s?([\w.'\uf8ff-]+)"))

    def who(self, member: Found) -> str:
        """The Slack user id of a picked mention, or the name as typed."""
        at = self.line.plain.index("@", member.start)
        picked = self.line.mentions.get(at)
        return picked[1] if picked else member.shown_group.rstrip(".")

    def one_member(self, leads: str, *, bare: bool = True) -> str | None:
        """Cut the one person named with `@`; a second one is a problem."""
        found = self.members(leads, bare=bare)
        named = {self.who(member): member for member in reversed(found)}
        if len(named) > 1:
            shown = all_quoted(f"@{member.shown_group}" for member in found)
            message = sentences.TWO_MEMBERS.format(words=shown, command=self.call.command.name)
            self.find(ProblemCode.TWO_MEMBERS, message, found[0].start, found[-1].end)
        return self.who(found[0]) if found else None

    # -- dates -------------------------------------------------------------------------------------------

    def day(self) -> date | None:
        """Cut every date left; the one past day that they name, today when there is none.

        None after a problem.
        """
        found = [self.claim(item.start, item.end) for item in self.items(*_DATES)]
        return self.one_past(found) if found else self.today

    def given_day(self) -> date | None:
        """As `day`, but None when no date is left."""
        return self.day() if self.items(*_DATES) else None

    def day_behind(self, leads: str) -> tuple[Found | None, date | None]:
        """Cut a lead word with the past date behind it: the words and the day; the day is None after a problem."""
        found = self._behind(leads)
        if found is None:
            return None, None
        return found, self.past(found) if found.group else None

    def ahead_behind(self, leads: str) -> tuple[Found | None, date | None]:
        """As `day_behind`, for a day that may be still to come."""
        found = self._behind(leads)
        if found is None:
            return None, None
        return found, self.ahead(found) if found.group else None

    def _behind(self, leads: str) -> Found | None:
        match = re.search(rf"\b(?:{leads})\b[:=]?\s+(?!\|)", f"{self._plain} ")
        if match is None:
            return None
        start = match.start()
        after = next(
            (item for item in self.items() if item.start >= min(match.end(), len(self._plain))), None
        )
        if after is None or after.kind not in _DATES or after.start != match.end():
            word = self.line.shown[start : match.end()].strip()
            message = sentences.NEEDS_DATE.format(word=quoted(word), word_plain=word)
            self.find(ProblemCode.NO_DATE, message, start, start + len(word))
            return self.claim(start, start + len(word))
        group = self._plain[after.start : after.end]
        shown = self.line.shown[after.start : after.end]
        found = self.claim(start, after.end)
        return Found(
            plain=found.plain, shown=found.shown, start=start, end=after.end, group=group, shown_group=shown
        )

    def one_past(self, found: list[Found]) -> date | None:
        """The one past day that all of some dates name."""
        days = [self.past(one) for one in found]
        if None in days:
            return None
        if len(set(days)) > 1:
            message = sentences.TWO_DATES.format(words=listed([quoted(one.shown) for one in found]))
            self.find(ProblemCode.TWO_DATES, message, found[0].start, found[-1].end)
            return None
        return days[0]

    def past(self, found: Found) -> date | None:
        """The past date that some words name; None after a problem."""
        reading = date_of(found.group or found.plain, self.now)
        word = (found.shown_group or found.shown).removeprefix("on ")
        day = reading.day
        if day is None:
            self.no_day(ProblemCode.NO_SUCH_DATE, sentences.NO_SUCH_DATE.format(word=quoted(word)), found)
        elif day > self.today:
            self.no_day(ProblemCode.FUTURE, sentences.future(word, day), found)
        elif self._is_nearer_ahead(reading, day):
            self.no_day(ProblemCode.FUTURE, sentences.maybe_ahead(word, day), found)
        elif self.today - day > timedelta(days=MOST_YEARS * _YEAR_DAYS):
            self.no_day(ProblemCode.TOO_OLD, sentences.too_old(word, day, MOST_YEARS), found)
        elif reading.doubt is Doubt.TWO_READINGS and reading.other is not None:
            self.ask_which(found, (day, reading.other))
        else:
            if reading.weekday_only:
                self.remarks.append(log_sentences.took_date(word, day, self.today))
            return day
        return None

    def no_day(self, code: ProblemCode, message: str, found: Found) -> None:
        """A date that cannot be: its place is left open, never filled with today."""
        lead = found.shown.removesuffix(found.shown_group) if found.shown_group else "on "
        self._open_day = Blank(f"{lead}{GAP}", f"{lead}yesterday")
        self.find(code, message, found.start, found.end)

    def ask_which(self, found: Found, days: tuple[date, date]) -> None:
        """Two readings of a date that decides what counts: the line is offered with each."""
        word = quoted(found.shown_group or found.shown)
        message = log_sentences.ASK_DATE.format(first=full_day(days[0]), second=full_day(days[1]))
        lead = found.shown.removesuffix(found.shown_group) if found.shown_group else "on "
        for number, day in enumerate(sorted(days)):
            said = sentences.WHICH_DATE.format(word=word, question=message) if not number else ""
            said = said or sentences.OR_THIS_DATE.format(day=full_day(day))
            example = self._with_words(found, f"{lead}{day.month}/{day.day}/{day.year}")
            self.find(ProblemCode.TWO_DATES, said, found.start, found.end, example=example)

    def _with_words(self, found: Found, words: str) -> str:
        """The whole call with other words in the place of some."""
        typed = self.line.shown
        return " ".join(f"{self.call.command.name} {typed[: found.start]}{words}{typed[found.end :]}".split())

    def _is_nearer_ahead(self, reading: DateReading, day: date) -> bool:
        """`12/3`, said in November, is hardly the December of last year."""
        ago = (self.today - day).days
        yearless = reading.doubt is Doubt.SUPPLIED and not reading.past_only
        return yearless and ago > _YEAR_DAYS / 2

    def ahead(self, found: Found) -> date | None:
        """The date that some words name, which may be still to come; None after a problem."""
        group = found.group or found.plain
        reading = date_of(group, self.now)
        day, word = reading.day, found.shown_group or found.shown
        if day is None:
            message = sentences.NO_SUCH_DATE.format(word=quoted(word))
            self.find(ProblemCode.NO_SUCH_DATE, message, found.start, found.end)
            return None
        if day < self.today and reading.weekday_only:
            return day + timedelta(days=7)
        if day < self.today and reading.doubt is Doubt.SUPPLIED and not group.startswith(("the ", "on the ")):
            day = _next_year(day)
        if reading.past_only:
            self.find(ProblemCode.TOO_OLD, sentences.already_over(word, day), found.start, found.end)
            return None
        return day

    # -- what is left ------------------------------------------------------------------------------------

    def dates_left(self) -> list[Item]:
        """Dates that nothing has claimed, outside of double quotes."""
        return self.items(*_DATES)

    def take_item(self, item: Item) -> Found:
        """Cut an item."""
        return self.claim(item.start, item.end)

    def rest(self) -> str:
        """The person's own words that are left, as shown, joined."""
        parts, start = [], None
        for index, char in enumerate(f"{self._plain}{CUT}"):
            if char != CUT and start is None:
                start = index
            elif char == CUT and start is not None:
                part = self.line.shown[start:index].strip(_EDGES)
                parts += [part] if part else []
                start = None
        return " ".join(parts)

    def remaining(self) -> Line:
        """The line with blanks in the place of what has been cut; offsets go on pointing to the same characters."""
        if CUT not in self._plain:
            return self.line
        cut = [mark == CUT and typed != CUT for mark, typed in zip(self._plain, self.line.plain, strict=True)]
        return replace(
            self.line,
            shown="".join(" " if gone else char for gone, char in zip(cut, self.line.shown, strict=True)),
            plain="".join(" " if gone else char for gone, char in zip(cut, self.line.plain, strict=True)),
        )

    # -- answering ---------------------------------------------------------------------------------------

    def find(
        self,
        code: StrEnum,
        message: str,
        start: int | None = None,
        end: int | None = None,
        *,
        example: str | None = None,
    ) -> None:
        """Note a problem at a stretch of the shown form, or at the whole line."""
        if start is None or end is None:
            start, end = self.line.words
        self.problems.append(Problem(code=code, message=message, start=start, end=end, example=example))

    def understood(self, request: CareRequest) -> Parsed:
        """The message understood."""
        return Parsed(command=self.call.command.name, arguments=CareArguments(request=request))

    def refused(self, parts: Iterable[Part]) -> Parsed:
        """The message refused for every reason found, with a line made of the parts that fixes them all."""
        example = (
            ""
            if self.says_otherwise
            else self._fixed([part for part in (*parts, self._open_day or "") if part])
        )
        return Parsed(
            command=self.call.command.name,
            problems=tuple(
                self._problem(one, example if one.example is None else one.example)
                for one in sorted(self.problems, key=lambda one: one.start)
            ),
        )

    def _fixed(self, parts: list[Part]) -> str:
        """The command with those words, gaps in it for what only the person knows; nothing where that is no call."""
        command = self.call.command
        words = sampled(parts)
        if GAP in words:  # the gap is part of words that were tried elsewhere
            return f"{command.name} {shown(parts)}"
        trial = replace(
            self.call, lines=[line_of(words)], whole=line_of(f"{command.name} {words}"), commands=()
        )
        # Without commands the call is itself such a trial: nobody reads what its refusal offers.
        return f"{command.name} {shown(parts)}" if not self.call.commands or command.read(trial).ok else ""

    def _problem(self, one: Problem, example: str) -> ParseProblem:
        line = self.line if self.line.shown.strip() else self.call.whole
        start, end = (one.start, one.end) if line is self.line else (0, len(line.shown))
        begin, last = line.typed(start, end)
        return ParseProblem(
            code=one.code, message=one.message, start=begin, end=last, example=example, line=line.number
        )

    def refuse_more_lines(self) -> Parsed | None:
        """The refusal of a message with more lines than one."""
        later = next((line for line in self._later_lines if line.plain.strip()), None)
        if later is None:
            return None
        word = quoted(later.shown.strip())
        message = sentences.ONE_AT_A_TIME.format(word=word, command=self.call.command.name)
        alone = replace(self.call, lines=self.call.lines[:1])
        own = (
            f"{self.call.command.name} {self.line.shown.strip()}" if self.call.command.read(alone).ok else ""
        )
        return self.call.problem(ProblemCode.EXTRA_WORDS, message, example=own, line=later)


def _next_year(day: date) -> date:
    """The same date a year later; of February 29, the last of February."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return day.replace(year=day.year + 1, day=28)
