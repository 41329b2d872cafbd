"""The page of results is what the files give."""

import json

from experiments import command, store, table
from experiments.command import EXPERIMENTS, main
from experiments.plan import every


def row(distance: int, cell: str, mean: float, oracle: float = 1.0) -> dict:
    """One line of a summary."""
    accuracy = {"mean": mean, "std": 0.125, "least": mean - 0.25, "largest": mean + 0.25}
    return {
        "condition": {"learning_rate": 0.5, "distance": distance, "cell": cell},
        "accuracy": accuracy,
        "majority": {"mean": 0.5},
        "oracle": {"mean": oracle, "least": oracle},
    }


def test_the_page_is_current() -> None:
    """`docs/experiments.md` is what `python -m experiments table` makes of the committed files."""
    assert main(["table", "--check"]) == 0


def test_a_stale_page_is_noticed(tmp_path, monkeypatch, capsys) -> None:
    """The test above can fail; writing the page repairs it."""
    page = tmp_path / "experiments.md"
    page.write_text("another page\n", encoding="utf-8")
    monkeypatch.setattr(table, "PAGE", page)
    assert main(["table", "--check"]) == command.STALE
    assert "python -m experiments table" in capsys.readouterr().err
    assert main(["table"]) == 0
    assert main(["table", "--check"]) == 0


def test_numbers_stand_where_they_belong(tmp_path) -> None:
    """One axis lies across, the others go down; what was not run says so."""
    experiment = EXPERIMENTS["agreement"]
    summary = [row(2, "rnn", 0.5), row(2, "gru", 0.75), row(7, "gru", 0.625)]
    content = {
        "name": "agreement",
        "command": "python -m experiments agreement",
        "machine": {
            "processor": "CPU",
            "cores": 2,
            "system": "S",
            "threads": "1",
            "python": "3",
            "numpy": "2",
        },
        "seeds": [0, 1],
        "settings": {"steps": 7, "window": None},
        "summary": summary,
        "runs": [{"seconds": 1.5}, {"seconds": 4.0}],
    }
    path = tmp_path / "agreement.json"
    path.write_text(store.as_text(content), encoding="utf-8")
    lines = table.page([experiment], tmp_path).splitlines()
    assert "| learning_rate | distance | cell rnn | cell gru | majority |" in lines
    assert "| 0.5 | 2 | 0.50 ± 0.12 (0.25 to 0.75) | 0.75 ± 0.12 (0.50 to 1.00) | 0.50 |" in lines
    assert "| 0.5 | 7 | no run | 0.62 ± 0.12 (0.38 to 0.88) | 0.50 |" in lines
    assert any("steps 7, window none" in line and "Seeds: 0, 1" in line for line in lines)
    assert any("5.5 s" in line or "6 s" in line for line in lines)
    content["summary"][0] = row(2, "rnn", 0.5, oracle=0.9)
    path.write_text(json.dumps(content), encoding="utf-8")
    assert "| majority | oracle |" in table.page([experiment], tmp_path)


def test_all_combinations_are_listed() -> None:
    """The last axis changes fastest."""
    assert every(lag=(1, 2), cell=("a", "b")) == [
        {"lag": 1, "cell": "a"},
        {"lag": 1, "cell": "b"},
        {"lag": 2, "cell": "a"},
        {"lag": 2, "cell": "b"},
    ]
