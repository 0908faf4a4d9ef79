"""What a newcomer touches to add a thing, and what the house rules ask of the tree: counted, before and now.

    make counts                       the base build and the files as they are now
    make counts ARGS="--now main"     the base build and a commit

The counting rule: a thing's own identifiers are written down below as patterns, and each file of the program that
matches one of them is a file that somebody who adds a thing of that kind has to open. Every file is listed, so that
the rule can be judged; a pattern that matches nothing any more is named, for it may only have got another name.
"""

import argparse
import ast
import re
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.builds import BASE, ROOT, export

#: A tree's files of text by their paths.
Tree = Mapping[str, str]

_MOST_LINES, _MOST_FUNCTION_LINES = 400, 40
#: Begins the comment above the `def` of a function that is longer, and reads better whole.
_REASON = "# Longer than forty lines: "
#: What is not the program itself.
_ASIDE = ("tests/", "benchmarks/", "docs/")
_TEXT = frozenset({".py", ".md", ".txt", ".toml", ".js", ".css", ".html", ".ini"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """A thing that stands for its kind."""

    kind: str
    name: str
    most: int
    #: Which of the program's files are looked at, and patterns of their paths and of what stands in them.
    rooms: str
    paths: tuple[str, ...] = ()
    patterns: tuple[str, ...]
    #: Where the page of the docs and the test count too, once each: what their texts name.
    documented: str | None = None


THINGS = (
    Thing(
        kind="a finding shown everywhere",
        name="scale_missing",
        most=3,
        rooms=r"",
        patterns=(r"\bscale_missing\b",),
        documented=r"\bR-308\b",
    ),
    Thing(
        kind="a read command",
        name="near",
        most=4,
        rooms=r"^(bot|services)/",
        # Its own files; its name and what binds it; its screen and words; the use case that answers it.
        paths=(r"^bot/(.*/)?near\.py$",),
        patterns=(
            r"""(name=|[{\s(\[,])["']near["']""",
            r"^\s+near,$|\bimport near\b|\bnear\.(handle|COMMAND)\b",
            r"^def near_heading\(|^def near\(load|^async def near\(",
            r"^def caseload\(",
        ),
    ),
    Thing(
        kind="a care command",
        name="consent",
        most=6,
        rooms=r"^(bot|services)/(?!imports/|exports/|contents/)",
        # Its own files; its name and what binds it; its requests and outcomes; its problems and their sentences.
        paths=(r"^(bot|services)/(.*/)?consent\.py$",),
        patterns=(
            r"""(name=|[{\s(\[,])["']consent["']""",
            r"^\s+consent,$|\bimport consent\b|\bconsent\.(handle|COMMAND)\b",
            r"\b(GiveConsent|RevokeConsent|Consented)\b",
            r"\bCONSENT_KIND\b",
        ),
    ),
    Thing(
        kind="a scheduled message",
        name="true_up",
        most=3,
        rooms=r"^(bot|services|scheduler|cocm)/",
        patterns=(r"\bTRUE_UP\w*\b|\btrue_up\w*\b|\bTrueUp\w*\b|[\"']trueup[\"']",),
    ),
    Thing(
        kind="an episode column",
        name="outside_therapist",
        most=6,
        # Its finding is a thing of its own.
        rooms=r"^(?!billing/findings/)",
        patterns=(r"\boutside_therapist\b",),
    ),
)

#: Words that are not a clinic's plain US English, and what to write instead.
WORDS = (
    (r"\bmend(s|ed|ing)?\b", "fix"),
    (r"\bon record\b", "on file"),
    (r"\banew\b", "again"),
    (r"\bkeyed late\b", "late"),
    (r"\bunasked\b", "scheduled"),
    (r"\bstops? the bill\b", "blocks billing"),
    (r"\bnever a promise\b", "estimate"),
    (r"\bprogrammes?\b", "program"),
    (r"\borgani[s]ations?\b", "organization"),
    (r"\b(en|dis)?enrolments?\b", "enrollment"),
    (r"\bcancelled|cancelling\b", "canceled"),
    (r"\bbehaviours?\b", "behavior"),
    (r"\bcolours?\b", "color"),
    (r"\blicence\b", "license"),
    (r"\bfavour\w*|\bhonour\w*|\bneighbour\w*|\blabour\w*", "-or"),
    (r"\bcentres?\b|\bmetres?\b|\blitres?\b", "-er"),
    (
        r"\b\w*(recogni|authori|organi|normali|summari|capitali|minimi|initiali|utili|categori)s(e[sd]?|ing|ation)\b",
        "-ize",
    ),
    (r"\bcatalogues?\b|\bdialogues?\b", "-og"),
    (r"\bjudgements?\b|\backnowledgements?\b", "-gment"),
    (r"\bgrey\b", "gray"),
    (r"\blabell(ed|ing)\b|\btravell\w+|\bmodell(ed|ing)\b|\bsignall(ed|ing)\b", "one l"),
)


def tree_in(folder: Path, paths: Sequence[str]) -> Tree:
    """Files of text below a folder."""
    wanted = [path for path in paths if Path(path).suffix in _TEXT and (folder / path).is_file()]
    return {path: (folder / path).read_text(encoding="utf-8") for path in sorted(wanted)}


def present_tree() -> Tree:
    """The files as they are now, whether committed or not."""
    return tree_in(ROOT, _git("ls-files", "--cached", "--others", "--exclude-standard").splitlines())


def tree_of(commit: str) -> Tree:
    """A commit's files."""
    with tempfile.TemporaryDirectory() as folder:
        export(commit, Path(folder))
        return tree_in(Path(folder), _git("ls-tree", "-r", "--name-only", commit).splitlines())


def _git(*arguments: str) -> str:
    return subprocess.run(
        ["git", "-c", "core.quotePath=false", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout


def program(tree: Tree) -> Tree:
    """The program's own Python files."""
    return {path: text for path, text in tree.items() if path.endswith(".py") and not path.startswith(_ASIDE)}


def touched(tree: Tree, thing: Thing) -> list[str]:
    """The files that a thing touches, with a word for its page of the docs and for its test."""
    found = [
        path
        for path, text in program(tree).items()
        if re.search(thing.rooms, path)
        and (
            any(re.search(pattern, path) for pattern in thing.paths)
            or any(re.search(pattern, text, re.MULTILINE) for pattern in thing.patterns)
        )
    ]
    if thing.documented:
        pages = [
            path
            for path, text in tree.items()
            if path.startswith("docs/") and re.search(thing.documented, text)
        ]
        tests = [path for path, text in tree.items() if path.startswith("tests/") and thing.name in text]
        found += [f"{pages[0]} (the page of the docs)"] if pages else []
        found += [f"a test (of {len(tests)} that name it)"] if tests else []
    return found


def _unmatched(tree: Tree, thing: Thing) -> list[str]:
    """Patterns that match nothing in the tree."""
    texts = [text for path, text in program(tree).items() if re.search(thing.rooms, path)]
    return [
        pattern
        for pattern in thing.patterns
        if not any(re.search(pattern, text, re.MULTILINE) for text in texts)
    ]


def month_facts(tree: Tree) -> list[str]:
    """Where a month's facts are put together, outside tests: once is right."""
    return [
        f"{path}:{number}"
        for path, text in program(tree).items()
        for number, line in enumerate(text.splitlines(), 1)
        if re.search(r"\bMonthFacts\(", line)
    ]


def finding_codes(tree: Tree) -> frozenset[str]:
    """Every code that a finding carries."""
    return frozenset(
        code
        for path, text in program(tree).items()
        if path.startswith("billing/findings/") or "Finding(" in text
        for code in re.findall(r"""\bcode=["']([a-z]\w*)["']""", text)
    )


def codes_as_words(tree: Tree, codes: frozenset[str]) -> dict[str, list[str]]:
    """Codes written as strings of their own outside `billing/findings`, by code."""
    quoted = re.compile(rf"""(["'])({"|".join(sorted(codes))})\1""")
    found: dict[str, list[str]] = defaultdict(list)
    for path, text in program(tree).items():
        if not path.startswith("billing/findings/"):
            for number, line in enumerate(text.splitlines(), 1):
                for _, code in quoted.findall(line):
                    found[code].append(f"{path}:{number}")
    return dict(sorted(found.items()))


def other_meanings(tree: Tree, codes: frozenset[str]) -> frozenset[str]:
    """Codes whose word is also a field or a kind of something else, so that its string may be meant for that."""
    words = {
        word
        for path, text in program(tree).items()
        if path.startswith(("billing/", "services/")) and not path.startswith("billing/findings/")
        for pair in re.findall(r"""^    (?:(\w+): |[A-Z_]+ = ["'](\w+)["'])""", text, re.MULTILINE)
        for word in pair
    }
    return codes & words


def long_files(tree: Tree) -> list[str]:
    """Files of code over the most lines."""
    sizes = {
        path: text.count("\n") for path, text in tree.items() if Path(path).suffix in {".py", ".js", ".css"}
    }
    return [f"{path} ({size})" for path, size in sizes.items() if size > _MOST_LINES]


def long_functions(tree: Tree) -> Iterator[tuple[str, bool]]:
    """Functions over the most lines, from `def` to their end, docstring included; and whether a reason is given."""
    for path, text in tree.items():
        for node in ast.walk(ast.parse(text)) if path.endswith(".py") else ():
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                if lines > _MOST_FUNCTION_LINES:
                    above = text.splitlines()[node.lineno - 2] if node.lineno > 1 else ""
                    yield (
                        f"{path}:{node.lineno} {node.name} ({lines})",
                        above.strip().startswith(_REASON),
                    )


def spelling(tree: Tree) -> dict[str, Counter[str]]:
    """Words to be written otherwise, by what to write, each with the files that have them."""
    found: dict[str, Counter[str]] = {}
    for pattern, instead in WORDS:
        hits = Counter(
            {
                path: count
                for path, text in tree.items()
                if not path.startswith(("benchmarks/touched", "CHANGELOG"))
                and (count := len(re.findall(pattern, text, re.IGNORECASE)))
            }
        )
        if hits:
            found[instead] = found.get(instead, Counter()) + hits
    return found


def _tell_things(before: Tree, now: Tree) -> None:
    print("What a newcomer touches (files)                    at most  before   now")
    for thing in THINGS:
        old, new = touched(before, thing), touched(now, thing)
        mark = "" if len(new) <= thing.most else "  MORE"
        print(
            f"  {thing.kind + ' (' + thing.name + ')':<48} {thing.most:>7} {len(old):>7} {len(new):>5}{mark}"
        )
    for thing in THINGS:
        for name, tree in (("before", before), ("now", now)):
            print(f"\n{thing.kind} ({thing.name}), {name}")
            print("".join(f"  {path}\n" for path in touched(tree, thing)), end="")
            for pattern in _unmatched(tree, thing):
                print(f"  nothing matches {pattern}")


def _tell_rules(name: str, tree: Tree, codes: frozenset[str], listed: int) -> None:
    print(f"\nHouse rules, {name}")
    _tell("MonthFacts( outside tests", month_facts(tree), listed)
    shared = other_meanings(tree, codes)
    words = codes_as_words(tree, codes)
    own = [f"{code} {place}" for code, places in words.items() if code not in shared for place in places]
    _tell("finding codes as strings outside billing/findings, docs and tests", own, listed)
    also = [f"{code} {place}" for code, places in words.items() if code in shared for place in places]
    _tell("strings that are a finding's code and also a field or kind of something else", also, listed)
    _tell(f"files over {_MOST_LINES} lines", long_files(tree), listed)
    own_code = {path: text for path, text in tree.items() if not path.startswith(_ASIDE)}
    aside = {path: text for path, text in tree.items() if path.startswith(_ASIDE)}
    for where, part in (("the program", own_code), ("tests and benchmarks", aside)):
        long = list(long_functions(part))
        for title, given in (("named without a reason", False), ("named with a reason", True)):
            found = [place for place, has_reason in long if has_reason is given]
            _tell(f"functions over {_MOST_FUNCTION_LINES} lines in {where}, {title}", found, listed)
    for instead, hits in spelling(tree).items():
        _tell(f"words to write as {instead!r} ({hits.total()} times), in files", _with_counts(hits), listed)


def _with_counts(hits: Counter[str]) -> list[str]:
    return [f"{path} ({count})" for path, count in hits.most_common()]


def _tell(title: str, found: Sequence[str], listed: int) -> None:
    print(f"  {title}: {len(found)}")
    print("".join(f"    {each}\n" for each in found[:listed]), end="")
    if len(found) > listed:
        print(f"    and {len(found) - listed} more")


def main(arguments: Sequence[str] = ()) -> None:
    """Print all counts."""
    parser = argparse.ArgumentParser(
        prog="benchmarks.touched", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--before", default=BASE, help="commit to compare with")
    parser.add_argument("--now", help="commit to count instead of the files as they are")
    parser.add_argument("--listed", type=int, default=12, help="places named of each rule")
    options = parser.parse_args(arguments)
    before = tree_of(options.before)
    now = tree_of(options.now) if options.now else present_tree()
    codes = finding_codes(before) | finding_codes(now)
    _tell_things(before, now)
    _tell_rules(f"before ({options.before})", before, codes, options.listed)
    _tell_rules("now", now, codes, options.listed)


if __name__ == "__main__":
    main(sys.argv[1:])
