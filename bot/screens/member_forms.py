"""The form with which an administrator gives somebody roles."""

from collections.abc import Collection
from typing import Any

from billing.people import MemberRole
from bot import kit
from bot.ids import BlockId, CallbackId
from bot.screens.form_fields import modal, ticks_field
from services.people.rights import ROLE_NAMES


def roles_form(name: str, roles: Collection[MemberRole], metadata: str) -> dict[str, Any]:
    """A person's name, and their roles to tick."""
    options = [kit.option(words.capitalize(), role.value) for role, words in ROLE_NAMES.items()]
    chosen = [role.value for role in ROLE_NAMES if role in roles]
    hint = "They can do what any of their roles can. `/cocm roles` shows what that is."
    return modal(
        CallbackId.ROLES_FORM,
        "Roles",
        "Save",
        [
            kit.section(f"*{kit.escape(name)}*"),
            ticks_field(BlockId.ROLES, "Roles", options, chosen=chosen, hint=hint.replace("`", "")),
        ],
        metadata,
    )
