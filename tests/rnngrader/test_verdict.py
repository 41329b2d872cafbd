"""Verdicts survive being written and read, and nothing else is taken for one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnngrader.verdict import Identity, Outcome, Question, ShownCell, Status, Verdict

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
points = st.floats(0, 100)
questions = st.builds(
    Question,
    grade_id=texts,
    outcome=st.sampled_from(Outcome),
    score=st.none() | points,
    max_score=points,
    cause=texts,
    message=texts,
    aspects=st.lists(st.tuples(texts, st.none() | st.booleans(), points)).map(tuple),
)
verdicts = st.builds(
    Verdict,
    unit=texts,
    student=texts,
    submission=texts,
    assignment=texts,
    status=st.sampled_from(Status),
    questions=st.lists(questions, max_size=3).map(tuple),
    cells=st.lists(st.builds(ShownCell, texts, texts, texts, texts), max_size=3).map(tuple),
    answers=st.dictionaries(texts, texts, max_size=3),
    extras=st.dictionaries(texts, st.lists(texts, max_size=2), max_size=2),
    notes=st.lists(texts, max_size=2).map(tuple),
)


@given(verdicts)
def test_a_verdict_comes_back_equal_and_is_written_the_same(verdict):
    """Reading what was written gives the verdict; writing it again gives the bytes."""
    text = verdict.to_json()
    assert Verdict.from_json(text) == verdict
    assert Verdict.from_json(text).to_json() == text


@pytest.mark.parametrize("text", ["", "{", "{}", '{"format": 2}', "[]"])
def test_a_torn_or_foreign_file_is_no_verdict(text):
    """Half a file raises ValueError or TypeError, which the store takes for "none"."""
    with pytest.raises((ValueError, TypeError, KeyError, AttributeError)):
        Verdict.from_json(text)


def test_what_has_no_score_counts_as_nothing_yet():
    """Sums skip questions that wait for a person, and a fault of ours is told apart."""
    head = Identity("lstm", "ada", "", "")
    given_questions = (
        Question("a", Outcome.PASS, 3.0, 3.0),
        Question("b", Outcome.MANUAL, None, 2.0),
    )
    verdict = Verdict(*head, status=Status.GRADED, questions=given_questions)
    assert (verdict.score, verdict.max_score, verdict.faulty) == (3.0, 5.0, False)
    error = (Question("c", Outcome.ERROR, None, 1.0),)
    assert Verdict(*head, status=Status.GRADED, questions=error).faulty
