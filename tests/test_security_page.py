"""The page about security: its tests exist, and no part of ASVS 5.0 is passed over."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
#: Sections of ASVS 5.0.0, by chapter, as its table of requirements numbers them.
SECTIONS = {
    1: 5, 2: 4, 3: 7, 4: 4, 5: 4, 6: 8, 7: 6, 8: 4, 9: 2,
    10: 7, 11: 7, 12: 3, 13: 4, 14: 3, 15: 4, 16: 5, 17: 3,
}  # fmt: skip
#: Sections in which every requirement is of level 3.
ONLY_LEVEL_3 = {"V3.6", "V11.7", "V15.4"}


def rows(heading: str) -> list[list[str]]:
    """The cells of the tables below a heading."""
    part = PAGE.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    lines = [line for line in part.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]


def test_every_test_that_is_named_exists() -> None:
    """By its file and its name."""
    named = re.findall(r"`([\w/]+\.py)(?:::(\w+))?`", PAGE)
    assert len(named) > 40
    for file, name in named:
        path = ROOT / "tests" / file
        assert path.exists(), file
        if name:
            assert re.search(rf"^(async )?def {name}\(", path.read_text(encoding="utf-8"), re.MULTILINE), name


def test_no_section_of_the_standard_is_passed_over() -> None:
    """Each has a row of its own, or a reason why it is left out."""
    said = " ".join(cells[0] for cells in rows("OWASP ASVS 5.0, level 2"))
    for chapter, count in SECTIONS.items():
        for section in (f"V{chapter}.{number}" for number in range(1, count + 1)):
            span = re.search(rf"\bV{chapter}\.(\d+) to V{chapter}\.(\d+)(?!\.)", said)
            number = int(section.partition(".")[2])
            assert (
                section in ONLY_LEVEL_3
                or re.search(rf"\b{re.escape(section)}(\b)", said)
                or re.search(rf"\bV{chapter} [A-Z]", said)
                or (span and int(span[1]) <= number <= int(span[2]))
            ), section


def test_each_requirement_stands_once_and_says_how() -> None:
    """With what shows it, or why nothing does."""
    seen: list[str] = []
    for cells in rows("OWASP ASVS 5.0, level 2"):
        numbers = re.findall(r"V\d+\.\d+\.\d+", cells[0])
        if len(cells) == 3 and numbers:
            assert all(cells), cells
            seen += numbers
    assert len(seen) == len(set(seen))
    assert len(seen) > 70


def test_every_safeguard_of_the_rule_has_its_row() -> None:
    """45 CFR 164.312, as it is numbered there."""
    said = [cells[0].split(" ")[0] for cells in rows("HIPAA, 45 CFR 164.312")]
    assert [each for each in said if each.startswith("(")] == [
        "(a)(1)", "(a)(2)(i)", "(a)(2)(ii)", "(a)(2)(iii)", "(a)(2)(iv)",
        "(b)", "(c)(1)", "(c)(2)", "(d)", "(e)(1)", "(e)(2)(i)", "(e)(2)(ii)",
    ]  # fmt: skip
