"""Block Kit as Slack judges it: the schema, and the rules that a schema cannot say.

The schema is a copy of a published subset; its `$comment` names the source.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from importlib.resources import files
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker, ValidationError
from jsonschema.validators import extend

from sandbox.data_blocks import MAX_TABLE_CHARACTERS, data_problems, misplaced
from sandbox.elements import interactive
from sandbox.model import JSON

MAX_MESSAGE_CHARACTERS = 13_200
MAX_VIEW_BYTES = 250_000

_SCHEMA: JSON = json.loads((files("sandbox") / "schemas" / "block-kit.schema.json").read_text("utf-8"))
_DEFS: JSON = _SCHEMA["$defs"]
_URI = re.compile(r"(https?|slack)://[^\s/]+\S*|(mailto|tel):\S+")
_FORMATS = FormatChecker(())


@_FORMATS.checks("uri")
def _is_uri(value: object) -> bool:
    return not isinstance(value, str) or _URI.fullmatch(value) is not None


def _alternatives(schema: JSON) -> dict[str, JSON] | None:
    """The members of a `oneOf` by the `type` that tells them apart; None if something else does."""
    by_type: dict[str, JSON] = {}
    for alternative in schema["oneOf"]:
        target = _DEFS[alternative["$ref"].rpartition("/")[2]] if "$ref" in alternative else alternative
        kind = target.get("properties", {}).get("type", {}).get("const")
        if kind is None:
            return None
        by_type[kind] = alternative
    return by_type


_plain_one_of = Draft202012Validator.VALIDATORS["oneOf"]


def _one_of(validator: Any, one_of: list[JSON], instance: Any, schema: JSON) -> Iterator[ValidationError]:
    # Every union of Block Kit is told apart by `type`. Going straight to the one meant is some twenty times
    # faster than trying each, and the complaint is about the field that is wrong.
    key = id(one_of)
    if key not in _UNIONS:
        _UNIONS[key] = _alternatives(schema)
    by_type = _UNIONS[key]
    if by_type is None:
        yield from _plain_one_of(validator, one_of, instance, schema)
        return
    kind = instance.get("type") if isinstance(instance, dict) else None
    if not isinstance(kind, str) or kind not in by_type:
        yield ValidationError("no such alternative")
    else:
        yield from validator.descend(instance, by_type[kind])


_UNIONS: dict[int, dict[str, JSON] | None] = {}
_Validator: Any = extend(Draft202012Validator, {"oneOf": _one_of})  # type: ignore[no-untyped-call]  # the stubs lack it


def _validator(definition: str) -> Any:
    return _Validator(_SCHEMA | {"$ref": f"#/$defs/{definition}"}, format_checker=_FORMATS)


_MESSAGE = _validator("message_blocks")
_VIEWS = {"modal": _validator("modal_view"), "home": _validator("home_view")}
_SUGGESTED = {"options": _validator("suggested_options"), "option_groups": _validator("suggested_groups")}


def message_problems(blocks: Any) -> list[str]:
    """What Slack would refuse in a message's blocks, in the manner of its `response_metadata.messages`.

    The sentences name places, never the text found there.
    """
    problems = [_sentence(error, "/blocks") for error in _MESSAGE.iter_errors(blocks)]
    problems = problems or misplaced(blocks, "message", "/blocks")
    if problems:
        return problems
    tables = [n for n, block in enumerate(blocks) if block["type"] == "table"]
    problems += [f"[ERROR] only one table is allowed [json-pointer:/blocks/{n}]" for n in tables[1:]]
    problems += [
        f"[ERROR] table is too large [json-pointer:/blocks/{n}]"
        for n in tables
        if characters(blocks[n]) > MAX_TABLE_CHARACTERS
    ]
    return problems + _more_than_schema(blocks, "/blocks")


def view_problems(view: Any) -> list[str]:
    """What Slack would refuse in a modal or Home tab."""
    kind = view.get("type") if isinstance(view, dict) else None
    if not isinstance(kind, str) or kind not in _VIEWS:
        return ["[ERROR] must provide an object of type modal or home [json-pointer:/view]"]
    problems = [_sentence(error, "/view") for error in _VIEWS[kind].iter_errors(view)]
    problems = problems or misplaced(view["blocks"], "modal" if kind == "modal" else "home", "/view/blocks")
    return problems or _more_than_schema(view["blocks"], "/view/blocks")


def suggestion_problems(answer: Any) -> list[str]:
    """What Slack would refuse in the answer to what was typed into a select menu of the app's own data."""
    given = answer if isinstance(answer, dict) else {}
    named = [name for name in _SUGGESTED if given.get(name) is not None]
    if len(named) != 1:
        return ["[ERROR] must have either options or option_groups [json-pointer:]"]
    return [_sentence(error, f"/{named[0]}") for error in _SUGGESTED[named[0]].iter_errors(given[named[0]])]


def characters(value: Any) -> int:
    """How many characters of text there are in blocks, wherever they stand."""
    if isinstance(value, dict):
        own = value.get("text")
        return (len(own) if isinstance(own, str) else 0) + sum(
            characters(part) for part in value.values() if isinstance(part, dict | list)
        )
    return sum(characters(part) for part in value) if isinstance(value, list) else 0


def is_too_long(blocks: Sequence[JSON]) -> bool:
    """Whether a message's blocks together carry more text than Slack takes."""
    return characters(list(blocks)) > MAX_MESSAGE_CHARACTERS


def _more_than_schema(blocks: list[JSON], where: str) -> list[str]:
    block_ids = Counter(block["block_id"] for block in blocks if "block_id" in block)
    found = list(interactive(blocks))
    action_ids = Counter(element["action_id"] for _, element in found if "action_id" in element)
    problems = data_problems(blocks, where)
    problems += [
        f"[ERROR] block_id is used twice [json-pointer:{where}]" for count in block_ids.values() if count > 1
    ]
    problems += [
        f"[ERROR] action_id is used twice [json-pointer:{where}]"
        for count in action_ids.values()
        if count > 1
    ]
    for block, element in found:
        options = list(element.get("options", ()))
        for group in element.get("option_groups", ()):
            options += group["options"]
        chosen = list(element.get("initial_options", ()))
        if "initial_option" in element:
            chosen.append(element["initial_option"])
        if options and any(option not in options for option in chosen):
            problems.append(
                f"[ERROR] initial option is not an option [json-pointer:{where}/{blocks.index(block)}]"
            )
    return problems


def places_of(blocks: Any, kinds: frozenset[str], root: str) -> Iterator[tuple[str, str]]:
    """Each block or element of these types, however deep, with the pointer to its type."""
    if isinstance(blocks, list):
        for place, part in enumerate(blocks):
            yield from places_of(part, kinds, f"{root}/{place}")
    elif isinstance(blocks, dict):
        if blocks.get("type") in kinds:
            yield str(blocks["type"]), f"{root}/type"
        for name, part in blocks.items():
            yield from places_of(part, kinds, f"{root}/{name}")


def _sentence(error: ValidationError, root: str) -> str:
    """What is wrong and where. The instance is left out: it may be a patient's."""
    limit = error.validator_value
    says = {
        "maxLength": f"must be less than {limit + 1 if isinstance(limit, int) else limit} characters",
        "minLength": "must not be empty",
        "maxItems": f"no more than {limit} items allowed",
        "minItems": f"no fewer than {limit} items allowed",
        "required": f"missing required field of {limit}",
        "additionalProperties": "has a field that is not known here",
        "type": f"must be of type {limit}",
        "minimum": f"must be at least {limit}",
        "maximum": f"must be at most {limit}",
        "exclusiveMinimum": f"must be more than {limit}",
        "enum": f"must be one of {limit}",
        "const": f"must be {limit}",
        "format": f"must be a valid {limit}",
        "pattern": "does not have the right form",
        "oneOf": "is of a type not allowed here",
        "anyOf": "lacks a field of which one is required",
    }.get(str(error.validator), f"is not valid ({error.validator})")
    path = "".join(f"/{part}" for part in error.absolute_path)
    return f"[ERROR] {says} [json-pointer:{root}{path}]"
