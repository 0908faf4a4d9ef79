"""Reads an 837P file as a payer would: by its own delimiters, without a word of the program that wrote it."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal


@dataclass
class ReadLine:
    """A service line."""

    code: str
    modifiers: tuple[str, ...]
    charge: Decimal
    units: int
    pointers: tuple[int, ...]
    day: date | None = None


@dataclass
class ReadClaim:
    """A claim, with what stands above it."""

    number: str
    total: Decimal
    place: str
    frequency: str
    billing: dict[str, str]
    subscriber: dict[str, str]
    payer: dict[str, str]
    patient: dict[str, str]
    references: dict[str, str] = field(default_factory=dict)
    diagnoses: tuple[str, ...] = ()
    people: dict[str, dict[str, str]] = field(default_factory=dict)
    lines: list[ReadLine] = field(default_factory=list)


@dataclass
class ReadFile:
    """A file: its envelope's words, and its claims."""

    sender: str
    receiver: str
    control: str
    usage: str
    claims: list[ReadClaim]


def segments_of(data: bytes) -> tuple[list[list[str]], str]:
    """The segments, each as its elements, and what parts components; the first segment says what parts what."""
    text = data.decode("ascii")
    element, component, end = text[3], text[104], text[105]
    whole = [one.strip("\r\n") for one in text.split(end)]
    return [one.split(element) for one in whole if one], component


def read_file(data: bytes) -> ReadFile:
    """Read a file, and hold it against its own counts and control numbers."""
    said, component = segments_of(data)
    isa, iea = said[0], said[-1]
    assert (isa[0], iea[0]) == ("ISA", "IEA")
    assert isa[13] == iea[2]
    groups = [one for one in said if one[0] == "GS"]
    assert iea[1] == str(len(groups))
    group_end = said[-2]
    assert (group_end[0], group_end[2]) == ("GE", groups[0][6])
    starts = [place for place, one in enumerate(said) if one[0] == "ST"]
    assert group_end[1] == str(len(starts))
    claims: list[ReadClaim] = []
    for start in starts:
        end = next(place for place in range(start, len(said)) if said[place][0] == "SE")
        assert said[end][1:] == [str(end - start + 1), said[start][2]]
        claims += _claims(said[start : end + 1], component)
    return ReadFile(
        sender=isa[6].strip(), receiver=isa[8].strip(), control=isa[13], usage=isa[15], claims=claims
    )


class _Reading:
    """A transaction being read, segment by segment."""

    def __init__(self, component: str) -> None:
        self.component = component
        self.claims: list[ReadClaim] = []
        #: Nothing before the first level, and after a level until its claim begins.
        self.claim: ReadClaim | None = None
        self.at: dict[str, str] = {}
        self.billing: dict[str, str] = {}
        self.subscriber: dict[str, str] = {}
        self.patient: dict[str, str] = {}
        self.payer: dict[str, str] = {}

    @property
    def own(self) -> ReadClaim:
        assert self.claim is not None
        return self.claim

    def hl(self, said: list[str]) -> None:
        self.claim = None
        if said[3] == "20":
            self.billing = {}
        elif said[3] == "22":
            self.subscriber, self.payer = {}, {}
            self.patient = self.subscriber
        else:
            self.patient = {}

    def sbr(self, said: list[str]) -> None:
        self.subscriber |= {"relation": said[2], "group": said[3], "filing": said[9]}

    def pat(self, said: list[str]) -> None:
        self.patient["relation"] = said[1]

    def nm1(self, said: list[str]) -> None:
        kind = said[1]
        levels = {"85": self.billing, "IL": self.subscriber, "QC": self.patient, "PR": self.payer}
        self.at = levels.get(kind, {}) if self.claim is None else self.claim.people.setdefault(kind, {})
        padded = [*said, *[""] * 10]
        self.at |= {"last": padded[3], "first": padded[4], "id": padded[9]}

    def n3(self, said: list[str]) -> None:
        self.at["street"] = " / ".join(said[1:])

    def n4(self, said: list[str]) -> None:
        self.at["town"] = " ".join(said[1:])

    def dmg(self, said: list[str]) -> None:
        self.patient |= {"born": said[2], "sex": said[3]}

    def prv(self, said: list[str]) -> None:
        (self.billing if self.claim is None else self.at)["taxonomy"] = said[3]

    def clm(self, said: list[str]) -> None:
        place, _, frequency = said[5].split(self.component)
        self.claim = ReadClaim(
            *(said[1], Decimal(said[2]), place, frequency),
            *(self.billing, self.subscriber, self.payer, self.patient),
        )
        self.claims.append(self.claim)

    def ref(self, said: list[str]) -> None:
        if self.claim is None:
            self.billing[said[1]] = said[2]
        elif not self.claim.lines:
            self.claim.references[said[1]] = said[2]

    def hi(self, said: list[str]) -> None:
        self.own.diagnoses = tuple(code.split(self.component)[1] for code in said[1:])

    def sv1(self, said: list[str]) -> None:
        assert said[3] == "UN"
        _, code, *modifiers = said[1].split(self.component)
        pointers = tuple(map(int, said[7].split(self.component)))
        line = ReadLine(code, tuple(modifiers), Decimal(said[2]), int(said[4]), pointers)
        self.own.lines.append(line)

    def dtp(self, said: list[str]) -> None:
        assert said[1:3] == ["472", "D8"]
        self.own.lines[-1].day = date.fromisoformat(said[3])


def _claims(said: list[list[str]], component: str) -> list[ReadClaim]:
    """The claims of a transaction, by its levels; segments that no claim is made of are passed over."""
    reading = _Reading(component)
    for one in said:
        read = getattr(reading, one[0].lower(), None)
        if read is not None:
            read(one)
    return reading.claims
