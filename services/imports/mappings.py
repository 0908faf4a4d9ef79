"""Keeps the practice's own mappings of other systems' files."""

import re
from dataclasses import replace

from services.context import Context
from services.errors import Refusal
from services.imports.load import KINDS
from services.imports.request import ImportRequest
from services.imports.sheet import understood
from services.imports.tables.layouts import BadLayout, layout_of
from services.imports.tables.named import shipped
from services.imports.tables.written import mapping_text
from storage import SavedMapping

_NAME = re.compile(r"[\w.-]{1,40}")


def saved_mappings(context: Context) -> tuple[SavedMapping, ...]:
    """The practice's own mappings, by name."""
    return context.uow.mappings.all()


def check_name(name: str) -> None:
    """See that a mapping may be saved under a name.

    Raises:
        Refusal: when it is no name, or that of a shipped one.
    """
    if not _NAME.fullmatch(name):
        raise Refusal(
            f"{name!r} is not a name for a mapping. Write up to 40 letters, figures, dashes or points."
        )
    if name.casefold() in shipped():
        raise Refusal(f"{name!r} is a mapping that comes with the program. Choose another name.")


def save_mapping(context: Context, request: ImportRequest, name: str) -> bool:
    """Save the mapping by which a file was read, in place of the one of that name.

    Args:
        context: Where it is stored.
        request: The file that was read by it.
        name: Under which it is found again.

    Returns:
        Whether there was one of that name.

    Raises:
        Refusal: when the name cannot be used.
    """
    check_name(name)
    kind = KINDS[request.kind]
    header, layout = understood(kind.with_mapping(context, request), kind.columns, kind.needed)
    if request.unit is not None or request.dates is not None:
        layout = replace(layout, unit=request.unit or layout.unit, dates=request.dates or layout.dates)
    text = mapping_text(header, layout)
    try:
        layout_of(name, text)
    except BadLayout as error:
        raise Refusal(str(error)) from error
    was_there = context.uow.mappings.by_name(name) is not None
    context.uow.mappings.put(SavedMapping(name=name, kind=request.kind, text=text, saved_at=context.now))
    context.uow.commit()
    return was_there


def drop_mapping(context: Context, name: str) -> None:
    """Forget one of the practice's own mappings.

    Raises:
        Refusal: when there is none of that name.
    """
    found = context.uow.mappings.by_name(name)
    if found is None:
        own = ", ".join(one.name for one in context.uow.mappings.all()) or "none"
        raise Refusal(f"There is no mapping {name!r} of your own. Saved here: {own}.")
    context.uow.mappings.drop(replace(found, saved_by=None, saved_at=context.now))
    context.uow.commit()
