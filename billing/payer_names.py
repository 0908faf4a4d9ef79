"""Tells payers apart by name: case and spaces do not matter, and a payer goes by several names."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from billing.payer import Payer


def payer_key(name: str) -> str:
    """A payer's name as it is compared: in any case, without outer and double spaces."""
    return " ".join(name.split()).casefold()


@dataclass(frozen=True, slots=True)
class PayerNames:
    """Every name by which payers are known, and the name that each stands for."""

    #: By `payer_key`.
    known: Mapping[str, str] = field(repr=False)

    @classmethod
    def of(cls, payers: Iterable[Payer]) -> "PayerNames":
        """The names of some payers: a name goes before an alias, and what comes first before what comes later."""
        known: dict[str, str] = {}
        payers = tuple(payers)
        for payer in payers:
            known.setdefault(payer_key(payer.name), payer.name)
        for payer in payers:
            for alias in payer.aliases:
                known.setdefault(payer_key(alias), known[payer_key(payer.name)])
        return cls(known)

    def name_of(self, name: str) -> str:
        """The payer's usual name; of one unknown the words themselves, without outer and double spaces."""
        return self.known.get(payer_key(name)) or " ".join(name.split())


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownPayers:
    """All payers of a practice: its own before the built-in ones, each found under whatever name it goes by."""

    names: PayerNames
    by_name: Mapping[str, Payer] = field(repr=False)

    @classmethod
    def of(
        cls, own: Iterable[Payer], built_in: Iterable[Payer], without_rules: Iterable[Payer] = ()
    ) -> "KnownPayers":
        """Put a practice's own payers before what is built in, field by field.

        Args:
            own: As the practice imported them, their rules marked as its own.
            built_in: With their rules.
            without_rules: Names of payers of whom no rule is known.
        """
        own, built_in = tuple(own), tuple(built_in)
        usual = PayerNames.of((*built_in, *without_rules))
        renamed = [replace(payer, name=usual.name_of(payer.name), aliases=_names(payer)) for payer in own]
        found: dict[str, Payer] = {}
        for payer in (*renamed, *built_in):
            key = payer_key(payer.name)
            found[key] = found[key].over(payer) if key in found else payer
        return cls(names=PayerNames.of((*found.values(), *without_rules)), by_name=found)

    def named(self, name: str) -> Payer | None:
        """The payer that goes by a name and has rules on file; None where none does."""
        return self.by_name.get(payer_key(self.names.name_of(name)))


def _names(payer: Payer) -> tuple[str, ...]:
    """A payer's other names, with its own: it may be known by another."""
    return (*payer.aliases, payer.name)
