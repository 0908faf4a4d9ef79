"""Forms of another version of the program, which may be open while it is updated."""

import pytest

from bot.old_forms import OldForm
from bot.screens.form_fields import typed
from bot.submitting import origin_of


def test_a_field_that_a_form_does_not_have_is_told() -> None:
    """Whoever sends it reads what to do, and not that something went wrong."""
    fields = typed({"state": {"values": {"note": {"note": {"value": "call"}}}}})
    assert fields["note"] == "call"
    with pytest.raises(OldForm, match="Close it and open it again"):
        fields["duration"]
    with pytest.raises(OldForm):
        origin_of({"private_metadata": ""})["who"]
