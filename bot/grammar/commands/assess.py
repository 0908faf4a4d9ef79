"""`assess MRN123 PHQ-9 14 GAD-7 11 on 11/3`: scores of validated scales."""

import re
from enum import StrEnum

from billing.clinical import Scale, scale_named
from bot.grammar.call.claimed import Found
from bot.grammar.call.command import Call, Command, Section
from bot.grammar.call.leftovers import names_other_command, refuse_leftovers, refuse_other_commands
from bot.grammar.call.line import CallLine
from bot.grammar.call.suicide_items import names_answer, suggested, take_items, take_screen, with_items
from bot.grammar.parsed import Parsed
from bot.grammar.text import blanks
from bot.grammar.text.blanks import Blank
from bot.grammar.text.phrases import listed, quoted
from bot.grammar.text.wordlists import words
from services.care.requests import Assess, Measured

_EXAMPLE = "assess MRN123 PHQ-9 14 GAD-7 11 on 11/3"
_NO_SCORE = "No score: add the scale and its score, such as PHQ-9 14."
_SCALE_WITHOUT_SCORE = "{word} has no score after it. Write the score after {word_plain}."
_UNKNOWN_SCALE = "{word} is not a scale that I know. The scales are {known}."
_TWO_SCORES = "{scale} is there twice. Keep one score."
_WHOLE_SCORE = "{word} is not a score: scores are whole numbers from 0."


class AssessProblem(StrEnum):
    """What can be wrong with scores besides `ProblemCode`."""

    NO_SCORE = "no_score"
    SCORE_RANGE = "score_range"
    UNKNOWN_SCALE = "unknown_scale"
    TWO_SCORES = "two_scores"


def _spelling(scale: Scale) -> str:
    """`phq-9`, `phq 9` and `phq9` alike."""
    parts = re.findall(r"[a-z]+|\d+", scale.value.lower())
    return r"[\s-]?".join(parts)


_SCALE = "|".join(
    sorted((_spelling(scale) for scale in Scale if scale is not Scale.CSSRS), key=len, reverse=True)
)
#: An item's answer may stand between: what was cut counts for nothing.
_BETWEEN = r"(?:\s*[:=(>|-]\s*|\s+(?:scored?|score|of|was|is|at|total)\b)*\s*"
#: A score may say what it is out of: `14/27`.
_SCORED = re.compile(
    rf"\b({_SCALE})(?![\w-]){_BETWEEN}(?<![\d-])(-?\d+(?:\.\d+)?)(?:\s*(?:/|of|out of)\s*(\d+))?(?![\w/.]*\d)\)?"
)
#: `scored 14 on the PHQ-9`, `a 14 on her PHQ-9`: the score first.
_SCORED_ON = re.compile(
    rf"\b(?:(?:has\s+)?scored?\s+(?:an?\s+)?|an?\s+|with\s+(?:an?\s+)?)(-?\d+)\s+(?:on|in)\s+(?:(?:the|a|her|his|their)\s+)?"
    rf"({_SCALE})(?![\w-])(?!\s*[:=]?\s*\d)"
)
_UNSCORED = re.compile(rf"\b({_SCALE})(?![\w-])")
#: What looks like a scale and its score, whatever the scale.
_UNKNOWN = re.compile(r"(?<![\w#])([a-z][a-z]{1,9}(?:-?[a-z\d]{1,3})?)\s*[:=]?\s*(\d{1,3})(?![\w/])")


def may_have_score(plain: str) -> bool:
    """False for words in which `read` finds no score, whatever else it makes of them; costs a tenth of it."""
    # What is cut before scores are looked for may stand between a scale and its score.
    return (
        _SCORED.search(plain) is not None
        or _SCORED_ON.search(plain) is not None
        or names_answer(plain)
        or names_other_command(plain)
    )


def read(call: Call) -> Parsed:
    """The patient, the day and at least one score."""
    line = CallLine(call)
    if more := line.refuse_more_lines():
        return more
    refuse_other_commands(line)
    items = take_items(line)
    scores = with_items(line, _with_screen(line, _scores(line)), items)
    for missing in line.take_all(_UNSCORED):
        word = missing.shown
        message = _SCALE_WITHOUT_SCORE.format(word=quoted(word), word_plain=word)
        line.find(AssessProblem.NO_SCORE, message, missing.start, missing.end)
    on = line.day()
    left = line.plain
    patient = line.patient()
    _find_unknown_scales(line)
    if not scores and not line.problems:
        line.find(AssessProblem.NO_SCORE, _NO_SCORE)
    refuse_leftovers(line)
    if line.problems or patient is None or on is None:
        shown = suggested(scores, items, left) or [_blank(line)]
        when = f"on {on.month}/{on.day}/{on.year}" if on and on != line.today else ""
        return line.refused((patient.text if patient else blanks.PATIENT, *shown, when))
    return line.understood(Assess(patient=patient, on=on, scores=tuple(scores), remarks=tuple(line.remarks)))


def _blank(line: CallLine) -> Blank:
    """The scale that was named, or a gap for it, and a gap for the score."""
    named = next((one for one in Scale if re.search(rf"\b{_spelling(one)}", line.line.plain)), None)
    return Blank(f"{named.value} ___" if named else "___", f"{named.value if named else 'PHQ-9'} 1")


def _with_screen(
    line: CallLine, scores: dict[Scale, tuple[Measured, Found]]
) -> dict[Scale, tuple[Measured, Found]]:
    """The scores, and the result of a C-SSRS where there is one, in the order of the line."""
    screen = take_screen(line)
    if screen is None:
        return scores
    both = {**scores, Scale.CSSRS: screen}
    return dict(sorted(both.items(), key=lambda one: one[1][1].start))


def _scores(line: CallLine) -> dict[Scale, tuple[Measured, Found]]:
    """Scores by scale, each with where it stood; a C-SSRS has a result of its own kind."""
    known: dict[Scale, tuple[Measured, Found]] = {}
    for match in list(_SCORED.finditer(line.plain)):
        found = line.cut(match)
        scale = scale_named(found.group)
        assert scale is not None, "the pattern is made of the scales"
        value = _value(line, found, scale, match[2], match[3])
        if value is None:
            continue
        if scale in known and known[scale][0].value != value:
            message = _TWO_SCORES.format(scale=scale.value)
            line.find(AssessProblem.TWO_SCORES, message, found.start, found.end)
        known.setdefault(scale, (Measured(scale=scale, value=value), found))
    for match in list(_SCORED_ON.finditer(line.plain)):
        found = line.cut(match)
        scale = scale_named(match[2])
        assert scale is not None, "the pattern is made of the scales"
        value = _value(line, found, scale, match[1], None)
        if value is not None:
            known.setdefault(scale, (Measured(scale=scale, value=value), found))
    return known


def _value(line: CallLine, found: Found, scale: Scale, typed: str, out_of: str | None) -> int | None:
    if not typed.isdigit():
        message = _WHOLE_SCORE.format(word=quoted(typed))
    elif out_of is not None and scale.highest != int(out_of):
        message = _SCALE_WITHOUT_SCORE.format(word=quoted(found.shown), word_plain=scale.value)
    elif scale.highest is not None and int(typed) > scale.highest:
        message = _out_of_range(typed, scale.value, scale.highest)
    else:
        return int(typed)
    line.find(AssessProblem.SCORE_RANGE, message, found.start, found.end)
    return None


def _find_unknown_scales(line: CallLine) -> None:
    known = listed([scale.value for scale in Scale])
    for found in line.take_all(_UNKNOWN):
        message = _UNKNOWN_SCALE.format(word=quoted(found.shown_group), known=known)
        line.find(AssessProblem.UNKNOWN_SCALE, message, found.start, found.end)


def _out_of_range(word: str, scale: str, highest: int) -> str:
    """A score over the scale's highest."""
    return f"{quoted(word)} is over the highest score of the {scale}, which is {highest}."


COMMAND = Command(
    name="assess",
    section=Section.CARE,
    place=30,
    usage="assess <patient> <scale> <score> [item9 <0-3>] [<scale> <score>] [on <date>]",
    summary="Record scores of validated scales; the first is the initial assessment",
    example=_EXAMPLE,
    keywords=words(
        "assessment score scores scale scales phq phq-9 phq9 gad gad-7 gad7 trend item item9 c-ssrs cssrs suicide "
        "safety"
    ),
    topic=(
        "The first assessment of an episode is its initial assessment, whose month is the one that can bill 99492. "
        "Later ones are scores, and never move it.\n"
        f"Scales: {', '.join(scale.value for scale in Scale)}.\n"
        "Item 9 of a PHQ-9 or PHQ-A and item 10 of an EPDS, about suicide, have a place of their own: "
        "assess MRN123 PHQ-9 14 item9 2. A C-SSRS is its highest question answered with yes: C-SSRS 4, or "
        "C-SSRS negative. "
        "A positive answer goes at once by direct message to the patient's care manager, consultant and treating "
        "provider, and stays in their mornings until one of them marks it as seen.\n"
        "The answer shows how each score has gone. The same scale and day again corrects the score. "
        "Time spent is logged by itself: log 30m MRN123 intake assessment."
    ),
    read=read,
)
