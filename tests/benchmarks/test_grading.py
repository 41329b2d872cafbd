"""The table of docs/grading.md says what was measured."""

from benchmarks.grading import render

FOUND = {
    "command": "python -m benchmarks.grading",
    "date": "2026-01-02",
    "machine": {"processor": "P", "cores": 2, "python": "3.11", "nbgrader": "0.9.6"},
    "workers": 2,
    "both": 40,
    "rounds": [
        {"load": 0.5, "stock": {"seconds": 60.0}, "ours": {"seconds": 5.0}},
        {"load": 0.7, "stock": {"seconds": 50.0}, "ours": {"seconds": 4.0}},
    ],
    "ratio": {"median": 12.25, "least": 12.0, "most": 12.5},
    "sizes": {
        "10": {"load": 0.1, "seconds": 3.0, "peak_mb": 99.6},
        "110": {"load": 0.2, "seconds": 11.0, "peak_mb": 120.2},
    },
    "parts": {"submission_ms": 140, "sandbox_ms": 90},
}


def test_ratios_and_marginal_costs_are_those_of_the_numbers():
    """Each round's ratio, the spread, and what a further submission costs."""
    lines = render(FOUND).splitlines()
    assert "| 1 | 0.5 | 60.0 | 5.0 | 12.0 |" in lines
    assert "| 2 | 0.7 | 50.0 | 4.0 | 12.5 |" in lines
    assert any("12.2 times" in line and "from 12.0 to 12.5" in line for line in lines)
    assert "| 10 | 0.1 | 3.0 | 300 |  | 100 |" in lines
    assert "| 110 | 0.2 | 11.0 | 100 | 80 | 120 |" in lines
    assert any("140 ms" in line and "90 ms" in line for line in lines)
