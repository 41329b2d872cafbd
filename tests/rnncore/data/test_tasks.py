"""Every task: the same from the same seed, split without overlap, solved by its oracle."""

import itertools
import re

import numpy as np
import pytest

from rnncore import map_params
from rnncore.data import (
    EOS,
    PAD,
    Task,
    agreement_task,
    copy_memory_task,
    date_task,
    decoded,
    majority_accuracy,
    number_words_task,
    oracle_accuracy,
    pad,
    reversal_task,
    sentiment_task,
    tagging_task,
    text_task,
)
from rnncore.data.agreement import nearest_noun
from rnncore.data.number_words import in_words
from rnncore.data.sentiment import word_sign
from rnncore.data.tagging import left_context
from rnncore.data.text import best_nats, sentences

TRAIN, TEST = 80, 40
CLASSES = (agreement_task, sentiment_task)
LABELS = (tagging_task, text_task, copy_memory_task)
SEQUENCES = (reversal_task, number_words_task, date_task)
TASKS = (*CLASSES, *LABELS, *SEQUENCES)
EVERY = pytest.mark.parametrize("make", TASKS, ids=lambda make: make.__name__)


def build(make, seed: int = 7) -> Task:
    """A small task, the same in every run."""
    return make(np.random.default_rng(seed), TRAIN, TEST)


def everything(task: Task) -> list:
    """All pairs of training and test."""
    return [*decoded(task, task.train), *decoded(task, task.test)]


@EVERY
def test_a_seed_fixes_the_task(make) -> None:
    """The same seed gives the same ids, another seed gives others."""
    task, same, other = build(make), build(make), build(make, 8)
    assert map_params(np.array_equal, task.train, same.train) == (True,) * 4
    assert map_params(np.array_equal, task.test, same.test) == (True,) * 4
    assert everything(task) != everything(other)


@EVERY
def test_no_test_example_is_in_training(make) -> None:
    """Inputs are all different, so training and test share none, and have the sizes asked for."""
    task = build(make)
    inputs = [tuple(sequence) for sequence, _ in everything(task)]
    assert len(set(inputs)) == len(inputs) == TRAIN + TEST
    assert (len(task.train.inputs), len(task.test.inputs)) == (TRAIN, TEST)


def test_no_date_of_the_test_is_in_training() -> None:
    """A date known in one form is not asked for in another."""
    targets = [tuple(target) for _, target in everything(build(date_task))]
    assert len(set(targets)) == TRAIN + TEST


@EVERY
def test_the_oracle_is_the_ceiling(make) -> None:
    """The rule solves every task but free text, and always says more than the commonest target."""
    task = build(make)
    ceiling = oracle_accuracy(task, task.test)
    assert ceiling > majority_accuracy(task, task.test) + 0.2
    if make is not text_task:
        assert ceiling == oracle_accuracy(task, task.train) == 1


@EVERY
def test_ids_are_padded_tokens(make) -> None:
    """Beyond its length a row is padding, within it are ids of the vocabulary."""
    task = build(make)
    parts = ((task.inputs, 0), (task.targets, 2))
    for examples, (vocabulary, first) in itertools.product((task.train, task.test), parts):
        ids, lengths = examples[first : first + 2]
        beyond = np.arange(ids.shape[1]) >= lengths[:, None]
        assert (ids[beyond] == PAD).all()
        assert ids.min() >= 0
        assert ids.max() < vocabulary.size
        assert lengths.min() >= 1
        assert lengths.max() == ids.shape[1]


@EVERY
def test_targets_have_the_form_of_the_task(make) -> None:
    """A class is one id, labels are one per step, and a sequence ends with EOS, once."""
    examples = build(make).train
    if make in CLASSES:
        assert examples.targets.shape == (TRAIN, 1)
    elif make in LABELS:
        assert np.array_equal(examples.target_lengths, examples.input_lengths)
    else:
        last = examples.targets[np.arange(TRAIN), examples.target_lengths - 1]
        assert (last == EOS).all()
        assert (examples.targets == EOS).sum() == TRAIN


@pytest.mark.parametrize(
    ("make", "shortcut", "least", "most"),
    [
        (agreement_task, nearest_noun, 0.4, 0.6),
        (sentiment_task, word_sign, 0.4, 0.6),
        (tagging_task, left_context, 0.6, 0.95),
    ],
)
def test_the_shortcut_does_not_solve_it(make, shortcut, least, most) -> None:
    """The mistake a task is made to show is right about half the time, or for unambiguous words."""
    task = make(np.random.default_rng(3), 1000, 200)
    accuracy = oracle_accuracy(task._replace(oracle=shortcut), task.train)
    assert least < accuracy < most


def test_agreement_keeps_its_distance() -> None:
    """With three clauses in between, the subject is at least nine words away."""
    task = agreement_task(np.random.default_rng(0), TRAIN, TEST, clauses=(3, 3))
    assert task.train.input_lengths.min() == 2 + 3 * 3
    bare = agreement_task(np.random.default_rng(0), 8, 4, clauses=(0, 0))
    assert (bare.train.input_lengths == 2).all()
    assert oracle_accuracy(bare._replace(oracle=nearest_noun), bare.test) == 1


def test_double_negation_is_positive_again() -> None:
    """The class of a sentence turns with every negation, worked out by hand for four sentences."""
    task = build(sentiment_task)
    for text, want in {
        "the film was good": "positive",
        "the film was never good": "negative",
        "nobody says that the film was good": "negative",
        "i do not think that the film was not really bad": "negative",
    }.items():
        assert task.oracle(text.split()) == [want]


def test_copy_memory_waits() -> None:
    """All examples have lag + 2 length + 1 steps, and the sign comes after letters and lag."""
    task = copy_memory_task(np.random.default_rng(0), TRAIN, TEST, lag=5, length=3)
    for symbols, answer in everything(task):
        assert symbols[3:] == [*"_____", "!", *"___"]
        assert answer == [*"_________", *symbols[:3]]


def test_reversal_reads_from_the_end() -> None:
    """The target is the input from its end, at every length asked for."""
    task = build(reversal_task)
    assert all(target == source[::-1] for source, target in everything(task))
    assert set(task.train.input_lengths) == {4, 5, 6, 7, 8}


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "zero"),
        (13, "thirteen"),
        (80, "eighty"),
        (105, "one hundred five"),
        (4002, "four thousand two"),
        (999_999, "nine hundred ninety nine thousand nine hundred ninety nine"),
    ],
)
def test_numbers_in_words(number, words) -> None:
    """Numbers are said as in English, and the rule reads them back."""
    assert in_words(number) == words.split()
    assert build(number_words_task).oracle(words.split()) == list(str(number))


def test_dates_are_days_of_the_calendar() -> None:
    """Targets are year-month-day within the hundred years, and several forms occur."""
    pairs = everything(build(date_task))
    days = ["".join(target) for _, target in pairs]
    assert all(
        np.datetime64("1950-01-01") <= np.datetime64(day) <= np.datetime64("2049-12-31")
        for day in days
    )
    texts = ["".join(source) for source, _ in pairs]
    assert {bool(re.search("[a-z]{4}", text)) for text in texts} == {True, False}
    assert any("." in text for text in texts)
    assert any("," in text for text in texts)


def test_text_is_predicted_from_the_letters_before() -> None:
    """The next letter is the target, and the best guess leaves out only what the grammar chooses.

    A sentence has six choices; with three to four options each, no predictor can miss more than
    its six first differing letters on average.
    """
    task = build(text_task)
    for letters, following in everything(task):
        assert letters[1:] == following[:-1]
        assert "".join(following) in sentences()
    length = task.test.target_lengths.mean()
    assert 1 - 6 / length < oracle_accuracy(task, task.test) < 1 - 3 / length
    assert len(sentences()) == len(set(sentences())) == 3 * 4 * 4 * 4 * 2 * 4
    assert 0.2 < best_nats() < 0.25


def test_padding_is_on_the_right() -> None:
    """Sequences of three lengths come out in one array, and none gives an empty one."""
    ids, lengths = pad([[4], [5, 6, 7], []])
    assert ids.tolist() == [[4, 0, 0], [5, 6, 7], [0, 0, 0]]
    assert lengths.tolist() == [1, 3, 0]
    assert pad([])[0].shape == (0, 0)


RNG = np.random.default_rng(0)
REFUSED = [
    (reversal_task, {"train": 0}, ValueError, "train >= 1, got 0"),
    (reversal_task, {"test": 2.0}, TypeError, "test to be an integer, got float"),
    (reversal_task, {"lengths": (0, 3)}, ValueError, "least length >= 1, got 0"),
    (reversal_task, {"lengths": (3, 2)}, ValueError, "largest length >= 3, got 2"),
    (reversal_task, {"lengths": (1, 1)}, ValueError, "1200 different examples, got 10"),
    (copy_memory_task, {"lag": -1}, ValueError, "lag >= 0, got -1"),
    (copy_memory_task, {"length": 0}, ValueError, "length >= 1, got 0"),
    (number_words_task, {"largest": 10**6}, ValueError, "largest <= 999999, got 1000000"),
    (number_words_task, {"largest": 99}, ValueError, "1200 different examples, got 100"),
    (agreement_task, {"clauses": (-1, 2)}, ValueError, "least clauses >= 0, got -1"),
    (agreement_task, {"clauses": (2, 1)}, ValueError, "largest clauses >= 2, got 1"),
    (text_task, {"train": 1500}, ValueError, "1700 different examples, got 1536"),
]


@pytest.mark.parametrize(("make", "arguments", "error", "message"), REFUSED)
def test_wrong_arguments_are_named(make, arguments, error, message) -> None:
    """A wrong argument is refused by one sentence that says what was expected and what came."""
    with pytest.raises(error, match="^expected " + message):
        make(RNG, **arguments)


def test_a_seed_is_no_source_of_randomness() -> None:
    """A seed where a generator is wanted is named, by the function that all tasks are made with."""
    with pytest.raises(TypeError, match=r"^expected rng to be a NumPy Generator, got int"):
        tagging_task(0, 20, 10)
