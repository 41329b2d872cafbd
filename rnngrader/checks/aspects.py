"""The lines of a report that most exercises share, and their shares of the points."""

from rnngrader.checks.spec import Aspect

START = Aspect("start", 2)
STATE = Aspect("state", 4)
EDGES = Aspect("edges", 1, levels=("full",), earned=True)
PRECISION = Aspect("precision", 0.5, levels=("full",), earned=True)


def aspects(
    *values: Aspect, edges: tuple[Aspect, ...] = (EDGES,), precision: bool = True
) -> tuple[Aspect, ...]:
    """Put the lines of a report together.

    Args:
        values: what is asked about the values; together they have a weight of 6.
        edges: what is asked about unusual inputs.
        precision: whether double precision must be kept.

    Returns:
        All lines, in order.
    """
    return (
        Aspect("runs", 0.5),
        Aspect("shapes", 0.5),
        *values,
        *edges,
        *((PRECISION,) if precision else ()),
        Aspect("arguments", 1, earned=True),
        Aspect("repeat", 0.5, earned=True),
    )


ASPECTS = aspects(START, STATE)
