"""What an import says of the payers that it names: whose rules are on file, and what a payer's own rows replace."""

from collections.abc import Iterable, Sequence
from datetime import date

from billing.payer import DatedRule, Payer
from billing.payer_names import payer_key
from services.context import Context
from services.imports.wording import listed
from services.months.built_in import built_in_payers
from services.months.payer_likeness import alike
from services.months.rule_book import RuleBook


def named_payers(context: Context, names: Iterable[str]) -> tuple[str, ...]:
    """Sentences for an import that names payers: which have no rules on file, and which look like another.

    Args:
        context: Where the import works.
        names: As the file has them, each as often as it likes; empty ones are no names.
    """
    book = RuleBook(context)
    written = {payer_key(name): " ".join(name.split()) for name in names if name.strip()}
    without = [name for name in written.values() if book.payer(name) is None]
    said = []
    if without:
        said.append(f"No rules on file for {listed(without)}, so the practice's own rules judge their lines.")
    on_file = (name for name in context.uow.episodes.payers() if payer_key(name) not in written)
    return (*said, *_lookalikes(book, written.values(), (*on_file, *written.values())))


def remarks_on(book: RuleBook, payers: Sequence[Payer], before: Sequence[Sequence[Payer]]) -> tuple[str, ...]:
    """Sentences about imported payers: what is unverified, what is replaced, what stays, and what goes."""
    said = []
    unverified = [payer.name for payer in payers if any(rule.verified_on is None for rule in payer.rules)]
    if unverified:
        said.append(
            "Unverified, so each of their lines carries a warning until verified_on is filled in: "
            f"{', '.join(unverified)}."
        )
    built_in = {payer_key(payer.name): payer for payer in built_in_payers()}
    for payer, old in zip(payers, before, strict=True):
        if payer_key(payer.name) in built_in:
            said += _beside(payer, built_in[payer_key(payer.name)])
        said += _gone(payer, old)
    return (*said, *_lookalikes(book, [payer.name for payer in payers], [payer.name for payer in payers]))


def _beside(payer: Payer, built_in: Payer) -> Iterable[str]:
    """What of a payer's built-in rules its own rows replace, and what stays."""
    own = {rule.field for rule in payer.rules}
    replaced = [rule for rule in built_in.rules if rule.field in own and rule.judges]
    if replaced:
        fields = {rule.field for rule in replaced}
        given = [rule for rule in payer.rules if rule.field in fields]
        yield f"{payer.name}: {_rules(given)} in the file goes before the built-in {_rules(replaced)}."
    stays = [rule for rule in built_in.rules if rule.field not in own and rule.judges]
    if stays:
        yield f"{payer.name}: these built-in rules stay: {_rules(stays)}."


def _gone(payer: Payer, before: Sequence[Payer]) -> Iterable[str]:
    """What was imported of the payer before, and no longer holds."""
    kept = {(rule.field, rule.first_day) for rule in payer.rules}
    gone = [
        rule
        for old in before
        for rule in old.rules
        if rule.field and (rule.field, rule.first_day) not in kept
    ]
    if gone:
        yield f"{payer.name}: imported before and not in this file, so no longer in force: {_rules(gone)}."


def _rules(rules: Iterable[DatedRule]) -> str:
    return ", ".join(f"{rule.field} {rule.text or 'none'}{spoken_days(rule)}" for rule in rules)


def spoken_days(rule: DatedRule) -> str:
    """` from 2024-07-01`, ` until 2024-06-30`; empty for what has always held."""
    first = "" if rule.first_day == date.min else f" from {rule.first_day}"
    last = "" if rule.last_day is None else f" until {rule.last_day}"
    return f"{first}{last}"


def _lookalikes(book: RuleBook, names: Iterable[str], others: Iterable[str]) -> tuple[str, ...]:
    """A sentence for each name that is nobody's and much like another."""
    names_known = book.payers.names
    others = tuple(others)
    said = []
    for name in names:
        if payer_key(name) in names_known.known:
            continue
        near = alike(name, (*names_known.known, *others))
        usual = sorted({names_known.name_of(one) for one in near} - {names_known.name_of(name)})
        if usual:
            said.append(
                f"{name} looks like {' or '.join(usual)}. If that is the payer, write it that way; "
                "otherwise leave it as it is."
            )
    return tuple(said)
