"""What is said with `cocm import` about how a file is to be read."""

from dataclasses import dataclass, field
from pathlib import Path

from cocm.errors import EnvironmentFault
from services.imports.answers import Answers
from services.imports.request import DateOrder, ImportRequest, TimeUnit

_MAPPING_FILE = ".toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportWords:
    """Options of the command, in the command line's words; empty is what was not said."""

    #: Name of a mapping, or a TOML file with one.
    mapping: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    constants: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    skipped: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    is_strict: bool = False
    unit: str = ""
    dates: str = ""
    worksheet: str = ""
    save_as: str = ""

    def request(self, kind: str, data: bytes, answers: Answers) -> ImportRequest:
        """The import that is asked for.

        Raises:
            EnvironmentFault: when the file of a mapping cannot be read.
        """
        path = Path(self.mapping) if self.mapping.endswith(_MAPPING_FILE) else None
        return ImportRequest(
            data=data,
            answers=answers,
            kind=kind,
            mapping=path.stem if path is not None else self.mapping,
            mapping_text=_text_of(path) if path is not None else "",
            headers=self.headers,
            constants=self.constants,
            skipped=self.skipped,
            strict=self.is_strict,
            unit=TimeUnit(self.unit) if self.unit else None,
            dates=DateOrder(self.dates) if self.dates else None,
            worksheet=self.worksheet,
        )


def _text_of(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except OSError as error:
        raise EnvironmentFault(f"{file} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise EnvironmentFault(f"{file} cannot be read: it is not UTF-8.") from error
