"""One target of the guided part, in a process of its own: `... guided_target NAME [libFuzzer's words]`."""

import sys
from collections.abc import Callable

import atheris

with atheris.instrument_imports(
    include=["bot.grammar", "bot.door.bodies", "bot.door.filled", "services.imports.tables"]
):
    from benchmarks.soak import parser
    from bot.door import bodies
    from services.imports.tables.files import read_grid
    from services.imports.tables.grid import NotATable


def read_line(data: bytes) -> None:
    """A typed line."""
    parser.check(data.decode("utf-8", "replace"))


def read_body(data: bytes) -> None:
    """A body that Slack signed, as a form and as JSON."""
    for kind in ("application/x-www-form-urlencoded", "application/json", ""):
        try:
            bodies.read(data, kind)
        except bodies.NotAFormError:
            continue


def read_table(data: bytes) -> None:
    """A file's table; whatever row may be its header."""
    try:
        read_grid(data, "", len)
    except NotATable:
        return


TARGETS: dict[str, Callable[[bytes], None]] = {"parser": read_line, "bodies": read_body, "tables": read_table}


if __name__ == "__main__":
    atheris.Setup([sys.argv[0], *sys.argv[2:]], TARGETS[sys.argv[1]])
    atheris.Fuzz()
