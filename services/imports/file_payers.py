"""Reads payers' names of a file: one much like a known payer's is asked about, not kept as one more spelling."""

from services.context import Context
from services.imports.answers import NO_ANSWERS, Answer, Answers, Subject, quoted
from services.imports.outcome import Choice, Question
from services.imports.questions import Inquiry
from services.imports.values import codes
from services.imports.wording import joined
from services.months.payer_likeness import misspelled
from services.months.rule_book import RuleBook

#: Payers who may have been meant, named in one question.
_NEAR_SHOWN = 5
PAYER = "payer"


class FilePayers:
    """The payers that a practice knows, under all their names, and those that a file brings."""

    def __init__(self, context: Context, answers: Answers = NO_ANSWERS) -> None:
        self.inquiry = Inquiry(answers, Subject.PAYER)
        self._names = RuleBook(context).payers.names
        #: Spellings that are kept as they are, by key: on file, and new ones of the file.
        self._kept = {Subject.PAYER.key(name): name for name in context.uow.episodes.payers()}
        self._read: dict[str, str] = {}

    def read(self, words: str, line: int = 0) -> str:
        """A payer's name as it is to be kept.

        Args:
            words: As the file has it.
            line: Of the row.

        Raises:
            ValueError: when somebody has to say first whether another payer is meant.
        """
        known = self._read.get(words)
        if known is None:
            known = self._read[words] = self._meant(codes.payer(words), line)
        return known

    def _meant(self, name: str, line: int) -> str:
        answer = self.inquiry.answer(name)
        key = Subject.PAYER.key(name)
        if answer is not None and not answer.is_new:
            return self._answered(answer)
        if key in self._names.known or key in self._kept:
            return name
        if answer is None:
            if (asked := self.inquiry.ask_again(name, line)) is not None:
                raise ValueError(asked)
            near = self._near(name)
            if near:
                raise ValueError(self.inquiry.ask(_question(name, near), line))
        self._kept[key] = name
        return name

    def _answered(self, answer: Answer) -> str:
        key = Subject.PAYER.key(answer.said)
        found = self._names.known.get(key) or self._kept.get(key)
        if found is None:
            raise ValueError(
                f"The answers say that {answer.name} is {answer.said}, and no payer of that name is known. Correct the "
                "answer; `cocm payers` lists the payers with rules on file."
            )
        return found

    def _near(self, name: str) -> tuple[str, ...]:
        found = misspelled(name, (*self._names.known, *self._kept))
        usual = {self._names.known.get(key) or self._kept.get(key, key) for key in found}
        return tuple(sorted(usual))[:_NEAR_SHOWN]


def _question(name: str, near: tuple[str, ...]) -> Question:
    return Question(
        about=Subject.PAYER,
        name=name,
        column=PAYER,
        asks=f"{name} is not on file, and is much like {joined(near, 'or')}.",
        way="Write the payer's usual name, or say which it is.",
        choices=(
            *(Choice(label="the same payer", answer=f"payer {quoted(name)} = {quoted(one)}") for one in near),
            Choice(label="another payer", answer=f"payer {quoted(name)} = new"),
        ),
    )
