"""ICD-10-CM codes: their form, and which of them are headers, by which no claim is paid."""

import re
import tomllib
from functools import cache
from pathlib import Path

_CODE = re.compile(r"([A-Z]\d[0-9AB])\.?([0-9A-Z]{0,4})")
_HEADERS = Path(__file__).with_name("diagnosis_headers.toml")


def diagnosis_code(text: str) -> str:
    """A code of ICD-10-CM's form, in capitals and with its point; empty for everything else.

    Args:
        text: `F32.1`, `f321`.
    """
    match = _CODE.fullmatch(text.upper())
    if match is None or text.endswith("."):
        return ""
    return f"{match[1]}.{match[2]}" if match[2] else match[1]


def is_header_code(code: str) -> bool:
    """Whether ICD-10-CM has longer codes under a code, so that a claim needs one of them.

    Args:
        code: As `diagnosis_code` writes it.
    """
    return code in _headers()


@cache
def _headers() -> frozenset[str]:
    """The headers of ICD-10-CM that `diagnosis_headers.toml` holds."""
    held = tomllib.loads(_HEADERS.read_text(encoding="utf-8"))
    return frozenset(code for codes in held["headers"].values() for code in codes.split())
