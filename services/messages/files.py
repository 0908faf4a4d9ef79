"""A file that goes into a message's thread."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class FileContent:
    """A file's name, which says nothing of any patient, and its bytes."""

    name: str
    data: bytes = field(repr=False)
