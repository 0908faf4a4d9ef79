"""What the grammar says of months and of commands that take them. The point first, then what to do."""

NO_MONTH = "{command} needs the month. Write it as october, oct 2026 or 2026-10."
NO_SUCH_MONTH = "{word} is no month of any calendar. Write it as october, oct 2026 or 2026-10."
AHEAD = "{word} has not come yet. Months are this one or one gone by."
LOG_INSTEAD = "{word} is a command of its own. To log time with that word in the note, begin with log."
