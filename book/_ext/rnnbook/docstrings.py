"""Turn a docstring of the house style into MyST text."""

from __future__ import annotations

import inspect
import re
import textwrap
from typing import TYPE_CHECKING, Any, Final, get_args, get_origin

from rnnbook.messages import messages

if TYPE_CHECKING:
    from collections.abc import Iterator

SECTION: Final = re.compile(r"(Equation(?: \(.*?\))?|Args|Returns|Raises|Source|Example):(?: |$)")
ENTRY: Final = re.compile(r"^(\S[^:]*): *", re.MULTILINE)


def sections(docstring: str) -> dict[str, str]:
    """Return the parts of a docstring by heading; what stands before the first is ``""``."""
    parts: dict[str, list[str]] = {"": []}
    heading = ""
    for line in docstring.splitlines():
        match = SECTION.match(line)
        if match:
            heading = match[1]
            parts[heading] = [line[match.end() :]]
        else:
            parts[heading].append(line)
    return {
        name: "\n".join([lines[0].strip(), textwrap.dedent("\n".join(lines[1:]))]).strip()
        for name, lines in parts.items()
    }


def shape(annotation: Any) -> str:
    """Return the shape in an annotation, ``(batch, hidden_size)``, or nothing."""
    axes = getattr(annotation, "dim_str", None)
    if axes is not None:
        inside = ", ".join(axes.split())
        return f"({inside},)" if len(axes.split()) == 1 else f"({inside})"
    if get_origin(annotation) is not tuple:
        return next(filter(None, map(shape, get_args(annotation))), "")
    return ""


def _entries(text: str) -> Iterator[tuple[str, str]]:
    """Yield name and meaning of each entry of ``Args`` or ``Raises``."""
    starts = list(ENTRY.finditer(text))
    for number, match in enumerate(starts):
        end = starts[number + 1].start() if number + 1 < len(starts) else len(text)
        yield match[1], " ".join(text[match.end() : end].split())


def _listed(text: str, shapes: dict[str, str]) -> str:
    lines = []
    for name, meaning in _entries(text):
        known = shapes.get(name.split(",")[0].strip("`* "), "")
        term = f"`{name}`"
        if known:
            term = messages("api")["shape"].format(name=term, shape=f"`{known}`")
        lines.append(f"{term}\n: {meaning}\n")
    return "\n".join(lines)


def _equation(heading: str, text: str) -> str:
    where = heading.removeprefix("Equation").strip(" ()")
    formula, _, rest = text.partition("\n\n")
    block = f"```{{code-block}} none\n:class: rnn-formula\n\n{formula}\n```"
    return "\n\n".join(filter(None, [block, where, rest]))


def _headed(name: str, text: str) -> str:
    return f"```{{rubric}} {messages('api')[name]}\n:class: rnn-part\n```\n\n{text}\n"


def as_myst(item: Any) -> str:
    """Return the documentation of a function or class as MyST text.

    Args:
        item: What is documented; its annotations give the shapes.
    """
    parts = sections(inspect.getdoc(item) or "")
    annotations = inspect.get_annotations(item)
    shapes = {name: found for name, kind in annotations.items() if (found := shape(kind))}
    text = []
    for heading, part in parts.items():
        part, _, code = part.partition(">>>")
        if not heading:
            text.append(part)
        elif heading.startswith("Equation"):
            text.append(_equation(heading, part))
        elif heading == "Args":
            text.append(_headed("arguments", _listed(part, shapes)))
        elif heading == "Raises":
            text.append(_headed("raises", _listed(part, {})))
        else:
            text.append(_headed(heading.lower(), part))
        if code:
            text.append(f"```pycon\n>>>{code.rstrip()}\n```")
    if isinstance(item, type) and shapes:
        fields = "".join(f"- `{name}` `{found}`\n" for name, found in shapes.items())
        text.append(_headed("fields", fields))
    return "\n\n".join(text)
