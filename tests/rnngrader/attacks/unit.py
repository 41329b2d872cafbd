"""The unit under attack, and the notebook a learner is given for it."""

import json

from tests.rnngrader.courses import SETUP, cell, notebook

SECRETS = ("7919357", "15838714", "canary")
"""An input, an expected value and a word that stand in hidden parts and nowhere else."""

DOUBLE_POINTS, SCALE_POINTS, PLOT_POINTS = 2.0, 3.0, 4.0
LIMITS = "call_s = 1.5\nload_s = 3\nquestion_s = 6\nmemory_mb = 512\n"
HONEST_DOUBLE = "def double(x):\n    return x + x"
HONEST_SCALE = "def scale(a):\n    return 3.0 * a"
UNANSWERED = "def double(x):\n    raise NotImplementedError"

_DOUBLE = (
    "### BEGIN SOLUTION\ndef double(x):\n    return 2 * x  # canary of the answer\n### END SOLUTION"
)
_SCALE = "### BEGIN SOLUTION\ndef scale(a):\n    return a * 3.0\n### END SOLUTION"
_DOUBLE_TEST = """assert double(3) == 6
### BEGIN HIDDEN TESTS
from rnngrader.checks.seeding import rng_for
assert double(-7919357) == -15838714  # canary of the test
drawn = int(rng_for("double", "hidden").integers(10**9))
assert double(drawn) == 2 * drawn
### END HIDDEN TESTS"""
_SCALE_TEST = """given = np.arange(6.0).reshape(2, 3)
out = scale(given)
assert isinstance(out, np.ndarray) and out.shape == (2, 3)
assert abs(out - 3.0 * given).max() < 1e-12
### BEGIN HIDDEN TESTS
hidden = np.array([[-7919357.0, 0.5]])  # canary
again = scale(hidden)
assert isinstance(again, np.ndarray) and again.shape == (1, 2)
assert abs(again - 3.0 * hidden).max() < 1e-12
### END HIDDEN TESTS"""


def _solution(name, source):
    return cell(source, grade_id=name, solution=True)


def _test(name, source, points):
    return cell(source, grade_id=f"check_{name}", grade=True, locked=True, points=points)


def _plot(source):
    return cell(source, grade_id="plot", grade=True, solution=True, points=PLOT_POINTS)


UNIT = (
    SETUP,
    _solution("double", _DOUBLE),
    _test("double", _DOUBLE_TEST, DOUBLE_POINTS),
    _solution("scale", _SCALE),
    _test("scale", _SCALE_TEST, SCALE_POINTS),
    _plot("### BEGIN SOLUTION\nprint('a plot, canary')\n### END SOLUTION"),
)


def handed_in(*extra, double=UNANSWERED, scale=HONEST_SCALE, plot="raise NotImplementedError"):
    """A submission as a dictionary: the released notebook, answered so far.

    Args:
        extra: sources of code cells that the learner adds after both solutions.
        double: source of a solution cell.
        scale: the same.
        plot: source of the cell that a person grades.
    """
    cells = (
        SETUP,
        _solution("double", double),
        _test("double", "assert double(3) == 6", DOUBLE_POINTS),
        _solution("scale", scale),
        *(cell(source) for source in extra),
        _test("scale", "scale(np.ones((2, 3)))", SCALE_POINTS),
        _plot(plot),
    )
    return json.loads(notebook(*cells))
