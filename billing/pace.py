"""At this pace: how many of a person's patients will reach a code by the month's end. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """A person's month as it will end if the days left go as their days usually go."""

    #: Patients looked at: those whose month can still bill a base code.
    patients: int
    #: Expected number that will have reached their base code, those who have already included; rounded.
    will_reach: int
    #: Patients who have not reached it and are within one usual call of it.
    within_one_call: int
    #: Whole seconds that those who have not reached it still lack together.
    needed_seconds: int
    #: Whole seconds that the person usually logs on the working days left; None where too little is known.
    left_seconds: int | None
