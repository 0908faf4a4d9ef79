"""Two patients made one, or taken apart again."""

from bot import kit
from bot.replies import Reply
from bot.screens.phrases import count
from bot.screens.standings import standing_lines
from services.care.merging import PatientsMerged
from services.people.patients import shown_mrn

MERGED_PUSH = "Merged."
APART_PUSH = "Taken apart."


def merged(made: PatientsMerged) -> Reply:
    """What went where, and where the patients stand now."""
    gone, kept = kit.escape(shown_mrn(made.gone.mrn)), kit.escape(shown_mrn(made.kept.mrn))
    what = f"{count(made.entries, 'entry')} and {count(made.facts, 'fact')} of care"
    if made.is_apart:
        moved = f"{what} went back; what was written since stays with {kept}."
        heading = f"*{gone} is a patient of their own again.* {moved}"
    else:
        moved = f"{what} went with it, and {gone} still finds the patient."
        heading = f"*{gone} was merged into {kept}.* {moved} `/cocm unmerge {gone}` takes them apart again."
    blocks = [kit.section(heading), kit.section(standing_lines(made.standings, made.today))]
    blocks += [kit.context(*(kit.escape(remark) for remark in made.remarks))] if made.remarks else []
    return Reply(text=APART_PUSH if made.is_apart else MERGED_PUSH, blocks=tuple(blocks))
