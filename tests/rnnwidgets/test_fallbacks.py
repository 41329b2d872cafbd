"""What stands in place of a widget: on paper, without scripts, in the search index."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from rnnwidgets._widget import widget_class
from rnnwidgets.golden import golden_path

EXTENSION = Path(__file__).parents[2] / "book" / "_ext"


@pytest.fixture
def extension(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The module of the book that finds fallbacks."""
    monkeypatch.syspath_prepend(str(EXTENSION))
    from rnnbook import fallbacks

    yield fallbacks
    for name in [name for name in sys.modules if name.split(".")[0] == "rnnbook"]:
        del sys.modules[name]


def drawings(nodes: list[Any]) -> list[str]:
    """The SVG texts among the nodes."""
    parts = [part for node in nodes for part in node.findall() if part.tagname == "svg_drawing"]
    return [part["svg"] for part in parts]


def test_each_widget_is_drawn_and_told_at_build_time(extension: Any, module: str) -> None:
    """The start of every widget is a sentence, a drawing with a name, and a table with a head."""
    nodes = extension.fallback_for(module, {"id": "x"})
    text = "\n".join(node.astext() for node in nodes)
    assert "{" not in text
    assert drawings(nodes)
    assert all("aria-label" in svg for svg in drawings(nodes))
    tables = [part for node in nodes for part in node.findall() if part.tagname == "table"]
    assert tables
    assert tables[0].next_node(lambda node: node.tagname == "thead") is not None


def test_examples_change_what_is_told(extension: Any, module: str) -> None:
    """The fallback follows the start values of the page, not only those of the widget."""
    start = "\n".join(node.astext() for node in extension.fallback_for(module, {}))
    told = {
        "\n".join(node.astext() for node in extension.fallback_for(module, dict(changes)))
        for changes in widget_class(module).PRESETS.values()
    }
    assert told - {start}


def test_numbers_are_those_of_rnncore(extension: Any) -> None:
    """The table of the GRU prints its golden start to four digits."""
    golden = json.loads(golden_path("gru_gates").read_text(encoding="utf-8"))["cases"][0]
    text = "\n".join(node.astext() for node in extension.fallback_for("gru_gates", {}))
    for name in ("past", "n", "kept", "written", "h"):
        assert f"{golden['outputs'][name]:.4f}" in text
    curve = extension.fallback_for("gradient_decay", {"T": 7, "f": 0.5})
    assert "After 7 steps 0.78 %" in curve[1].astext()
    board = extension.fallback_for("attention_board", {"tau": 0.25})
    assert "position 1 0.76, position 2 0.23" in board[1].astext()


def test_values_the_widget_would_refuse_are_refused(extension: Any) -> None:
    """A body or a link with a wrong value says what was expected."""
    with pytest.raises(ValueError, match=r"expected tau from 0\.1 to 8, got 9"):
        extension.fallback_for("attention_board", {"tau": 9})
    with pytest.raises(ValueError, match="expected cell as one of linear, tanh, got 'relu'"):
        extension.check_text("gradient_decay", "cell", "relu")
    with pytest.raises(ValueError, match=r"expected one of .*, got 'zebra'"):
        extension.check_text("gru_gates", "zebra", "1")
