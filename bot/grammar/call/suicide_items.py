"""Takes what was answered about suicide off a line of scores: `item9 2`, `q9: 2`, `C-SSRS 4`, `C-SSRS negative`."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from billing.clinical import Scale
from billing.safety import HIGHEST_ANSWER, HIGHEST_QUESTION, ITEMS, POSITIVE, range_of_total
from bot.grammar.call.claimed import Found
from bot.grammar.call.line import CallLine
from bot.grammar.text.blanks import Blank, Part
from bot.grammar.text.phrases import quoted
from services.care.requests import Measured

_RANGE = "Item {item} of the {scale} is answered from 0 to {highest}; {word} is none of these."
_NO_ANSWER = "{word} has no answer after it. Write 0 to {highest} after it: item{item} 2."
_NO_SCALE = "Item {item} is answered as part of a {scales}. Write the total with it."
_OTHER_ITEM = (
    "The {scale} asks about suicide in item {item}, not in item {typed}. Only that item is kept by itself."
)
_TWICE = "Item {item} is there twice. Keep one answer."
_BEYOND = (
    "{scale} {total} does not go with item {item}: {answer}. With that answer the total is {least} to {most}."
)
_LEVEL = (
    "{word} is not a result of the C-SSRS screener. Write the highest question answered with yes, 1 to {highest}, or "
    "0; or write positive or negative."
)
_TWO_RESULTS = "The C-SSRS has two results. Keep one."


class AnswerProblem(StrEnum):
    """What can be wrong with an answer about suicide."""

    ANSWER_RANGE = "answer_range"
    NO_ANSWER = "no_answer"
    NO_SCALE = "answer_without_scale"
    TWO_ANSWERS = "two_answers"
    BEYOND_TOTAL = "answer_beyond_total"


_POSITIVE = r"positive|pos|\+|yes|endorsed"
_NEGATIVE = r"negative|neg|no|none|denied|-(?!\s*\d)"
_BETWEEN = r"(?:\s*[:=(>,]\s*|\s+(?:scored?|score|answer(?:ed)?|of|was|is|at)\b)*\s*"
_OUT_OF = r"(?:\s*(?:/|of|out of)\s*(?P<out>\d+))?"
_FIGURE = r"(?<![\d-])(?P<figure>-?\d+(?:\.\d+)?)(?![\d.]*\d)"
#: The answers as the form prints them.
_WORDED = {
    "not at all": 0,
    "zero": 0,
    "several days": 1,
    "one": 1,
    "more than half the days": 2,
    "more than half": 2,
    "two": 2,
    "nearly every day": 3,
    "three": 3,
}
_WORDS = "|".join(_WORDED)
#: What speaks of suicide: a line that is suggested keeps a place for it.
_SPEAKS = re.compile(
    r"\b(?:si|s/i|suicid\w*|self[\s-]?harm\w*|better off dead|item|itm|question|columbia)\b"
    r"|(?<!\w)[#(i]?(?:9|10)(?:th)?(?!\w)"
)
_ITEM = re.compile(
    r"(?:\(\s*)?(?:(?<![a-z])(?:(?:item|question|itm|q)[\s.-]*(?:no\.?|number)?\s*#?\s*|i)"
    r"(?P<item>9|10|nine|ten)(?!\d)"
    r"|(?<![\w/-])(?P<nth>9th|10th|ninth|tenth)\s+(?:item|question)\b"
    r"|(?<!\w)#(?P<bare>9|10)(?=\s*[:=]))"
    rf"(?:{_BETWEEN}(?:{_FIGURE}{_OUT_OF}(?![\w/])|(?P<yes>{_POSITIVE})(?!\w)|(?P<no>{_NEGATIVE})(?!\w)"
    rf"|(?P<worded>{_WORDS})(?!\w)))?\)?"
)
_SCREEN = re.compile(
    r"\b(c[\s-]?ssrs|columbia(?:\s+(?:scale|protocol))?)(?!\w)"
    r"(?:\s+(?:screen(?:er|ing)?|triage|result|came back|scored?|score|is|was|of|at)\b|\s*[:=,(>])*\s*"
    rf"(?:(?P<yes>{_POSITIVE})(?!\w)|(?P<no>{_NEGATIVE})(?!\w))?"
    r"(?:\s*,?\s*\(?\s*(?:(?:through|level|question|highest|item|screen|to|at|q)\s*)*#?"
    rf"(?P<figure>-?\d+(?:\.\d+)?){_OUT_OF}(?![\d./]*\d)(?!\w)\)?"
    r"(?P<more>(?:\s*(?:,|&|\+|-|to|and|through)\s*(?:q|#)?\d(?![\w/]))+)?)?"
    rf"(?:\s+(?:(?P<yes_too>{_POSITIVE})|(?P<no_too>{_NEGATIVE}))(?!\w))?\)?"
)
_NUMBERS = {"nine": 9, "ten": 10, "9th": 9, "ninth": 9, "10th": 10, "tenth": 10}


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemAnswer:
    """An item's answer as typed: what it is of, and where it stood."""

    item: int
    #: None after a problem.
    answer: int | None
    found: Found


def names_answer(plain: str) -> bool:
    """Whether something stands in the words that `take_items` or `take_screen` would cut."""
    return _ITEM.search(plain) is not None or _SCREEN.search(plain) is not None


def take_items(line: CallLine) -> list[ItemAnswer]:
    """Cut every answer to item 9 or 10, before its figures can be taken for a patient or a score."""
    taken = []
    for match in list(_ITEM.finditer(line.plain)):
        found = line.cut(match)
        typed = match["item"] or match["nth"] or match["bare"]
        item = _NUMBERS.get(typed) or int(typed)
        taken.append(ItemAnswer(item=item, answer=_item_answer(line, found, item, match), found=found))
    return taken


def _item_answer(line: CallLine, found: Found, item: int, match: re.Match[str]) -> int | None:
    scale = next(scale.value for scale, number in ITEMS.items() if number == item)
    if match["yes"] or match["no"]:
        return POSITIVE if match["yes"] else 0
    if match["worded"]:
        return _WORDED[match["worded"]]
    figure, out_of = match["figure"], match["out"]
    if figure is None:
        message = _NO_ANSWER.format(word=quoted(found.shown.strip(" ()")), highest=HIGHEST_ANSWER, item=item)
        line.find(AnswerProblem.NO_ANSWER, message, found.start, found.end)
        return None
    fits = figure.isdigit() and int(figure) <= HIGHEST_ANSWER
    if not fits or (out_of is not None and int(out_of) != HIGHEST_ANSWER):
        word = quoted(figure if not fits else f"{figure}/{out_of}")
        message = _RANGE.format(item=item, scale=scale, highest=HIGHEST_ANSWER, word=word)
        line.find(AnswerProblem.ANSWER_RANGE, message, found.start, found.end)
        return None
    return int(figure)


def take_screen(line: CallLine) -> tuple[Measured, Found] | None:
    """Cut the result of a C-SSRS screener, with where it stood."""
    results: list[tuple[Measured, Found]] = []
    for match in list(_SCREEN.finditer(line.plain)):
        found = line.cut(match)
        answer = _level(match)
        if answer is None:
            word = quoted(found.shown.strip(" (),"))
            message = _LEVEL.format(word=word, highest=HIGHEST_QUESTION)
            end = found.start + len(found.shown.rstrip(" (,"))
            line.find(AnswerProblem.ANSWER_RANGE, message, found.start, end)
            continue
        value = 1 if answer == POSITIVE else answer
        results.append((Measured(scale=Scale.CSSRS, value=value, answer=answer), found))
        if results[-1][0] != results[0][0]:
            line.find(AnswerProblem.TWO_ANSWERS, _TWO_RESULTS, found.start, found.end)
    return results[0] if len({measured for measured, _ in results}) == 1 else None


def _level(match: re.Match[str]) -> int | None:
    """The highest question answered with yes; None for what is none, or says two things."""
    yes, no = match["yes"] or match["yes_too"], match["no"] or match["no_too"]
    figure, out_of = match["figure"], match["out"]
    if figure is None:
        return None if bool(yes) == bool(no) else POSITIVE if yes else 0
    fits = figure.isdigit() and int(figure) <= HIGHEST_QUESTION and not match["more"]
    if not fits or (out_of is not None and int(out_of) != HIGHEST_QUESTION):
        return None
    level = int(figure)
    return None if (yes and not level) or (no and level) else level


def with_items(
    line: CallLine, scores: Mapping[Scale, tuple[Measured, Found]], items: list[ItemAnswer]
) -> list[Measured]:
    """The scores with the answers to their items; what belongs to none, or goes with none, is a problem."""
    answers: dict[Scale, ItemAnswer] = {}
    for one in tuple(items):
        scale = _scale_of(line, scores, one)
        if scale is None:
            continue
        if scale in answers and answers[scale].answer != one.answer:
            line.find(AnswerProblem.TWO_ANSWERS, _TWICE.format(item=one.item), one.found.start, one.found.end)
            # Which of the two holds is for the person to say.
            items.append(replace(one, answer=None))
            answers[scale] = items[-1]
        answers.setdefault(scale, one)
    made = []
    for scale, (score, _) in scores.items():
        said = answers.get(scale)
        if said is not None and said.answer is not None:
            _check_total(line, score, said)
            made.append(replace(score, answer=said.answer))
        else:
            made.append(score)
    return made


def _scale_of(
    line: CallLine, scores: Mapping[Scale, tuple[Measured, Found]], one: ItemAnswer
) -> Scale | None:
    """The scale that an item is of: the nearest before it, else the first one of the line."""
    asking = {scale: found for scale, (_, found) in scores.items() if scale in ITEMS}
    fitting = {scale: found for scale, found in asking.items() if ITEMS[scale] == one.item}
    if fitting:
        before = {scale: found for scale, found in fitting.items() if found.start < one.found.start}
        return max(before, key=lambda scale: before[scale].start) if before else next(iter(fitting))
    if asking:
        scale = next(iter(asking))
        message = _OTHER_ITEM.format(scale=scale.value, item=ITEMS[scale], typed=one.item)
    else:
        scales = " or ".join(scale.value for scale, item in ITEMS.items() if item == one.item)
        message = _NO_SCALE.format(item=one.item, scales=scales)
    line.find(AnswerProblem.NO_SCALE, message, one.found.start, one.found.end)
    return None


def _check_total(line: CallLine, score: Measured, said: ItemAnswer) -> None:
    answer = 1 if said.answer == POSITIVE else said.answer
    assert answer is not None, "only an answer is checked"
    least, most = range_of_total(score.scale, answer)
    if said.answer == POSITIVE:
        most = score.scale.highest or most
    if not least <= score.value <= most:
        message = _BEYOND.format(
            scale=score.scale.value,
            total=score.value,
            item=said.item,
            answer="positive" if said.answer == POSITIVE else said.answer,
            least=least,
            most=most,
        )
        line.find(AnswerProblem.BEYOND_TOTAL, message, said.found.start, said.found.end)


def suggested(scores: list[Measured], items: list[ItemAnswer], left: str = "") -> list[Part]:
    """The scores as a line that is suggested: an answer that was not understood is a gap.

    Args:
        scores: what was understood.
        items: the answers about suicide that were found.
        left: words that were not understood; where they speak of suicide, no line leaves that out.
    """
    parts: list[Part] = []
    lacking = {one.item for one in items if one.answer is None}
    if not items and _SPEAKS.search(left):
        lacking = {ITEMS[score.scale] for score in scores if score.scale in ITEMS and score.answer is None}
    loose = [one for one in items if not any(ITEMS.get(score.scale) == one.item for score in scores)]
    for score in scores:
        parts += _suggested(score, lacks_answer=ITEMS.get(score.scale) in lacking)
    for one in loose[:1]:
        scale = next((score.scale for score in scores if score.scale in ITEMS), None)
        answer = "positive" if one.answer == POSITIVE else "___" if one.answer is None else str(one.answer)
        if scale is not None:
            parts.append(Blank(f"item{ITEMS[scale]} ___", ""))
        else:
            owner = next(scale for scale, item in ITEMS.items() if item == one.item)
            total = f"{owner.value} {3 if one.answer is None or one.answer == POSITIVE else one.answer}"
            sample = f"{total} item{one.item} {answer if one.answer is not None else 1}"
            parts.append(Blank(f"{owner.value} ___ item{one.item} {answer}", sample))
    return parts


def _suggested(score: Measured, *, lacks_answer: bool) -> list[Part]:
    name = score.scale.value
    if score.scale is Scale.CSSRS:
        return [f"{name} positive" if score.answer == POSITIVE else f"{name} {score.value}"]
    parts: list[Part] = [f"{name} {score.value}"]
    if lacks_answer:
        least = max(0, score.value - range_of_total(score.scale, 0)[1])
        parts.append(Blank(f"item{ITEMS[score.scale]} ___", f"item{ITEMS[score.scale]} {least}"))
    elif score.answer is not None:
        least, most = range_of_total(score.scale, max(score.answer, 1 if score.answer == POSITIVE else 0))
        said = "positive" if score.answer == POSITIVE else str(score.answer)
        if least <= score.value <= most or score.answer == POSITIVE:
            parts.append(f"item{ITEMS[score.scale]} {said}")
        else:
            item = ITEMS[score.scale]
            parts = [Blank(f"{name} ___ item{item} ___", f"{name} 3 item{item} 1")]
    return parts
