"""Recognizes a greeting, and a request for something to look at that is not worded as a command."""

from bot.grammar.text.later import later

_GREETING = later(
    r"(?:(?:hi|hiya|hello|hey|heya|howdy|yo|greetings|good (?:morning|afternoon|evening|day|night)|morning|thanks"
    r"|thank you|thank u"
    r"|thx|thnx|tks|ty|tysm|ok|okay|k|kk|great|cool|nice|awesome|perfect|got it|sounds good|you(?:'re| are) (?:the "
    r"best|great|welcome)"
    r"|bye|goodbye|see you|cheers|welcome|much appreciated|appreciate it|have a (?:good|great|nice) \w+|happy \w+"
    r"|👋|🙏|👍|:\w+:)"
    r"(?:[\s,.!;]+|$)(?:(?:there|bot|cocm|team|everyone|everybody|all|again|so much|very much|a lot|a bunch|you|to "
    r"you|folks|friend|today)(?:[\s,.!;]+|$))*)+"
)
#: `commands` and their words are what the registry has.
_REQUESTS = (
    (
        "near",
        later(
            r"(?:show |list |tell )?(?:me )?(?:who|who's|whos|which (?:patients?|pts?)|anyone|anybody|patients?"
            r"|pts?|my patients) (?:(?:is|are|am i|who|do i have"
            r"|that|have|has|needs?|still|my) )*(?:near|close|nearest|almost|nearly|about)\b.*"
        ),
        "",
    ),
    ("near", later(r"who (?:still )?needs? (?:more )?(?:time|minutes|mins|contact)\b.*"), ""),
    (
        "today",
        later(
            r"(?:show (?:me )?)?my (?:day|entries|log|logs|time|minutes)(?: for)?(?: today)?|what (?:did|have|do) "
            r"i (?:log|logged|have|do|done|enter\w*)(?: so far)?(?: for)? today"
            r"|how (?:much|many)(?: time| minutes| entries)?.* today|today's (?:entries|log|logs|time|total"
            r"|minutes)|(?:my )?last (?:entry|entries|log)"
        ),
        "",
    ),
    (
        "week",
        later(
            r"(?:show (?:me )?)?(?:my|this) week(?:ly (?:report|total|summary))?|weekly (?:report|total|summary"
            r"|time)|(?:what|how (?:much|many)).* (?:i|my) .*this week"
        ),
        "",
    ),
    (
        "week",
        later(
            r"(?:show (?:me )?)?(?:my )?last week(?:'s (?:entries|time|total))?|(?:what|how (?:much|many)).* (?:i"
            r"|my) .*last week"
        ),
        "last",
    ),
    (
        "month",
        later(
            r"(?:show (?:me )?)?(?:my|this) month(?:ly)?(?: (?:report|total|totals|summary|time|minutes|so far))?"
            r"|monthly (?:total|totals|summary|time|minutes)"
            r"|(?:what|how (?:much|many)).* (?:i|my) .*this month|my (?:time|minutes|hours) this month"
        ),
        "",
    ),
    (
        "month",
        later(
            r"(?:show (?:me )?)?(?:my )?last month(?:'s (?:entries|time|total))?|(?:what|how (?:much|many)).* (?:i"
            r"|my) .*last month"
        ),
        "last month",
    ),
    (
        "report",
        later(
            r"(?:show (?:me )?|the |run |get |make )*(?:monthly|month|month[- ]end|billing|this month's) report"
        ),
        "",
    ),
    ("report", later(r"(?:show (?:me )?|the |run |get |make )*last month's report"), "last month"),
    (
        "caseload",
        later(
            r"(?:show |list )?(?:me )?(?:my |the )(?:patients|pts|caseload|panel|patient list|list|roster)|(?:who"
            r"|who's|whos) (?:(?:is|are|all|on) )*my (?:patients|caseload|panel|list)|who do i have"
        ),
        "",
    ),
    (
        "undo",
        later(
            r"take (?:that|it|the last (?:one|entry)) back|take back (?:that|it|the last (?:one|entry))|(?:oops"
            r"|whoops|sorry|no|wait)[ ,]+undo(?: (?:that|it|this|the last one))?"
        ),
        "",
    ),
    (
        "help",
        later(
            r"(?:what|how) (?:can|do|should|does) (?:you|i|this|it|one|we)(?: (?:do|say|type|work|use|here|now"
            r"|this|it|ask|start|begin|the|bot|you))*"
            r"|who are you|what (?:is|are) (?:this|you|the commands)|(?:get |how to )?(?:start|use)(?:ed)? "
            r"?(?:this)?|menu|options|instructions|i need help|help me|(?:the )?(?:list of )?commands"
        ),
        "",
    ),
    (
        "help",
        later(
            r"how (?:do|can|would|should) (?:i|we|you) (?:log|record|enter|add|track)\b.*|how to (?:log|record"
            r"|enter|add|track)\b.*"
        ),
        "log",
    ),
    (
        "help",
        later(
            r"how (?:do|can|would|should) (?:i|we|you) (?:undo|take back)\b.*|how to (?:undo|take back)\b.*"
        ),
        "undo",
    ),
    (
        "help",
        later(
            r"how (?:do|can|would|should) (?:i|we|you) (?:edit|change|correct|fix|delete|remove|move|cancel)\b.*"
            r"|how to (?:edit|change|correct|fix|delete|remove)\b.*"
        ),
        "correct",
    ),
)
_EDGES = " \t.!?,:;"
_POLITE = later(
    r"^(?:(?:please|pls|can you|could you|would you|i want to see|i'd like to see|let me see|give me)[\s,]+)+"
)
_THANKS = later(r"[\s,]+(?:please|pls|thanks|thank you)$")


def is_greeting(plain: str) -> bool:
    """True for a line that says hello, thanks or good-bye and nothing else."""
    return bool(_GREETING.fullmatch(plain.strip(" \t.!?,:;")))


def wanted(plain: str) -> tuple[str, str] | None:
    """The command that a line asks for in words of its own, and what follows that command's word.

    Args:
        plain: The plain form of a line that names no patient and no length of time.
    """
    words = " ".join(_THANKS.sub("", _POLITE.sub("", plain.strip(_EDGES))).split()).strip(_EDGES)
    return next(((name, rest) for name, pattern, rest in _REQUESTS if pattern.fullmatch(words)), None)
