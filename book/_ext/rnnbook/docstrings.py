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
#: Formulas of widgets are written for both readers of docstrings: ours and other tools.
MATH: Final = re.compile(r"^\.\. math:: (.+?)(?=\n\n|\Z)", re.MULTILINE | re.DOTALL)
LISTS: Final = ("Args", "Raises")


def sections(docstring: str) -> dict[str, str]:
    """Return the parts of a docstring by heading; what stands before the first is ``""``.

    A line at the margin ends a list of arguments or errors and belongs to the text again.
    """
    parts: dict[str, list[str]] = {"": []}
    heading = ""
    for line in docstring.splitlines():
        match = SECTION.match(line)
        if match:
            heading = match[1]
            parts[heading] = [line[match.end() :]]
        else:
            if heading in LISTS and line[:1].strip() and ">>>" not in "".join(parts[heading]):
                heading = heading if line.startswith(">>>") else ""
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


def _formula(match: re.Match[str]) -> str:
    """Write the parts of a formula below each other: side by side is too wide for a telephone."""
    lines = re.split(r",\s*\\q?quad\s*", " ".join(match[1].split()))
    # Only the first sign of equality of a line is where lines are joined.
    aligned = (line.replace("=", "&=", 1) for line in lines)
    return "$$\n\\begin{aligned}\n" + " \\\\\n".join(aligned) + "\n\\end{aligned}\n$$"


def _headed(name: str, text: str) -> str:
    return f"```{{rubric}} {messages('api')[name]}\n:class: rnn-part\n```\n\n{text}\n"


def as_myst(item: Any) -> str:
    """Return the documentation of a function or class as MyST text.

    Args:
        item: What is documented; its annotations give the shapes, and the fields of a tuple.
    """
    parts = sections(inspect.getdoc(item) or "")
    annotations = inspect.get_annotations(item)
    shapes = {name: found for name, kind in annotations.items() if (found := shape(kind))}
    text = []
    for heading, part in parts.items():
        part, _, code = part.partition(">>>")
        if not heading:
            text.append(MATH.sub(_formula, part))
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
    if isinstance(item, type) and issubclass(item, tuple):
        known = {name: f" `{found}`" for name, found in shapes.items()}
        fields = (f"- `{name}`{known.get(name, '')}" for name in annotations)
        text.append(_headed("fields", "\n".join(fields)))
    return "\n\n".join(text)
