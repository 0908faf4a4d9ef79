"""What a person answers where rows of a file leave a question open."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """Answers to what an import asks, by what each is about."""

    #: MRNs that are patients of their own although they are much like others; `all` for each.
    new_patients: tuple[str, ...] = field(default=(), repr=False)


NO_ANSWERS = Answers()
