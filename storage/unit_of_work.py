"""One transaction: its repositories, and whether what it wrote is kept."""

from storage.acts import Acts
from storage.attestations import Attestations, OtherServices
from storage.audit import Audit
from storage.audit_keys import NO_KEYS, AuditKeys
from storage.care import Admissions, CaseReviews, Scores, Statements
from storage.care_time import CareTime
from storage.caseloads import Caseloads
from storage.chain import Chain
from storage.claim_events import ClaimEvents
from storage.claim_facts import ClaimFacts
from storage.closes import MonthCloses
from storage.covers import Covers
from storage.deliveries import Deliveries
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
from storage.seals import Seals
from storage.signals import Signals
from storage.statements import Wire
from storage.tenants import Tenants
from storage.timers import Timers
from storage.unknown_reads import UnknownReads


class UnitOfWork:
    """Everything that one use case reads and writes, for one tenant; kept whole or not at all."""

    def __init__(
        self, wire: Wire, tenant_id: int, keys: AuditKeys = NO_KEYS, *, is_ahead: bool = False
    ) -> None:
        self.tenant_id = tenant_id
        #: True before a write on the same connection: what that will store may be made ready (see `Imports`).
        self.is_ahead = is_ahead
        self.months = MonthLocks(wire, tenant_id)
        self._open_chain(wire, keys)
        self.acts = Acts(wire, tenant_id, self.audit)
        self.import_log = ImportLog(wire, tenant_id, self.audit)
        self.facts = Facts(wire, tenant_id, self.audit, self.acts, self.import_log)
        self.evidence = Evidence(wire, tenant_id, keys)
        self.tenants = Tenants(wire)
        self.members = Members(wire, tenant_id, self.facts, self.import_log)
        self.membership_requests = MembershipRequests(wire, tenant_id, self.import_log)
        self.patients = Patients(wire, tenant_id, self.facts, self.import_log)
        self.patient_search = PatientSearch(wire, tenant_id)
        self.merges = PatientMerges(wire, tenant_id, self.audit, self.facts)
        self.episodes = Episodes(wire, tenant_id, self.audit, self.facts, self.months)
        self.requests = Requests(wire, tenant_id)
        self.notices = Notices(wire, tenant_id)
        self.ledger = Ledger(wire, tenant_id, self.requests, self.audit, self.acts, self.notices, self.months)
        self.reviews = CaseReviews(wire, tenant_id, self.audit, self.facts)
        self.scores = Scores(wire, tenant_id, self.audit, self.facts)
        self.signals = Signals(wire, tenant_id)
        self.statements = Statements(wire, tenant_id, self.audit, self.facts)
        self.admissions = Admissions(wire, tenant_id, self.audit, self.facts)
        self.claim_facts = ClaimFacts(wire, tenant_id, self.audit, self.facts)
        self.attestations = Attestations(wire, tenant_id, self.audit, self.facts)
        self.other_services = OtherServices(wire, tenant_id, self.audit, self.import_log)
        self.payers = Payers(wire, tenant_id, self.import_log)
        self.fee_schedules = FeeSchedules(wire, tenant_id, self.import_log)
        self.setting_changes = SettingChanges(wire, tenant_id, self.audit, self.facts)
        self.closes = MonthCloses(wire, tenant_id, self.audit)
        self.claim_events = ClaimEvents(wire, tenant_id, self.audit)
        self.timers = Timers(wire, tenant_id, self.facts)
        self.covers = Covers(wire, tenant_id, self.facts)
        self.caseloads = Caseloads(wire, tenant_id)
        self.care_time = CareTime(wire, tenant_id)
        self.deliveries = Deliveries(wire, tenant_id)
        self.reminder_choices = ReminderChoices(wire, tenant_id, self.facts)
        self.direct_messages = DirectMessages(wire, tenant_id)
        self.set_aside = SetAside(wire, tenant_id)
        self.pending = Pending(wire, tenant_id)
        self.marks = Marks(wire, tenant_id)
        self.imported = ImportedKeys(wire, tenant_id)
        self.imports = Imports(wire, tenant_id, self.ledger, self.audit, self.import_log)
        self.mappings = SavedMappings(wire, tenant_id, self.audit)
        self.leftovers = Leftovers(wire, tenant_id)
        self.homes = Homes(wire, tenant_id)
        self.overviews = Overviews(wire, tenant_id)
        self.pulses = Pulses(wire, tenant_id)
        self.unknown_reads = UnknownReads(wire, tenant_id)
        self._kept = False

    def _open_chain(self, wire: Wire, keys: AuditKeys) -> None:
        self.audit = Audit(wire, self.tenant_id, keys)
        self.seals = Seals(wire, self.tenant_id, keys)
        self.chain = Chain(wire, self.tenant_id, keys, self.seals)

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
