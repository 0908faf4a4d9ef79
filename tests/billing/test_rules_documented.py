"""Every rule in the docs stands in the code, and the reverse."""

import re
from pathlib import Path

from billing.counting import Exclusion
from billing.findings.registry import ROWS, RULES

ROOT = Path(__file__).parent.parent.parent
DOC = (ROOT / "docs/billing-rules.md").read_text(encoding="utf-8")
SECTIONS = re.findall(r"^### (R-\d{3}) [^\n]+\n(.*?)(?=^##|\Z)", DOC, flags=re.MULTILINE | re.DOTALL)
CODE = {
    found
    for path in (ROOT / "billing").rglob("*.py")
    for found in re.findall(r"R-\d{3}", path.read_text(encoding="utf-8"))
}


def test_the_docs_and_the_code_name_the_same_rules() -> None:
    """No rule is written down without code, none is coded without words; no id stands twice."""
    documented = [rule for rule, _ in SECTIONS]
    assert len(documented) == len(set(documented))
    assert set(documented) == CODE


def test_each_rule_has_its_must_its_source_and_an_example() -> None:
    """A rule says what must be, who says so, and how it looks."""
    for rule, text in SECTIONS:
        for needed in ("MUST", "\n- Source: ", "\n- Example: "):
            assert needed in text, (rule, needed)


def test_each_finding_and_each_exclusion_names_a_documented_rule() -> None:
    """What a biller sees leads to a rule in the docs."""
    documented = {rule for rule, _ in SECTIONS}
    assert {row.rule for row in ROWS} <= documented
    modules = {check.__module__.rpartition(".")[2] for check in RULES}
    files = {path.stem for path in (ROOT / "billing/findings").glob("*.py")}
    assert files - modules == {
        "__init__",
        "finding",
        "row",
        "registry",
        "decisive",
        "just_above",
        "rate_missing",
        "timely_filing",
        "unknown",
    }
    assert {reason.rule for reason in Exclusion} <= documented
    assert all(reason.label for reason in Exclusion)


def test_no_code_outside_the_findings_names_one_by_its_code() -> None:
    """What a place must treat specially it asks the row. Columns, kinds and counts sharing a name are listed."""
    also_names = {
        *("outside_therapist", "apcm", "part2_record", "late_entries"),
        *("necessity", "prior_authorization", "not_enrolled", "after_discharge", "before_assessment"),
    }
    codes = {row.code for row in ROWS} - also_names
    named = re.compile(rf"""["']({"|".join(sorted(codes))})["']""")
    rooms = ("billing", "bot", "cocm", "scheduler", "services", "storage")
    files = [path for room in rooms for path in (ROOT / room).rglob("*.py")]
    found = {
        str(path.relative_to(ROOT)): names
        for path in files
        if path.parent.name != "findings" and (names := named.findall(path.read_text(encoding="utf-8")))
    }
    assert found == {}
