"""Reports: score, text, HTML, and what JupyterLab shows of a failure."""

import pickle
import subprocess
import sys

import pytest

from rnngrader.checks import AspectResult, CheckFailed, Report

ASPECTS = (
    AspectResult("shapes", passed=True, weight=0.25, message="Fine."),
    AspectResult("state", passed=False, weight=0.75, message="<b>bold</b>"),
)
REPORT = Report("lstm_step", ASPECTS, "some-id", "A <script>message</script>.", "<x>", "lstm.html")


def test_the_score_is_the_share_of_passed_aspects():
    """Points follow the weights."""
    assert REPORT.score == pytest.approx(0.25)
    assert not REPORT.passed
    assert Report("lstm_step", ASPECTS[:1]).score == 1.0
    assert Report("lstm_step", ()).score == 0.0


def test_the_text_says_everything_once():
    """Aspect, message, place to read and detail are all there."""
    text = REPORT.to_text()
    for part in ("lstm_step", "Shapes", "not yet", "message", "lstm.html", "<x>"):
        assert text.count(part) >= 1
    assert str(CheckFailed(REPORT)) == text == repr(REPORT)


def test_html_holds_no_markup_from_outside():
    """Messages and details are escaped."""
    html = REPORT._repr_html_()
    for raw in ("<script>", "<b>", "<x>"):
        assert raw not in html
    assert "&lt;script&gt;" in html
    assert html.count("<tr>") == 1 + len(ASPECTS)


def test_the_place_to_read_is_a_link_where_the_book_is_served(monkeypatch):
    """With the address of the book in the environment, a report leads there; else it names it."""
    monkeypatch.delenv("RNN_BOOK", raising=False)
    assert "<a " not in REPORT._repr_html_()
    assert "Read on: lstm.html" in REPORT._repr_html_()
    monkeypatch.setenv("RNN_BOOK", "http://127.0.0.1:8000/")
    assert '<a href="http://127.0.0.1:8000/lstm.html" target="_blank"' in REPORT._repr_html_()
    assert "Read on: http://127.0.0.1:8000/lstm.html" in REPORT.to_text()
    monkeypatch.setenv("RNN_BOOK", "javascript:alert(1)//")
    assert "<a " not in REPORT._repr_html_()


def test_a_failure_shows_only_our_words():
    """JupyterLab prints the report, without a frame of the checker."""
    assert CheckFailed(REPORT)._render_traceback_() == REPORT.to_text().splitlines()
    assert not isinstance(CheckFailed(REPORT), AssertionError)


def test_a_failure_survives_a_process_border():
    """Workers can hand a failure on."""
    assert pickle.loads(pickle.dumps(CheckFailed(REPORT))).report == REPORT


def test_the_checks_import_neither_torch_nor_ipython():
    """The package stays pure Python and NumPy, so that it also runs in a browser."""
    code = (
        "import sys, rnngrader.checks; "
        "print(sorted({'torch', 'IPython', 'nbgrader', 'subprocess'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() in {"[]", "['subprocess']"}
