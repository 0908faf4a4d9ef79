"""What a form or its metadata holds, where another version of the program may have opened it."""

from typing import Any, TypeVar

from services.errors import Refusal

_V = TypeVar("_V")
_K = TypeVar("_K")


class OldForm(Refusal):
    """This form is from another version of the program. Nothing was saved. Close it and open it again."""

    code = "old_form"


class FromForm(dict[str, _V]):
    """Fields by name; one that the form does not have is told to whoever sent it."""

    def __missing__(self, name: str) -> _V:
        raise OldForm

    def of_kind(self, kind: type[_K], name: str) -> _K:
        """A field that is to be of a kind.

        Raises:
            OldForm: when it is of another, or missing.
        """
        found: Any = self[name]
        if not isinstance(found, kind):
            raise OldForm
        return found
