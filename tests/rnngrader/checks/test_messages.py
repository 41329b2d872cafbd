"""The message catalogue of the checks: complete, without leftovers, and fillable."""

import re
import tomllib
from pathlib import Path
from string import Formatter

import rnngrader.checks
from rnngrader.checks.lstm import ASPECTS, EXERCISES
from rnngrader.messages import _flattened, message

SOURCES = Path(rnngrader.checks.__file__).parent
CATALOGUE = dict(
    _flattened(
        tomllib.loads((SOURCES.parent / "messages" / "checks.en.toml").read_text(encoding="utf-8")),
        "",
    )
)


def used_keys() -> set[str]:
    """Collect keys from the code's literals and from the exercises."""
    text = "\n".join(path.read_text(encoding="utf-8") for path in SOURCES.rglob("*.py"))
    keys = set(
        re.findall(r'"((?:report|result|hint|edge|unnamed|detail|error|aspect)\.[a-z-]+)"', text)
    )
    keys |= {f"report.column-{name}" for name in ("aspect", "result", "share")}
    for aspect in ASPECTS:
        keys |= {f"aspect.{aspect.name}.{part}" for part in ("title", "passed", "failed")}
    for kind in ("timeout", "died", "protocol", "undefined", "unsendable"):
        keys.add(f"error.{kind}")
    for exercise in EXERCISES:
        keys |= {f"case.{case.name}" for case in exercise.cases("full")}
        keys |= {f"hint.{case.name}" for case in exercise.probes()}
        keys |= {mistake.message for mistake in exercise.mistakes}
    return keys


def test_every_key_used_exists_and_every_key_is_used():
    """Nothing is missing and nothing is left over."""
    assert used_keys() == set(CATALOGUE)


def test_every_message_of_the_bank_can_be_filled():
    """The bank gives each template the fields it names."""
    for exercise in EXERCISES:
        for mistake in exercise.mistakes:
            extra = {"argument": "x"} if mistake.id == "argument-changed" else {}
            assert "{" not in message(mistake.message, **mistake.fields, **extra)


def test_no_message_gives_the_line_away():
    """Messages hold no code: no assignment, no call, no product sign."""
    for key, text in CATALOGUE.items():
        if key.startswith(("mistake.", "hint.")):
            plain = "".join(part for part, *_ in Formatter().parse(text))
            assert not re.search(r"[=*@]|\w\(|\.T\b", plain), key
