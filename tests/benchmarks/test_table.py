"""The page holds what was measured."""

import json

from benchmarks import protocol, table
from benchmarks.recurrent import RESULT


def test_the_page_holds_the_stored_results_and_nothing_else() -> None:
    """The tables of docs/benchmarks.md are those of the results; without results there are none."""
    text = table.PAGE.read_text(encoding="utf-8")
    if not RESULT.exists():
        assert text.endswith(f"{table.BEGIN}\n{table.END}\n")
        return
    found = json.loads(RESULT.read_text(encoding="utf-8"))
    assert table.page(text, found) == text
    assert set(found["plan"]["peers"]) == set(protocol.PEERS)
    assert len(found["points"]) == len(protocol.CELLS) * len(protocol.POINTS)


def test_a_ratio_and_a_peak_stand_in_their_row() -> None:
    """The table shows milliseconds, the ratio with its quartiles, megabytes, and the summary."""
    ratio = {"median": 0.5, "low": 0.25, "high": 0.75}
    seconds = {"median": 0.002, "low": 0.001, "high": 0.003}
    peers = ["rnncore_numpy", "torch_nn"]
    mode = {
        "seconds": dict.fromkeys(peers, seconds),
        "ratio_to_torch": dict.fromkeys(peers, ratio),
    }
    memory = {"rnncore_numpy": 6_000_000, "torch_nn": 4_000_000}
    text = table.render(
        {
            "machine": {"processor": "P", "threads": 1, "python": "3.11"},
            "versions": {"torch": "2"},
            "plan": {"peers": peers},
            "points": {"gru 5 2 3 4": {"forward": mode, "both": mode, "peak_bytes": memory}},
            "summary": {"gru": {"geometric_mean": 0.5, "worst": 0.625}},
        }
    )
    assert text.count("| GRU | 5, 2, 3, 4 | 2.00 (0.50, 0.25 to 0.75) | 2.00 |") == 2
    assert "| GRU | 5, 2, 3, 4 | 6.0 (1.50) | 4.0 |" in text
    assert "| GRU | 0.50 | 0.62 |" in text
