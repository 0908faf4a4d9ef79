"""What people read is plain US English: the words that a clinic uses."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.touched import WORDS

ROOT = Path(__file__).parents[1]
#: Rooms whose sentences people read. What the local Slack says is Slack's.
ROOMS = ("billing", "bot", "cocm", "scheduler", "services", "storage")
#: Files whose docstrings are the command line's help.
HELP = {"cocm/bot_commands.py", "cocm/billing_commands.py", "cocm/house_commands.py"}
#: What people may type is recognized in any spelling.
TYPED = {"bot/grammar/text/lexicon.py"}
#: Calls whose texts are patterns and word lists for what people type, not sentences.
READING = {"compile", "words"}
#: Not plain in a sentence, though they may stand in a comment: the word, and what to write instead.
IN_SENTENCES = (
    (r"\bput(s|ting)? (\w+ ){0,3}right\b", "correct"),
    (r"\bkeyed\b", "written, entered"),
    (r"\bspeaks? of\b|\bspoken of\b", "about"),
    (r"\bpromises?\b", "estimate; stable"),
    (r"\b(is|are|was|were|be|being) told\b", "is sent, is shown, sees"),
    (r"\bhang(s|ing)? on\b", "depends on"),
    (r"\bcounts? nowhere\b", "is not counted"),
    (r"\bof use\b", "useful"),
    (
        r"\b(is|are) no (date|month|time|length|score|result|member|day)\b(?! at all)",
        "is not a",
    ),
    (r"\bof any calendar\b", "on the calendar"),
    (r"\bstands? (there )?twice\b", "is there twice"),
    (r"\b(score|answer|date|name|digits?) behind\b", "after"),
    (r"\btimer goes on\b|\bit goes on\b", "keeps running"),
    (r"\bturns? it round\b", "reverses that"),
    (r"\bin(to)? \w+('s)? hands\b", "with; to"),
    (r"\bnothing of it\b", "none of it"),
    (r"\bsent word\b", "is notified"),
    (r"\bnot on file any more\b", "no longer on file"),
)
#: Only a pattern has these in its text.
_PATTERN = re.compile(r"\(\?|\\b")
_BANNED = tuple((re.compile(word, re.IGNORECASE), instead) for word, instead in (*WORDS, *IN_SENTENCES))


def objections(text: str) -> list[str]:
    """Each word of a text that is not plain US English, with what to write instead."""
    return [f"{found[0]!r}: write {instead!r}" for word, instead in _BANNED for found in word.finditer(text)]


def sentences(source: str, *, with_docstrings: bool = False) -> Iterator[tuple[int, str]]:
    """Lines and texts of the string literals in a module that are words for people to read."""
    tree = ast.parse(source)
    skipped = {
        id(inner)
        for node in ast.walk(tree)
        if (isinstance(node, ast.Call) and _called(node) in READING)
        or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and not with_docstrings)
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str) or id(node) in skipped:
            continue
        if not _PATTERN.search(node.value):
            yield node.lineno, node.value


def _called(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


@pytest.mark.parametrize("room", ROOMS)
def test_every_sentence_of_the_program_is_plain_us_english(room: str) -> None:
    """Screens, refusals, findings, files and the command line say fix, on file, again, late, program."""
    found = [
        f"{name}:{line}: {objection}"
        for path in sorted((ROOT / room).rglob("*.py"))
        if (name := path.relative_to(ROOT).as_posix()) not in TYPED and "migrations" not in path.parts
        for line, text in sentences(path.read_text(encoding="utf-8"), with_docstrings=name in HELP)
        for objection in objections(text)
    ]
    assert found == []


@pytest.mark.parametrize(
    "page",
    [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), ROOT / "manifest.yml"],
    ids=lambda page: page.name,
)
def test_every_document_is_plain_us_english(page: Path) -> None:
    """README, docs and what the Slack app says of itself use the words of the screens."""
    lines = enumerate(page.read_text(encoding="utf-8").splitlines(), start=1)
    assert [
        f"{page.name}:{line}: {objection}" for line, text in lines for objection in objections(text)
    ] == []


@pytest.mark.parametrize(
    "text",
    [
        "The review says what to mend",
        "There is none on record.",
        "Void it and log it anew.",
        "Estimated $144.96, never a promise.",
        "Enrolment in the programme",
        "Another organisation",
        "Put its entries right one by one",
        "Administrators are told at once",
        "2/31 is no date of any calendar.",
        "PHQ-9 has no score behind it.",
        "Your timer goes on, and nothing of it counts.",
        "It puts your patients into Ben's hands",
        "Dr. Wu is sent word of it",
    ],
)
def test_words_of_no_clinic_are_found(text: str) -> None:
    """What once stood on a screen does not come back."""
    assert objections(text)


@pytest.mark.parametrize(
    "text",
    [
        "The recommendation was sent; amend the treatment plan.",
        "A recorded score; the record holds substance use treatment.",
        "Two entries told apart by their reference.",
        "Copyright, bright, the patient's right to revoke",
    ],
)
def test_words_that_only_look_alike_are_left_alone(text: str) -> None:
    """Recommend, amend and record are a clinic's words."""
    assert objections(text) == []


def test_what_people_type_may_be_spelled_in_any_way() -> None:
    """Patterns and word lists recognize `programme` too; a sentence beside them may not say it."""
    source = """
A = re.compile("programme")
B = words("enrolment")
C = r"(?:npi|programme)"
D = "One programme at a time."
"""
    assert [text for _, text in sentences(source)] == ["One programme at a time."]
