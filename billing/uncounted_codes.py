"""Codes of services that are billed by themselves: named in a note, they hold its time (R-214).

The Collaborative Care family's own codes (99492-99494, 99484, G2214, G0512, G0568-G0570) are no such thing: they name
what the minutes are for. Whose visit a code was is not looked at: a code in a note always asks.
"""

import re
from dataclasses import dataclass

from billing.activities import Activity


@dataclass(frozen=True, slots=True, kw_only=True)
class Uncounted:
    """Work in a note that no minute of Collaborative Care may contain unasked."""

    activity: Activity
    #: What of the note says so, as people write it: `90837`, `therapy session`.
    said: str
    #: What that is: `psychotherapy`.
    service: str


_THERAPY, _CRISIS, _OTHER = Activity.PSYCHOTHERAPY, Activity.CRISIS, Activity.BILLED_SEPARATELY
#: First and last code of a run, the kind of work, and its name.
_RUNS = (
    ("90785", "90785", _OTHER, "interactive complexity"),
    ("90791", "90792", _OTHER, "a psychiatric diagnostic evaluation"),
    ("90832", "90838", _THERAPY, "psychotherapy"),
    ("90839", "90840", _CRISIS, "psychotherapy for crisis"),
    ("90845", "90853", _THERAPY, "psychotherapy"),
    ("90863", "90863", _OTHER, "medication management with psychotherapy"),
    ("90865", "90899", _OTHER, "a psychiatric service"),
    ("96105", "96146", _OTHER, "testing or a scored assessment"),
    ("96156", "96171", _OTHER, "a health behavior service"),
    ("96202", "96203", _OTHER, "caregiver training"),
    ("97129", "97130", _OTHER, "cognitive function intervention"),
    ("97550", "97552", _OTHER, "caregiver training"),
    ("98000", "98016", _OTHER, "a telehealth visit"),
    ("98960", "98962", _OTHER, "self-management training"),
    ("98966", "98972", _OTHER, "a phone or online assessment"),
    ("98975", "98986", _OTHER, "remote therapeutic monitoring"),
    ("99091", "99091", _OTHER, "remote monitoring"),
    ("99201", "99215", _OTHER, "an office visit"),
    ("99217", "99239", _OTHER, "a hospital visit"),
    ("99241", "99255", _OTHER, "a consultation"),
    ("99281", "99310", _OTHER, "a facility visit"),
    ("99315", "99350", _OTHER, "a facility or home visit"),
    ("99354", "99360", _OTHER, "prolonged service"),
    ("99366", "99368", _OTHER, "a team conference"),
    ("99374", "99380", _OTHER, "care plan oversight"),
    ("99381", "99404", _OTHER, "a preventive visit"),
    ("99406", "99407", _OTHER, "tobacco cessation counseling"),
    ("99408", "99409", _OTHER, "substance use screening and intervention"),
    ("99411", "99412", _OTHER, "preventive group counseling"),
    ("99415", "99418", _OTHER, "prolonged service"),
    ("99421", "99423", _OTHER, "an online visit"),
    ("99424", "99427", _OTHER, "principal care management"),
    ("99437", "99439", _OTHER, "chronic care management"),
    ("99441", "99443", _OTHER, "a telephone visit"),
    ("99445", "99452", _OTHER, "a consultation between professionals or remote monitoring"),
    ("99453", "99458", _OTHER, "remote monitoring"),
    ("99470", "99474", _OTHER, "remote monitoring"),
    ("99483", "99483", _OTHER, "cognitive assessment and care planning"),
    ("99487", "99491", _OTHER, "chronic care management"),
    ("99495", "99496", _OTHER, "transitional care management"),
    ("99497", "99498", _OTHER, "advance care planning"),
    ("g0017", "g0018", _CRISIS, "psychotherapy for crisis"),
    ("g0019", "g0024", _OTHER, "community health integration or navigation"),
    ("g0071", "g0071", _OTHER, "a virtual check-in"),
    ("g0108", "g0109", _OTHER, "self-management training"),
    ("g0136", "g0136", _OTHER, "a social risk assessment"),
    ("g0140", "g0146", _OTHER, "peer navigation"),
    ("g0176", "g0177", _OTHER, "a partial hospitalization service"),
    ("g0317", "g0318", _OTHER, "prolonged service"),
    ("g0323", "g0323", _OTHER, "behavioral health integration by a psychologist or social worker"),
    ("g0396", "g0397", _OTHER, "substance use screening and intervention"),
    ("g0402", "g0402", _OTHER, "a preventive visit"),
    ("g0409", "g0411", _OTHER, "a partial hospitalization service"),
    ("g0436", "g0439", _OTHER, "tobacco cessation counseling or a wellness visit"),
    ("g0442", "g0443", _OTHER, "alcohol screening or counseling"),
    ("g0444", "g0444", _OTHER, "depression screening"),
    ("g0445", "g0447", _OTHER, "preventive counseling"),
    ("g0459", "g0459", _OTHER, "medication management by telehealth"),
    ("g0463", "g0463", _OTHER, "a clinic visit"),
    ("g0506", "g0506", _OTHER, "care planning for chronic care management"),
    ("g0511", "g0511", _OTHER, "general care management"),
    ("g0513", "g0514", _OTHER, "prolonged service"),
    ("g0539", "g0543", _OTHER, "caregiver training"),
    ("g0544", "g0551", _OTHER, "crisis follow-up or a consultation between professionals"),
    ("g0552", "g0554", _OTHER, "a digital treatment device"),
    ("g0556", "g0558", _OTHER, "advanced primary care management"),
    ("g0560", "g0560", _OTHER, "safety planning"),
    ("g2010", "g2012", _OTHER, "a virtual check-in or substance use screening"),
    ("g2025", "g2025", _OTHER, "a telehealth visit"),
    ("g2061", "g2088", _OTHER, "an online assessment or substance use treatment"),
    ("g2211", "g2212", _OTHER, "part of an office visit"),
    ("g2250", "g2252", _OTHER, "a virtual check-in"),
    ("g3002", "g3003", _OTHER, "chronic pain management"),
    ("h0004", "h0005", _THERAPY, "behavioral health counseling or therapy"),
    ("h0001", "h2010", _OTHER, "a behavioral health service"),
    ("h2011", "h2011", _CRISIS, "crisis intervention"),
    ("h2012", "h2041", _OTHER, "a behavioral health service"),
    ("s9480", "s9480", _OTHER, "intensive outpatient care"),
    ("s9484", "s9485", _CRISIS, "crisis intervention"),
    ("t1006", "t1007", _OTHER, "a substance use service"),
    ("t1012", "t1012", _OTHER, "a substance use service"),
    ("t1015", "t1017", _OTHER, "a clinic visit or targeted case management"),
    ("t2023", "t2023", _OTHER, "targeted case management"),
)
#: A code with its last figures left open: `9921x`.
_OPEN = {
    "907": (_OTHER, "a psychiatric diagnostic evaluation"),
    "9079": (_OTHER, "a psychiatric diagnostic evaluation"),
    "908": (_THERAPY, "psychotherapy"),
    "9083": (_THERAPY, "psychotherapy"),
    "9084": (_THERAPY, "psychotherapy"),
    "9085": (_THERAPY, "psychotherapy"),
    "961": (_OTHER, "testing or a health behavior service"),
    "9613": (_OTHER, "testing or a scored assessment"),
    "9615": (_OTHER, "a health behavior service"),
    "9616": (_OTHER, "a health behavior service"),
    "992": (_OTHER, "an office visit"),
    "9920": (_OTHER, "an office visit"),
    "9921": (_OTHER, "an office visit"),
    "9924": (_OTHER, "a consultation"),
    "9940": (_OTHER, "preventive counseling"),
    "9942": (_OTHER, "principal care management or an online visit"),
    "9943": (_OTHER, "chronic care management"),
    "9944": (_OTHER, "a telephone visit or a consultation"),
    "9945": (_OTHER, "remote monitoring"),
}
#: `90837`, `cpt90837`, `90837x1`, `90837-95`, `(H0004)`, `9921x`; no part of another number.
_CODE = re.compile(
    r"(?<![\w$#])(?<!\d[-.,])(?<!\b\d/)(?<!\b\d\d/)(?:cpts?|hcpcs|codes?)?"
    r"(?P<code>(?:9[0-9]{4}|[ghst][0-9]{4})|9[0-9]{3}x|9[0-9]{2}xx)"
    r"(?:x ?[0-9]{1,2}|s|(?:gt|95|25|fq|93|h[a-z]|t[a-z]|u[0-9a-d])(?![0-9]))?"
    r"(?!\w|[-.][0-9]{3,4}(?![0-9])|[.,][0-9]{1,2}(?![0-9])|%)"
    r"(?! ?(?:steps|calories|cal|feet|ft|miles|mi|lbs?|kg|g|dollars|usd|points|pts)\b)"
    r"(?! (?:[nsew]\.? )?(?:[a-z]+|[0-9]+(?:st|nd|rd|th)) (?:st|street|ave|avenue|blvd|road|rd|lane|ln)\b)"
)
#: What makes the number behind it another kind of number.
_LABEL = re.compile(
    r"(?:\b(?:mrn|mr|medical record|id|num(?:ber)?|nr|acct|account|ref|reference|auth|authorization|claim"
    r"|ticket"
    r"|conf|confirmation|ext|extension|room|rm|apt|suite|ste|p\.?o\.? box|box|zip(?: ?code)?|policy|invoice"
    r"|pin|fax|ph"
    r"|tel|cell|pager|wa|ca)|\bno\.|#)(?: ?(?:#|no\.?|number|num|id|is|was|[:=-]))* ?$"
)
_MAY_BE_CODE = re.compile(r"9[0-9]{2}|[ghst][0-9]{4}")


def coded_service(note: str) -> Uncounted | None:
    """The first separately billed service that a note names by its code.

    Args:
        note: The note in plain form.
    """
    if not _MAY_BE_CODE.search(note):
        return None
    for match in _CODE.finditer(note):
        if not _LABEL.search(note, 0, match.start()) and (found := _service(match["code"])):
            activity, words = found
            return Uncounted(activity=activity, said=_as_written(match["code"]), service=words)
    return None


def is_service_code(digits: str) -> bool:
    """Whether figures are a code of the Collaborative Care family, or of a service billed separately."""
    return digits in _FAMILY or _service(digits) is not None


_FAMILY = frozenset({"99484", "99492", "99493", "99494"})


def _service(code: str) -> tuple[Activity, str] | None:
    if code.endswith("x"):
        return _OPEN.get(code.replace("x", ""))
    return next(((activity, words) for first, last, activity, words in _RUNS if first <= code <= last), None)


def _as_written(code: str) -> str:
    return code if code.endswith("x") else code.upper()
