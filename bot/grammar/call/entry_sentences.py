"""What the grammar says of commands that name an entry. The point first, then why, then what to do."""

NO_ENTRY = (
    "{command} needs an entry. Its reference, such as e-36, stands on the receipt, in today and in why."
)
NO_SUCH_ENTRY = "{word} names no entry: a character of it is wrong. Copy it from the receipt or from today."
NO_REASON = "{command} needs a reason: say in a few words why."
NO_CHANGE = "Nothing to change: give a time, a date, a patient, a kind of work, or note and its new words."
TWO_TIMES = "{words} are both lengths of time. Keep the right one."
TWO_ACTIVITIES = "{words} are two kinds of work. Keep one."
NO_CLOCK = "{word} holds no time of day that exists. Write it as 2pm-2:25pm."
CLOCK_BACKWARDS = (
    "{word} ends before it begins. Write the earlier time first; for work past midnight, log two entries."
)
NUMBER = "{word} may be minutes or a patient. Write {number}m or MRN{number}."
ZERO = "{word} is no time at all. To take an entry back, use void."
TOO_MANY_PARTS = "That makes {count} parts; an entry is split into {most} at most."
PARTS = "split needs the time and the patient of each part, with a slash between them, or patients alone."


def reason_too_long(length: int, most: int) -> str:
    """A reason over the limit."""
    return f"The reason has {length} characters, {length - most} more than the {most} that fit. Shorten it."
