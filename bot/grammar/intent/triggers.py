"""The words without one of which a line can be nothing but a log, so that most lines are not weighed at all."""

import re

from bot.grammar.text.wordlists import words

_WORD = re.compile(r"[a-z]+(?:['-][a-z]+)*")
#: Every pattern of `verdicts` needs one of these, or a question mark.
_TRIGGERS = words(
    """
    who whom whose who's whos what what's whats when when's where where's which why why's how how's hows is
    isn't isnt are aren't am does doesn't doesnt should shouldn't should've did didn't didnt do don't dont was
    wasn't were can could couldn't has hasn't have haven't will would wouldn't may might shall had tell show
    give let wonder know find thought wondering unsure check confirm verify curious want status total minutes
    time balance standing needs need needing requires require lacks lack short missing lacking needed hit hits
    reached got stands sits totals passed crossed exceeded over under near close at far left remaining remain go
    already logged done away month mtd currently running delete deleting remove removing erase fix fixing
    correct correcting change changing changed move moving cancel cancelling canceling drop edit amend adjust
    update modify transfer switch shift reassign void undo revert reverse retract scratch strike discard unlog
    replace swap redo reduce increase lower raise subtract deduct make set clear wipe backdate split get take
    mistake ought supposed meant mean intended must instead rather place not from oops whoops correction typo
    error ignore disregard never nvm wait actually sorry apologies duplicate double wrong incorrect accidentally
    accidental entered put typed said wrote mistakenly forgot duplicated cancelled canceled too extra overstated
    no none nothing without zero stop avoid quit cannot can't won't wanted wants plan plans planned planning
    schedule schedules scheduled going gonna intend intends intending hope hoping about remind reminder remember
    todo to-do book arrange upcoming tentative tomorrow tmrw next later i'll we'll ill i'm im we're lets let's
    tbd pending due booked appt appts appointment appointments meeting test tests testing tester example sample
    demo dummy asdf sleep slept asleep nap naps walk walks walking run runs jog jogging exercise exercising
    workout workouts gym yoga swim swimming bike biking screen tv gaming commute drive driving fast fasting
    shifts bed rest outside sun sleeping assign assigned prescribed recommended encouraged advised suggested
    instructed homework goal practice practiced practices practicing sleeps averages averaging averaged gets
    getting exercises exercised walked works meditates meditated journals stored saved counted recorded idea
    wondered owe owes owed scrap trash nix goal target quota threshold minimum maximum limit average avg usually takes
    typically normally always waited waits cried self reschedule if once whenever soon cannot couldn't cant unable
    bot forget wont wasnt werent weren't arent hasnt havent hadnt hadn't couldnt wouldnt shouldnt
    less wants wanted requests requested request asked prefers dup dupe billable waiting
    """
)


def may_be_none(plain: str) -> bool:
    """False for a line that says nothing but that work was done.

    Args:
        plain: The plain form of the line.
    """
    found = set(_WORD.findall(plain))
    return "?" in plain or not _TRIGGERS.isdisjoint(found)
