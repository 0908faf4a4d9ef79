"""Files of answers."""

import pytest

from services.imports.answers import AnswersError, Subject, quoted, read_answer, read_answers

FILE = """
# Answers to the roster of November.
patient 417 = MRN00417
patient MRN9 = new   # his mother

person "Kim Lee" = care_manager
Person ana = @ana
person "Flores, Ana" = member "Ana Flores"
payer "BCBS Mich" = “Blue Cross Blue Shield of Michigan”
payer "The ""Plan"" = best" = new
"""


def test_each_line_is_an_answer() -> None:
    """Comments and empty lines say nothing; quotes hold names of several words."""
    found = read_answers(FILE.encode())
    assert [(one.line, one.about, one.name, one.said) for one in found] == [
        (3, Subject.PATIENT, "417", "MRN00417"),
        (4, Subject.PATIENT, "MRN9", "new"),
        (6, Subject.PERSON, "Kim Lee", "care_manager"),
        (7, Subject.PERSON, "ana", "@ana"),
        (8, Subject.PERSON, "Flores, Ana", "Ana Flores"),
        (9, Subject.PAYER, "BCBS Mich", "Blue Cross Blue Shield of Michigan"),
        (10, Subject.PAYER, 'The "Plan" = best', "new"),
    ]
    assert read_answers(FILE.encode("utf-8-sig").replace(b"\n", b"\r\n")) == found


def test_an_answer_is_written_as_it_is_read() -> None:
    """Whatever a file calls somebody, the line that the refusal shows can be pasted."""
    for name in ("417", "Kim Lee", "@ana", 'Al "Bo" Chen', "a=b", "#12", "ana@clinic.org", "Flores, Ana"):
        answer = read_answer(f"person {quoted(name)} = {quoted(name)}")
        assert (answer.name, answer.said) == (name, name)
        assert read_answer(answer.text) == answer


def test_what_is_no_answer_is_named_by_line() -> None:
    """All of it at once; the same answer twice is one, another one is a contradiction."""
    data = b"patient 417\nroom 4 = 5\npatient MRN417 = new\npatient 417 = MRN00417\npatient 417 = NEW\nperson = x\n"
    with pytest.raises(AnswersError) as caught:
        read_answers(data)
    assert [line for line, _ in caught.value.faults] == [1, 2, 4, 6]
    assert "Line 3 answers 417 otherwise" in caught.value.faults[2][1]
    with pytest.raises(AnswersError) as caught:
        read_answers(b"person a = b\n\xff\n")
    assert caught.value.faults == ((2, "The file is not UTF-8 text. Save it as plain text."),)
