"""What a form or its metadata holds, where another version of the program may have opened it."""

from typing import TypeVar

from services.errors import Refusal

_V = TypeVar("_V")


class OldForm(Refusal):
    """This form is from another version of the program. Nothing was saved. Close it and open it again."""

    code = "old_form"


class FromForm(dict[str, _V]):
    """Fields by name; one that the form does not have is told to whoever sent it."""

    def __missing__(self, name: str) -> _V:
        raise OldForm
