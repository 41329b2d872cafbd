"""Draw the picture that stands beside a link to the book: gate bars along a cell."""

from __future__ import annotations

import functools
import textwrap
from io import BytesIO
from typing import Final

#: Size in pixels that networks ask for.
WIDTH, HEIGHT = 1200, 630
BACKGROUND: Final = "#14181e"
TEXT: Final = "#f2f0ea"
#: Colours of i, f, g, o, c and h, and the height of each bar: k, j and so on of a real step.
BARS: Final = (
    ("#E69F00", 1.0),
    ("#D55E00", 0.9),
    ("#0072B2", 0.5),
    ("#009E73", 0.8),
    ("#E69F00", 1.3),
    ("#CC79A7", 0.7),
    ("#56B4E9", 0.6032),
)


@functools.cache
def card(title: str) -> bytes:
    """Return the picture as PNG.

    Args:
        title: What stands on it, the name of the book.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(WIDTH / 100, HEIGHT / 100), dpi=100, facecolor=BACKGROUND)
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, WIDTH), ylim=(0, HEIGHT))
    axes.axis("off")
    for number, (colour, height) in enumerate(BARS):
        axes.bar(120 + 160 * number, 150 * height, width=96, bottom=70, color=colour)
    axes.plot([60, WIDTH - 60], [70, 70], color=TEXT, lw=2)
    axes.text(
        60,
        HEIGHT - 70,
        "\n".join(textwrap.wrap(title, 26)),
        color=TEXT,
        fontsize=44,
        fontweight="bold",
        va="top",
        linespacing=1.25,
        fontfamily="DejaVu Sans",
    )
    target = BytesIO()
    figure.savefig(target, format="png", facecolor=BACKGROUND, metadata={"Software": ""})
    return target.getvalue()
