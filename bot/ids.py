"""Action, block and callback ids. They carry no patient and no words of a person."""

import re
from enum import StrEnum


def listed(action: "ActionId", place: int) -> str:
    """The id of a button that stands in one message several times; Slack wants each told apart."""
    return f"{action}_{place}"


def wherever(action: "ActionId") -> re.Pattern[str]:
    """Matches a button by itself and in a list."""
    return re.compile(rf"^{action}(?:_\d+)?$")


class ActionId(StrEnum):
    """Buttons and menus."""

    #: Of receipts that name their first entry, and of acts that name themselves.
    UNDO = "undo_receipt"
    UNDO_ACT = "undo_act"
    PUT_BACK = "put_back"
    ANSWER = "answer_question"
    ANSWER_CARE = "answer_care_question"
    ANSWER_CHANGE = "answer_change_question"
    SET_ACTIVITY = "set_activity"
    SETTLE_HELD = "settle_held"
    SET_DATE = "set_date"
    SAME_REVIEW = "same_review"
    TWO_REVIEWS = "two_reviews"
    EDIT = "edit_entry"
    VOID = "void_entry"
    SEND_LINE = "send_line"
    #: Opens the form for scores with what a message states; the value is the id of the kept line.
    SCORE_FORM = "open_score_form"
    #: Has an entry begin or end where another one of the same person ends or begins; `e-36:start:1795000000`.
    TRIM_ENTRY = "trim_entry"
    #: Of Home: shows a question that waits in a direct message, where its words may stand.
    SHOW_QUESTION = "show_question"
    #: Of Home: sends what a command shows as a direct message, brings a part to the front, draws a part's figures.
    SHOW = "show_list"
    HOME_PART = "home_part"
    HOME_CHARTS = "home_charts"
    OPEN_FORM = "open_log_form"
    HELP_TOPIC = "help_topic"
    WHY = "why_patient"
    CLOSE_MONTH = "close_month"
    LOG_FOR = "log_for_patient"
    SET_ASIDE = "set_aside_patient"
    NAME_AGAIN = "name_patient_again"
    REVIEW_MONTH = "review_month"
    APPROVE_MEMBER = "approve_member"
    REFUSE_MEMBER = "refuse_member"
    GIVE_REASON = "give_reason"
    PICK_ENTRY = "pick_entry"
    CHANGE_AS_SAID = "change_as_said"
    #: Another page of a long list; the value names the list, and the page behind a colon.
    SHOW_PAGE = "show_page"
    #: Opens a filled-in form; the value is `kind:handle`, or `kind:handle:reference`, see `bot.screens.fact_buttons`.
    #: Of timers; the value is the timer's number, of an answer its question and choice.
    STOP_TIMER = "stop_timer"
    STOP_TIMER_FORM = "stop_timer_form"
    SWITCH_TIMER = "switch_timer"
    SWITCH_TO = "switch_timer_to"
    CANCEL_TIMER = "cancel_timer"
    KEEP_TIMER = "keep_timer"
    START_TIMER = "start_timer"
    WHOSE_TIMER = "whose_timer"
    #: Opens a filled-in form; the value is `kind:handle`, or `kind:handle:reference`, see `bot.screens.care_forms`.
    OPEN_FACT_FORM = "open_fact_form"
    #: The review hour: opens it as a message of its own, turns its page, and takes one of its reviews back or again.
    START_REVIEW_HOUR = "start_review_hour"
    REVIEW_PAGE = "review_hour_page"
    UNDO_REVIEW = "undo_review"
    PUT_REVIEW_BACK = "put_review_back"
    #: A positive answer about suicide: `17` or `17:<instant of its message>`; of its undo, the act before that.
    SEEN = "seen_signal"
    UNSEEN = "unseen_signal"
    #: Settles a line of a patient's month where it stands; the value is `handle:what:...`, see `bot.screens.fixes`.
    FIX_HERE = "fix_here"
    #: Puts a month's report as it is now in the place of the one that is shown.
    REVIEW_AGAIN = "review_again"
    #: Opens a form again with what was typed into it.
    OPEN_AGAIN = "open_form_again"
    #: Of a file that was sent to be imported; the value is what is kept of it, or the import's number.
    IMPORT_FILE = "import_file"
    CANCEL_FILE = "cancel_file"
    ANSWER_FILE = "answer_file"
    PICK_FILE_ANSWER = "pick_file_answer"
    ALL_NEW_PATIENTS = "all_new_patients"
    SAY_OF_FILE = "say_of_file"
    KIND_OF_FILE = "kind_of_file"
    OTHER_KIND = "other_kind_of_file"
    LOOK_AT_FILE = "look_at_file"
    UNDO_IMPORT = "undo_import"
    #: Of lists for administrators. The values are `roles:12`, `ends:12`, `returns:12`; a request; a setting; a payer.
    MEMBER_MENU = "member_menu"
    CHANGE_MEMBERSHIP = "change_membership"
    GIVE_OTHER_ROLE = "give_other_role"
    ROLE_RIGHTS = "role_rights"
    CHANGE_SETTING = "change_setting"
    CHANGE_PAYER = "change_payer"
    #: Of rows of the morning message.
    ROW_SEEN = "row_seen"
    ROW_HELD = "row_held"
    ROW_UNDO = "row_undo"
    ROW_PUT_BACK = "row_put_back"
    MORE_ROWS = "more_rows"


class CallbackId(StrEnum):
    """Modals and shortcuts."""

    LOG_FORM = "log_form"
    EDIT_FORM = "edit_form"
    REASON_FORM = "reason_form"
    STOP_TIMER_FORM = "stop_timer_form"
    SWITCH_TIMER_FORM = "switch_timer_form"
    ENROLL_FORM = "enroll_form"
    CONSENT_FORM = "consent_form"
    ASSESS_FORM = "assess_form"
    DISCHARGE_FORM = "discharge_form"
    LOG_SHORTCUT = "log_time"
    LOG_FROM_MESSAGE = "log_from_message"
    REVIEW_FORM = "review_form"
    ROLES_FORM = "roles_form"
    SETTING_FORM = "setting_form"
    PAYER_FORM = "payer_form"


class BlockId(StrEnum):
    """Inputs of the forms."""

    LINE = "line"
    PATIENT = "patient"
    DURATION = "duration"
    NOTE = "note"
    DAY = "day"
    ACTIVITY = "activity"
    REASON = "reason"
    RECOMMENDATION = "recommendation"
    CONSULTANT = "consultant"
    CARE_MANAGER = "care_manager"
    SENT = "sent_to_provider"
    ENDED = "ended"
    START = "start"
    END = "end"
    #: What the bot says about a whole form, and the answers to what it asks.
    SAID = "said"
    ANSWER = "answer"
    PROGRAM = "program"
    PAYER = "payer"
    MANAGER = "care_manager"
    NPI = "npi"
    BILLING_NPI = "billing_npi"
    DIAGNOSES = "diagnoses"
    PLACE = "place_of_service"
    APCM = "apcm"
    FROM = "holds_from"
    KIND = "kind"
    COST_SHARING = "cost_sharing"
    CORRECTS = "corrects"
    ROLES = "roles"
    VALUE = "value"
    FIELD = "field"
    TO = "holds_to"
    SOURCE = "source"
    VERIFIED = "verified_on"
