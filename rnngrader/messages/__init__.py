"""What the grader says to people, kept apart from what it does.

Every sentence is a template in `<language>.toml`. Fields are filled from closed lists (names of
arguments, gates, layouts), never from inputs or expected values, so a message can be shown to a
learner even when the test behind it is hidden.
"""

import tomllib
from contextvars import ContextVar
from functools import lru_cache
from importlib import resources

LANGUAGE: ContextVar[str] = ContextVar("rnngrader_language", default="en")


@lru_cache(maxsize=8)
def catalogue(language: str) -> dict[str, str]:
    """Read all templates of one language.

    Args:
        language: name of the file, such as "en".

    Returns:
        Templates by dotted key.

    Raises:
        ValueError: "expected a language with a message file, got ...".
    """
    files = [p for p in resources.files(__name__).iterdir() if p.name.endswith(f"{language}.toml")]
    if not files:
        raise ValueError(f"expected a language with a message file, got {language!r}")
    texts = [path.read_text(encoding="utf-8") for path in files]
    return {key: text for toml in texts for key, text in _flattened(tomllib.loads(toml), "")}


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


def _flattened(table: dict[str, object], prefix: str) -> list[tuple[str, str]]:
    rows: list[tuple[str, str]] = []
    for name, value in table.items():
        key = f"{prefix}{name}"
        if isinstance(value, dict):
            rows.extend(_flattened(value, f"{key}."))
        else:
            rows.append((key, str(value)))
    return rows
