"""One transaction: its repositories, and whether what it wrote is kept.

There are some forty repositories, and a use case needs a few: each is made when it is first asked for.
"""

from collections.abc import Callable
from typing import Generic, Self, TypeVar, overload

from storage.acts import Acts
from storage.attestations import Attestations, OtherServices
from storage.audit import Audit
from storage.audit_keys import NO_KEYS, AuditKeys
from storage.care import Admissions, CaseReviews, Scores, Statements
from storage.care_time import CareTime
from storage.caseloads import Caseloads
from storage.chain import Chain
from storage.claim_details import ClaimDetails
from storage.claim_events import ClaimEvents
from storage.claim_facts import ClaimFacts
from storage.claim_parties import ClaimFiles, ClaimParties
from storage.closes import MonthCloses
from storage.covers import Covers
from storage.deliveries import Deliveries
from storage.digests import NoteDigests
from storage.encryption import Encryption
from storage.episodes import Episodes
from storage.evidence import Evidence
from storage.facts import Facts
from storage.homes import Homes
from storage.import_log import ImportLog
from storage.imported_keys import ImportedKeys
from storage.imports import Imports
from storage.ledger import Ledger
from storage.leftovers import Leftovers
from storage.mappings import SavedMappings
from storage.marks import Marks
from storage.members import Members
from storage.membership_requests import MembershipRequests
from storage.merges import PatientMerges
from storage.month_locks import MonthLocks
from storage.notices import Notices
from storage.overviews import Overviews
from storage.patient_search import PatientSearch
from storage.patients import Patients
from storage.payers import FeeSchedules, Payers
from storage.pending import Pending
from storage.practice_settings import SettingChanges
from storage.pulses import Pulses
from storage.reminders import DirectMessages, ReminderChoices, SetAside
from storage.requests import Requests
from storage.retention import Retention
from storage.seals import Seals
from storage.signals import Signals
from storage.statements import Wire
from storage.tenants import Tenants
from storage.timers import Timers
from storage.unknown_reads import UnknownReads

T = TypeVar("T")


class Made(Generic[T]):
    """A repository of a unit of work, made when it is first asked for."""

    def __init__(self, make: Callable[["UnitOfWork"], T]) -> None:
        self._make = make
        self._name = ""

    def __set_name__(self, owner: type, name: str) -> None:
        """Remember where it is to be found from then on."""
        self._name = name

    @overload
    def __get__(self, unit: None, owner: type) -> Self: ...

    @overload
    def __get__(self, unit: "UnitOfWork", owner: type) -> T: ...

    def __get__(self, unit: "UnitOfWork | None", owner: type) -> T | Self:
        """The repository; from then on it is the unit's own attribute, which Python finds without asking here."""
        if unit is None:
            return self
        made = unit.__dict__[self._name] = self._make(unit)
        return made


class UnitOfWork:
    """Everything that one use case reads and writes, for one tenant; kept whole or not at all."""

    tenant_id: int
    _wire: Wire
    _keys: AuditKeys

    audit = Made(lambda unit: Audit(unit._wire, unit.tenant_id, unit._keys))
    seals = Made(lambda unit: Seals(unit._wire, unit.tenant_id, unit._keys))
    encryption = Made(lambda unit: Encryption(unit._wire, unit.tenant_id))
    retention = Made(lambda unit: Retention(unit._wire, unit.tenant_id, unit.audit))
    chain = Made(lambda unit: Chain(unit._wire, unit.tenant_id, unit._keys, unit.seals))
    months = Made(lambda unit: MonthLocks(unit._wire, unit.tenant_id))
    acts = Made(lambda unit: Acts(unit._wire, unit.tenant_id, unit.audit))
    import_log = Made(lambda unit: ImportLog(unit._wire, unit.tenant_id, unit.audit))
    facts = Made(lambda unit: Facts(unit._wire, unit.tenant_id, unit.audit, unit.acts, unit.import_log))
    evidence = Made(lambda unit: Evidence(unit._wire, unit.tenant_id, unit._keys))
    digests = Made(lambda unit: NoteDigests(unit._wire, unit.tenant_id, unit._keys))
    tenants = Made(lambda unit: Tenants(unit._wire))
    members = Made(lambda unit: Members(unit._wire, unit.tenant_id, unit.facts, unit.import_log))
    membership_requests = Made(lambda unit: MembershipRequests(unit._wire, unit.tenant_id, unit.import_log))
    patients = Made(lambda unit: Patients(unit._wire, unit.tenant_id, unit.facts, unit.import_log))
    patient_search = Made(lambda unit: PatientSearch(unit._wire, unit.tenant_id))
    merges = Made(lambda unit: PatientMerges(unit._wire, unit.tenant_id, unit.audit, unit.facts))
    episodes = Made(lambda unit: Episodes(unit._wire, unit.tenant_id, unit.audit, unit.facts, unit.months))
    requests = Made(lambda unit: Requests(unit._wire, unit.tenant_id))
    notices = Made(lambda unit: Notices(unit._wire, unit.tenant_id))
    ledger = Made(
        lambda unit: Ledger(
            unit._wire, unit.tenant_id, unit.requests, unit.audit, unit.acts, unit.notices, unit.months
        )
    )
    reviews = Made(lambda unit: CaseReviews(unit._wire, unit.tenant_id, unit.audit, unit.facts))
    scores = Made(lambda unit: Scores(unit._wire, unit.tenant_id, unit.audit, unit.facts))
    signals = Made(lambda unit: Signals(unit._wire, unit.tenant_id))
    statements = Made(lambda unit: Statements(unit._wire, unit.tenant_id, unit.audit, unit.facts))
    admissions = Made(lambda unit: Admissions(unit._wire, unit.tenant_id, unit.audit, unit.facts))
    claim_facts = Made(lambda unit: ClaimFacts(unit._wire, unit.tenant_id, unit.audit, unit.facts))
    attestations = Made(lambda unit: Attestations(unit._wire, unit.tenant_id, unit.audit, unit.facts))
    other_services = Made(lambda unit: OtherServices(unit._wire, unit.tenant_id, unit.audit, unit.import_log))
    payers = Made(lambda unit: Payers(unit._wire, unit.tenant_id, unit.import_log))
    fee_schedules = Made(lambda unit: FeeSchedules(unit._wire, unit.tenant_id, unit.import_log))
    setting_changes = Made(lambda unit: SettingChanges(unit._wire, unit.tenant_id, unit.audit, unit.facts))
    closes = Made(lambda unit: MonthCloses(unit._wire, unit.tenant_id, unit.audit))
    claim_events = Made(lambda unit: ClaimEvents(unit._wire, unit.tenant_id, unit.audit))
    claim_details = Made(lambda unit: ClaimDetails(unit._wire, unit.tenant_id, unit.audit, unit.import_log))
    claim_parties = Made(lambda unit: ClaimParties(unit._wire, unit.tenant_id, unit.audit))
    claim_files = Made(lambda unit: ClaimFiles(unit._wire, unit.tenant_id, unit.audit))
    timers = Made(lambda unit: Timers(unit._wire, unit.tenant_id, unit.facts))
    covers = Made(lambda unit: Covers(unit._wire, unit.tenant_id, unit.facts))
    caseloads = Made(lambda unit: Caseloads(unit._wire, unit.tenant_id))
    care_time = Made(lambda unit: CareTime(unit._wire, unit.tenant_id))
    deliveries = Made(lambda unit: Deliveries(unit._wire, unit.tenant_id))
    reminder_choices = Made(lambda unit: ReminderChoices(unit._wire, unit.tenant_id, unit.facts))
    direct_messages = Made(lambda unit: DirectMessages(unit._wire, unit.tenant_id))
    set_aside = Made(lambda unit: SetAside(unit._wire, unit.tenant_id))
    pending = Made(lambda unit: Pending(unit._wire, unit.tenant_id))
    marks = Made(lambda unit: Marks(unit._wire, unit.tenant_id))
    imported = Made(lambda unit: ImportedKeys(unit._wire, unit.tenant_id))
    imports = Made(lambda unit: Imports(unit._wire, unit.tenant_id, unit.ledger, unit.audit, unit.import_log))
    mappings = Made(lambda unit: SavedMappings(unit._wire, unit.tenant_id, unit.audit))
    leftovers = Made(lambda unit: Leftovers(unit._wire, unit.tenant_id))
    homes = Made(lambda unit: Homes(unit._wire, unit.tenant_id))
    overviews = Made(lambda unit: Overviews(unit._wire, unit.tenant_id))
    pulses = Made(lambda unit: Pulses(unit._wire, unit.tenant_id))
    unknown_reads = Made(lambda unit: UnknownReads(unit._wire, unit.tenant_id))

    def __init__(
        self, wire: Wire, tenant_id: int, keys: AuditKeys = NO_KEYS, *, is_ahead: bool = False
    ) -> None:
        self.tenant_id = tenant_id
        #: True before a write on the same connection: what that will store may be made ready (see `Imports`).
        self.is_ahead = is_ahead
        self._wire = wire
        self._keys = keys
        self._kept = False

    @property
    def kept(self) -> bool:
        """True once the use case has asked for its writes to be kept."""
        return self._kept

    def commit(self) -> None:
        """Keep what this unit of work wrote. Without this, it all goes when the unit of work ends."""
        self._kept = True

    def finish(self) -> None:
        """The last statements of a unit of work that is kept: its act, its request, its links in the audit chain."""
        self.acts.write()
        self.requests.write()
        self.audit.write()
