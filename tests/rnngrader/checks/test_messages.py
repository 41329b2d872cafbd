"""The message catalogue of the checks: complete, without leftovers, and fillable."""

import re
from pathlib import Path
from string import Formatter

import pytest

import rnngrader.checks
from rnngrader.checks import UNITS, exercises_of
from rnngrader.messages import catalogue, unit_message

SOURCES = Path(rnngrader.checks.__file__).parent
CATALOGUE = catalogue("en")
LITERAL = r'"((?:report|result|hint|edge|unnamed|mixture|detail|error|aspect|pattern)\.[a-z-]+)"'
# Keys put together from a list in the code.
LISTED = {
    *(f"report.column-{name}" for name in ("aspect", "result", "share")),
    *(f"error.{kind}" for kind in ("timeout", "died", "protocol", "undefined", "unsendable")),
}
BEHAVIOURS = ("argument-changed", "state-kept", "precision-lost", "overflow")


def scoped(unit, key):
    own = f"{unit}.{key}"
    return own if own in CATALOGUE else key


def used_by(unit):
    """Keys that the exercises of a unit ask for."""
    keys = set()
    for exercise in exercises_of(unit):
        for aspect in exercise.aspects:
            keys |= {f"aspect.{aspect.name}.{part}" for part in ("title", "passed", "failed")}
        keys |= {scoped(unit, f"case.{case.name}") for case in exercise.cases("full")}
        own = {f"{unit}.edge.{case.name}" for case in exercise.cases("full") if case.edge}
        keys |= own & set(CATALOGUE)
        keys |= {scoped(unit, f"hint.{case.name}") for case in exercise.probes()}
        keys |= {scoped(unit, f"mistake.{m.key}") for m in exercise.mistakes}
    return keys


def written(unit):
    """Hints that a unit's code may choose."""
    text = "\n".join(p.read_text(encoding="utf-8") for p in SOURCES.glob(f"{unit}*.py"))
    words = set(re.findall(r'"([a-z-]+)"', text))
    return {
        key
        for key in CATALOGUE
        if key.startswith(f"{unit}.hint.") and key[len(unit) + 6 :] in words
    }


def used_keys() -> set[str]:
    """Collect keys from the code's literals and from the exercises."""
    text = "\n".join(path.read_text(encoding="utf-8") for path in SOURCES.rglob("*.py"))
    keys = set(re.findall(LITERAL, text)) | LISTED | {f"mistake.{name}" for name in BEHAVIOURS}
    patterns = (SOURCES / "patterns.py").read_text(encoding="utf-8")
    keys |= {f"pattern.{word}" for word in re.findall(r'"([a-z-]+)"', patterns)} & set(CATALOGUE)
    for unit in UNITS:
        keys |= used_by(unit) | written(unit)
    return keys


def test_every_key_used_exists_and_every_key_is_used():
    """Nothing is missing and nothing is left over."""
    ours = {
        key
        for key in CATALOGUE
        if not key.startswith("grading.") and key.split(".")[0] in OURS | set(UNITS)
    }
    assert used_keys() == ours


OURS = {
    *("report", "aspect", "case", "detail", "result", "error", "edge", "mixture", "unnamed"),
    *("hint", "pattern", "mistake"),
}


@pytest.mark.parametrize("unit", UNITS)
def test_every_message_of_the_bank_can_be_filled(unit):
    """The bank gives each template the fields it names."""
    for exercise in exercises_of(unit):
        for mistake in exercise.mistakes:
            extra = {"argument": "x"} if mistake.id == "argument-changed" else {}
            key = f"mistake.{mistake.key}"
            assert "{" not in unit_message(unit, key, **mistake.fields, **extra)
        for case in (*exercise.cases("full"), *exercise.probes()):
            kind = "hint" if case.kind == "probe" else "case"
            assert "{" not in unit_message(unit, f"{kind}.{case.name}", **case.fields)


def test_no_message_gives_the_line_away():
    """Messages hold no code: no assignment, no call, no product sign."""
    for key, text in CATALOGUE.items():
        if re.search(r"(^|\.)(mistake|hint|pattern)\.", key):
            plain = "".join(part for part, *_ in Formatter().parse(text))
            assert not re.search(r"[=*@]|\w\(|\.T\b", plain), key
