"""Lists the kinds of files that can be imported, by their command-line names."""

from collections.abc import Mapping

from services.imports import coverage, entries, facts, fees, members, patients, payers
from services.imports.storing import Loader

LOADERS: Mapping[str, Loader] = {
    "patients": patients.load,
    "entries": entries.load,
    "scores": facts.load_scores,
    "services": facts.load_services,
    "coverage": coverage.load,
    "members": members.load,
    "payers": payers.load,
    "fees": fees.load,
}
#: Kinds whose rows name patients.
PATIENT_KINDS = frozenset({"patients", "entries", "scores", "services", "coverage"})
