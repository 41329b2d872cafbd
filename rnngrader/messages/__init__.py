"""What the grader says to people, kept apart from what it does.

Every sentence is a template in `<subject>.<language>.toml`. Fields are filled from closed lists
(names of arguments, gates, layouts), never from inputs or expected values, so a message can be
shown to a learner even when the test behind it is hidden.

`checks/<unit>.<language>.toml` holds what one unit alone says. Its keys get the unit's name in
front, so that two units can use the same word; only `aspect` is common to all.
"""

import tomllib
from contextvars import ContextVar
from functools import lru_cache
from importlib import resources
from importlib.resources.abc import Traversable

LANGUAGE: ContextVar[str] = ContextVar("rnngrader_language", default="en")
GENERAL = "general"
COMMON = "aspect"


@lru_cache(maxsize=8)
def catalogue(language: str) -> dict[str, str]:
    """Read all templates of one language.

    Args:
        language: part of the file names, such as "en".

    Returns:
        Templates by dotted key.

    Raises:
        ValueError: "expected a language with a message file, got ...", or a key that two files
            have.
    """
    here = resources.files(__name__)
    files = [(path, "") for path in _written_in(here, language)]
    for path in _written_in(here.joinpath("checks"), language):
        unit = path.name.split(".")[0]
        files.append((path, "" if unit == GENERAL else f"{unit}."))
    if not files:
        raise ValueError(f"expected a language with a message file, got {language!r}")
    templates: dict[str, str] = {}
    for path, prefix in files:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        common = table.pop(COMMON, {}) if prefix else {}
        for key, text in [*_flattened(table, prefix), *_flattened(common, f"{COMMON}.")]:
            if key in templates:
                raise ValueError(f"expected each key once, got {key!r} again in {path.name}")
            templates[key] = text
    return templates


def message(key: str, /, **fields: str) -> str:
    """Fill one template in the current language.

    Args:
        key: dotted key of the template.
        fields: values for the template's named fields.

    Returns:
        The text, without a line break at its end.

    Raises:
        KeyError: if the key or one of its fields is unknown.
    """
    return catalogue(LANGUAGE.get())[key].format_map(fields).strip()


def unit_message(unit: str, key: str, /, **fields: str) -> str:
    """Fill the template that a unit has for a key, or the general one.

    Args:
        unit: name of the unit's message file.
        key: dotted key within it.
        fields: values for the template's named fields.

    Returns:
        The text, without a line break at its end.

    Raises:
        KeyError: if neither has the key, or a field is unknown.
    """
    own = f"{unit}.{key}"
    return message(own if own in catalogue(LANGUAGE.get()) else key, **fields)


def has_message(unit: str, key: str) -> bool:
    """Tell whether a unit has a template of its own for a key."""
    return f"{unit}.{key}" in catalogue(LANGUAGE.get())


def _written_in(folder: Traversable, language: str) -> list[Traversable]:
    found = [path for path in folder.iterdir() if path.name.endswith(f".{language}.toml")]
    return sorted(found, key=lambda path: path.name)


def _flattened(table: dict[str, object], prefix: str) -> list[tuple[str, str]]:
    rows: list[tuple[str, str]] = []
    for name, value in table.items():
        key = f"{prefix}{name}"
        if isinstance(value, dict):
            rows.extend(_flattened(value, f"{key}."))
        else:
            rows.append((key, str(value)))
    return rows
