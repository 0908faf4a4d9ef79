"""Takes a care fact's reference, `c-7fk.3`, off a command's line."""

import re
from dataclasses import dataclass, field

from bot.grammar.call import sentences
from bot.grammar.call.line import CallLine
from bot.grammar.parsed import Arguments
from bot.grammar.problems import ProblemCode
from bot.grammar.text.phrases import quoted
from services.acts.references import FactReference
from services.people.patient_ref import PatientRef

#: A reference whose check character fits, for examples.
FACT_EXAMPLE = str(FactReference(kind="episode", fact_id=1, n=2))

_REFERENCE = re.compile(r"(?<![\w-])c-\s?([0-9a-z]{1,16}(?:\.\d{1,4})?)(?![\w-])")


@dataclass(frozen=True, slots=True, kw_only=True)
class FactArguments(Arguments):
    """`history c-7fk`; `void` gives its reason too."""

    reference: FactReference
    reason: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientHistoryArguments(Arguments):
    """`history MRN123`."""

    patient: PatientRef


def names_fact(line: CallLine) -> bool:
    """Whether the line names a care fact."""
    return _REFERENCE.search(line.plain) is not None


def need_fact(line: CallLine) -> FactReference | None:
    """Cut the reference of a care fact; None after a problem."""
    found = line.take(_REFERENCE)
    assert found is not None, "asked for where there is one"
    reference = FactReference.of(f"c-{found.group}")
    if reference is None:
        message = sentences.NO_SUCH_FACT.format(word=quoted(found.shown))
        line.find(ProblemCode.NO_SUCH_ENTRY, message, found.start, found.end)
    return reference
