"""The judge: three outcomes, the same verdict for the same input, and faults that stay ours."""

import pytest

from rnngrader.checks.seeding import LEVEL, SEED
from rnngrader.judge import fresh_seed, grade
from rnngrader.loading import load_assignment
from rnngrader.verdict import Outcome, Status
from tests.rnngrader.courses import SETUP, TinyCourse, cell, graded, notebook, solution

KEY = b"a secret of this test"
RIGHT = notebook(solution("def double(x):\n    return x + x"))


def judged(root, *cells, raw=RIGHT):
    """Grade one submission against a unit made of these cells."""
    tiny = TinyCourse(root, *cells)
    course = tiny.course
    return grade(raw, "ada", load_assignment(course.source, "tiny", course.config), KEY)


def only(verdict):
    """The only question of the tiny unit."""
    (question,) = verdict.questions
    return question


def test_right_is_full_points_and_wrong_is_none(tmp_path):
    """A plain assertion in a test cell decides, through the two processes."""
    assert only(judged(tmp_path / "a")).outcome is Outcome.PASS
    wrong = notebook(solution("def double(x):\n    return x"))
    question = only(judged(tmp_path / "b", raw=wrong))
    assert (question.outcome, question.score, question.cause) == (Outcome.FAIL, 0.0, "assertion")


@pytest.mark.parametrize(
    ("source", "cause"),
    [
        ("raise NotImplementedError", "not-answered"),
        ("doubel = 2", "undefined"),
        ("def double(x):\n    return 1 / 0", "exception"),
        ("def double(x):\n    while True: pass", "timeout"),
        ("def double(x):\n    import os; os._exit(0)", "died"),
        ("def double(x):\n    v = []\n    for _ in range(99): v = [v]\n    return v", "unsendable"),
        ("syntax error here", "undefined"),
    ],
)
def test_every_way_to_fail_has_a_cause_and_a_sentence(tmp_path, source, cause):
    """The learner's side fails as fail, never as a fault of ours."""
    question = only(judged(tmp_path, raw=notebook(solution(source))))
    assert (question.outcome, question.score, question.cause) == (Outcome.FAIL, 0.0, cause)
    assert question.message


@pytest.mark.parametrize(
    "test", ["double(3); undefined_name", "double(3); 1 / 0", "import no_such_module_at_all"]
)
def test_a_broken_test_is_our_fault_and_no_score(tmp_path, test):
    """A test cell that fails by itself gives no zero; a person is asked."""
    verdict = judged(tmp_path, SETUP, solution(), graded(test))
    assert (only(verdict).outcome, only(verdict).score) == (Outcome.ERROR, None)
    assert verdict.faulty


def test_a_broken_setup_is_our_fault_too(tmp_path):
    """An instructor's cell that fails in the judge costs nobody a point."""
    broken = cell("1 / 0", grade_id="setup", locked=True)
    verdict = judged(tmp_path, broken, solution(), graded())
    assert verdict.status is Status.ERROR
    assert verdict.questions == ()


def test_a_test_of_ours_that_hangs_is_ended_and_the_next_one_runs(tmp_path, monkeypatch):
    """An endless test cell is a grader error; the question after it is graded."""
    monkeypatch.setattr("rnngrader.remote.longest_question_s", lambda _limits: 1.0)
    hang = graded("while True: pass")
    after = graded()
    after["metadata"]["nbgrader"]["grade_id"] = "check_after"
    questions = judged(tmp_path, SETUP, solution(), hang, after).questions
    assert [q.outcome for q in questions] == [Outcome.ERROR, Outcome.PASS]


def test_a_hanging_cell_is_left_out_and_the_rest_is_graded(tmp_path):
    """An endless demonstration below a right solution costs nothing but a note."""
    raw = notebook(solution("def double(x):\n    return x + x"), cell("while True: pass"))
    verdict = judged(tmp_path, raw=raw)
    assert only(verdict).outcome is Outcome.PASS
    assert "left out" in verdict.notes[0]


def test_the_same_input_gives_the_same_bytes(tmp_path):
    """A verdict holds no time, no order of arrival, no name of the machine."""
    tiny = TinyCourse(tmp_path)
    unit = load_assignment(tiny.course.source, "tiny", tiny.course.config)
    assert grade(RIGHT, "ada", unit, KEY).to_json() == grade(RIGHT, "ada", unit, KEY).to_json()


def test_inputs_are_fresh_for_every_submission_and_secret(tmp_path):
    """Another byte, another course or another version means other random inputs."""
    unit = load_assignment(TinyCourse(tmp_path).root / "solutions", "tiny")
    seeds = {
        fresh_seed(KEY, RIGHT, unit),
        fresh_seed(KEY, RIGHT + b" ", unit),
        fresh_seed(b"another", RIGHT, unit),
    }
    assert len(seeds) == 3
    assert fresh_seed(KEY, RIGHT, unit) in seeds


def test_an_answer_learned_by_heart_does_not_pass(tmp_path):
    """Replies recorded for one submission are worth nothing in the next: inputs differ."""
    source = "def double(x):\n    return {3: 6, -7919: -15838}[x]"
    test = (
        "from rnngrader.checks.seeding import rng_for\n"
        "n = int(rng_for('double', 'case').integers(10**9))\n"
        "assert double(n) == 2 * n"
    )
    verdict = judged(tmp_path, SETUP, solution(), graded(test), raw=notebook(solution(source)))
    assert only(verdict).outcome is Outcome.FAIL


def test_a_manual_question_waits_for_a_person_or_is_not_answered(tmp_path):
    """An answer has no score yet; an untouched cell has none to give."""
    manual = cell("Why?", kind="markdown", grade_id="why", grade=True, solution=True, points=3)
    answered = cell("Because.", kind="markdown", grade_id="why")
    right = solution("def double(x):\n    return x + x")
    cells = (SETUP, solution(), graded(), manual)
    given = judged(tmp_path / "a", *cells, raw=notebook(right, answered)).questions[1]
    assert (given.outcome, given.score, given.max_score) == (Outcome.MANUAL, None, 3)
    left = judged(tmp_path / "b", *cells, raw=notebook(right)).questions[1]
    assert (left.outcome, left.score, left.cause) == (Outcome.MANUAL, 0.0, "not-answered")


def test_the_seed_of_a_submission_ends_with_it(tmp_path):
    """What is checked afterwards in the same process draws what it would have drawn before."""
    before = SEED.get(), LEVEL.get()
    assert judged(tmp_path).score == 2.0
    assert (SEED.get(), LEVEL.get()) == before
