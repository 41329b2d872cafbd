"""Cells of a CSV file that a spreadsheet would run instead of show."""

import re

_ACTS = ("=", "+", "-", "@", "\t", "\r", "\n", "|")
_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)?")


def runs_in_a_spreadsheet(text: str) -> bool:
    """Whether a spreadsheet would take a cell for a formula, rather than for a text or number."""
    return text.lstrip(" \u00a0\ufeff").startswith(_ACTS) and not _NUMBER.fullmatch(text.strip())


def safe_text(text: str) -> str:
    """Text for a CSV file of ours: what would be a formula gets an apostrophe in front.

    >>> safe_text("=cmd|' /C calc'!A0")
    "'=cmd|' /C calc'!A0"
    >>> safe_text("-3.5")
    '-3.5'
    """
    return f"'{text}" if runs_in_a_spreadsheet(text) else text
