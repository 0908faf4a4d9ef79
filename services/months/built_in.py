"""Reads the payers that come with the program, each from its file, once for a process."""

import tomllib
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from billing.payer import Payer
from billing.payer_file import PayerFileError, aliases_of, payer_of

_PACKAGE = files("billing")


@lru_cache(maxsize=1)
def built_in_payers() -> tuple[Payer, ...]:
    """The payers with rules, by name.

    Raises:
        PayerFileError: when a file is no payer, with what is wrong where.
    """
    found = [
        payer_of(file.name, _read(file))
        for file in _PACKAGE.joinpath("payers").iterdir()
        if file.name.endswith(".toml")
    ]
    return tuple(sorted(found, key=lambda payer: payer.name.casefold()))


@lru_cache(maxsize=1)
def payers_without_rules() -> tuple[Payer, ...]:
    """Large payers of whom only the names are known.

    Raises:
        PayerFileError: when the file does not hold them.
    """
    file = _PACKAGE.joinpath("payer_names.toml")
    return tuple(
        Payer(name=one["name"], aliases=aliases_of(f"{file.name} ({one['name']})", one))
        for one in _read(file)["payer"]
    )


def _read(file: Traversable) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise PayerFileError(f"{file.name}: this is no TOML: {error}") from None
