"""docs/reliability.md names tests that there are, and quotes what the program says."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "reliability.md").read_text(encoding="utf-8")
FAULTS = [
    [cell.strip() for cell in line.strip("| ").split(" | ")]
    for line in PAGE.partition("## Faults")[2].partition("\n## ")[0].splitlines()
    if line.startswith("| ") and not line.startswith("| fault ")
]
OPERATORS = (ROOT / "docs" / "operators.md").read_text(encoding="utf-8")


def test_each_fault_has_what_people_see_and_a_test_that_makes_it() -> None:
    """Files, folders and single tests, as they are named."""
    assert len(FAULTS) > 20
    for fault, seen, tested in FAULTS:
        assert seen, fault
        named = re.findall(r"`(tests/[^`]+)`", tested)
        assert named, fault
        for name in named:
            path, _, test = name.partition("::")
            assert (ROOT / path).exists(), name
            assert not test or re.search(rf"def {test}\b", (ROOT / path).read_text(encoding="utf-8")), name


def test_what_is_quoted_is_what_the_program_says() -> None:
    """But for times of the day, which are any."""
    said = " ".join(
        re.sub(r'"\s*\n\s*f?"', "", path.read_text(encoding="utf-8"))
        for room in ("bot", "services", "storage", "cocm")
        for path in (ROOT / room).rglob("*.py")
    )
    spoken = " ".join(said.split())
    for quoted in re.findall(r'"([A-Z][^"]+)"', PAGE):
        sentence = quoted.rstrip(". ")
        if not re.search(r"\d", sentence):
            assert sentence in spoken, quoted
