"""What the columns of each kind of file mean, and by which headers they are known."""

import re
import tomllib
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType

from services.imports.request import TimeUnit

#: The column of durations, and other names that say their unit: a file has one of them.
DURATIONS = "minutes"
DURATION_NAMES = frozenset({"hours", "seconds", "duration"})

_WORDS = re.compile(r"[^\W_]+")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_ASIDE = re.compile(r"[(\[]([^)\]]*)[)\]]")
#: What stands in parentheses behind a header without making it another one.
_ASIDES = frozenset(
    {
        *(
            "h",
            "hr",
            "hrs",
            "hour",
            "hours",
            "m",
            "min",
            "mins",
            "minute",
            "minutes",
            "s",
            "sec",
            "secs",
            "second",
        ),
        *(
            "seconds",
            "decimal",
            "usd",
            "us",
            "required",
            "needed",
            "optional",
            "local",
            "et",
            "est",
            "edt",
            "ct",
            "cst",
        ),
        *(
            "mt",
            "mst",
            "pt",
            "pst",
            "utc",
            "gmt",
            "text",
            "date",
            "time",
            "yes",
            "no",
            "y",
            "n",
            "if",
            "known",
            "any",
        ),
    }
)
_DATE_FORM = re.compile(r"[ymdhs]{1,4}(?:[^a-z0-9]+[ymdhsap]{1,4})+", re.IGNORECASE)
_UNITS = {
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours", "decimal"), TimeUnit.HOURS),
    **dict.fromkeys(("min", "mins", "minute", "minutes"), TimeUnit.MINUTES),
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds"), TimeUnit.SECONDS),
}
#: Shorter words say too little to be read as several without a space.
_RUN = 6
#: Words beside a unit that make a duration another one's copy, rounded.
_COPIES = frozenset({"decimal", "rounded"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of a kind of file."""

    name: str
    meaning: str
    example: str
    #: Other headers that mean it, plain; and those that do where no other header does.
    synonyms: frozenset[str]
    weak: frozenset[str]
    #: Its name and synonyms as systems write them that know no spaces: `patientid`, `enrollmentdate`.
    run_together: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Meant:
    """The column that a header means."""

    column: str
    #: True where another header that means the same goes before it.
    is_weak: bool = False
    #: What its figures count, where the header says so.
    unit: TimeUnit | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KindOfFile:
    """One kind of file."""

    name: str
    about: str
    columns: Mapping[str, Column]

    def meant_by(self, header: str, among: Collection[str]) -> Meant | None:
        """The column that a header means; None for one that is not known.

        Args:
            header: As the file has it.
            among: Names of the columns that such a file may have.
        """
        if DURATIONS in among:
            duration = _duration(header, self.columns.get(DURATIONS))
            if duration is not None:
                return duration
        forms = plain_forms(header)
        for form in forms:
            if form in among and form not in DURATION_NAMES:
                return Meant(column=form)
        for form in forms:
            for name in among:
                column = self.columns.get(name)
                if column is not None and (form in column.synonyms or form in column.weak):
                    return Meant(column=name, is_weak=form in column.weak)
        run = forms[-1].replace("_", "")
        for name in among:
            column = self.columns.get(name)
            if len(run) >= _RUN and column is not None and run in column.run_together:
                return Meant(column=name)
        return None


def plain(header: str) -> str:
    """A header without what makes no difference: `Patient ID #`, `patientId` and `patient-id` are `patient_id`."""
    spaced = _CAMEL.sub(" ", unicodedata.normalize("NFKC", header))
    return "_".join(_WORDS.findall(spaced)).casefold()


def plain_forms(header: str) -> tuple[str, ...]:
    """Ways to read a header: as it stands, and without what it says in parentheses about the form of its cells."""
    whole = plain(header)
    asides = _ASIDE.findall(header)
    bare = plain(_ASIDE.sub(" ", header))
    if not asides or not bare or not all(map(_is_about_form, asides)):
        return (whole,)
    return (whole, bare) if whole != bare else (whole,)


def _is_about_form(aside: str) -> bool:
    words = plain(aside).split("_")
    return _DATE_FORM.fullmatch(aside.strip()) is not None or all(word in _ASIDES for word in words)


def _duration(header: str, column: Column | None) -> Meant | None:
    """Durations in any unit: `Hours`, `Duration (h)`, `Time spent (s)`, `Minutes`."""
    words = plain(header).split("_")
    units = [_UNITS[word] for word in words if word in _UNITS]
    rest = "_".join(word for word in words if word not in _UNITS and word not in _COPIES)
    known = column.synonyms | column.weak if column is not None else frozenset[str]()
    if (rest or not units) and rest not in known:
        return None
    is_weak = not _COPIES.isdisjoint(words) or (column is not None and rest in column.weak)
    return Meant(column=DURATIONS, is_weak=is_weak, unit=units[0] if units else None)


@cache
def kinds_of_files() -> Mapping[str, KindOfFile]:
    """What is known of every kind of file, by its name."""
    text = resources.files("services.imports.tables").joinpath("columns.toml").read_text(encoding="utf-8")
    return MappingProxyType({name: _kind(name, said) for name, said in tomllib.loads(text).items()})


def _kind(name: str, said: Mapping[str, object]) -> KindOfFile:
    columns = {key: _column(key, value) for key, value in said.items() if isinstance(value, dict)}
    return KindOfFile(name=name, about=str(said["about"]), columns=MappingProxyType(columns))


def _column(name: str, said: Mapping[str, object]) -> Column:
    synonyms = _plain_all(said["synonyms"])
    return Column(
        name=name,
        meaning=str(said["meaning"]),
        example=str(said["example"]),
        synonyms=synonyms,
        run_together=frozenset(one.replace("_", "") for one in (name, *synonyms) if "_" in one),
        weak=_plain_all(said.get("weak", ())),
    )


def _plain_all(headers: object) -> frozenset[str]:
    assert isinstance(headers, list | tuple), "synonyms are listed"
    return frozenset(map(plain, headers))
