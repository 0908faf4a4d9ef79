"""Lists the kinds of files that can be imported, by their command-line names."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from services.context import Context
from services.errors import Refusal
from services.imports import (
    coverage,
    entries,
    entry_reading,
    facts,
    fees,
    insurance,
    members,
    patients,
    payers,
)
from services.imports.history import attestations, reviews, statements, stays
from services.imports.request import ImportRequest
from services.imports.storing import Loader, PlannedImport
from services.imports.tables.named import shipped


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportKind:
    """One kind of file: its columns, and what reads it; itself a loader that knows mappings."""

    name: str
    columns: tuple[str, ...]
    needed: tuple[str, ...]
    load: Loader = field(repr=False)

    def __call__(self, context: Context, request: ImportRequest) -> PlannedImport:
        """Plan an import by the mapping that is asked for.

        Raises:
            Refusal: when there is no mapping of that name.
        """
        return self.load(context, self.with_mapping(context, request))

    def with_mapping(self, context: Context, request: ImportRequest) -> ImportRequest:
        """A request for this kind of file, with the text of the practice's own mapping where it names one.

        Raises:
            Refusal: when there is no mapping of that name.
        """
        return _with_mapping(context, replace(request, kind=self.name))


def _with_mapping(context: Context, request: ImportRequest) -> ImportRequest:
    """A request with the text of the practice's own mapping, where it names one."""
    name = request.mapping
    if not name or request.mapping_text or name.casefold() in shipped():
        return request
    saved = context.uow.mappings.by_name(name)
    if saved is None:
        own = ", ".join(one.name for one in context.uow.mappings.all())
        raise Refusal(
            f"There is no mapping {name!r}. Shipped: {', '.join(shipped())}. Saved here: {own or 'none'}."
        )
    return replace(request, mapping=saved.name, mapping_text=saved.text)


KINDS: Mapping[str, ImportKind] = {
    kind.name: kind
    for kind in (
        ImportKind(name="patients", columns=patients.COLUMNS, needed=patients.NEEDED, load=patients.load),
        ImportKind(
            name="entries", columns=entry_reading.COLUMNS, needed=entry_reading.NEEDED, load=entries.load
        ),
        ImportKind(
            name="scores",
            columns=facts.SCORE_COLUMNS,
            needed=facts.SCORE_NEEDED,
            load=facts.load_scores,
        ),
        ImportKind(
            name="services",
            columns=facts.SERVICE_COLUMNS,
            needed=facts.SERVICE_COLUMNS[:-1],
            load=facts.load_services,
        ),
        ImportKind(name="reviews", columns=reviews.COLUMNS, needed=reviews.NEEDED, load=reviews.load_reviews),
        ImportKind(
            name="statements",
            columns=statements.COLUMNS,
            needed=statements.NEEDED,
            load=statements.load_statements,
        ),
        ImportKind(name="stays", columns=stays.COLUMNS, needed=stays.NEEDED, load=stays.load_stays),
        ImportKind(
            name="attestations",
            columns=attestations.COLUMNS,
            needed=attestations.NEEDED,
            load=attestations.load_attestations,
        ),
        ImportKind(name="coverage", columns=coverage.COLUMNS, needed=coverage.NEEDED, load=coverage.load),
        ImportKind(name="insurance", columns=insurance.COLUMNS, needed=insurance.NEEDED, load=insurance.load),
        ImportKind(name="members", columns=members.COLUMNS, needed=members.NEEDED, load=members.load),
        ImportKind(name="payers", columns=payers.COLUMNS, needed=payers.NEEDED, load=payers.load),
        ImportKind(name="fees", columns=fees.COLUMNS, needed=fees.NEEDED, load=fees.load),
    )
}
LOADERS: Mapping[str, Loader] = KINDS
#: Kinds whose rows name patients.
PATIENT_KINDS = frozenset(
    {
        "patients",
        "entries",
        "scores",
        "services",
        "coverage",
        "insurance",
        "reviews",
        "statements",
        "stays",
        "attestations",
    }
)
