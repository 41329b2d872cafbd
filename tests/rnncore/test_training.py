"""The training loop: its updates, its order, when it stops, and what it refuses."""

import subprocess
import sys

import numpy as np
import pytest
from claims import close
from training_case import RUNS, SETTINGS, bits, carried, dropped, forced

from rnncore import adam_init, adam_step, clip_by_global_norm, sgd_step
from rnncore.data import Examples
from rnncore.models import Model, tagger
from rnncore.training import Settings, train
from rnncore.training.settings import Cursor, cut, random_order, take

EVERY = pytest.mark.parametrize("case", RUNS)


def examples(lengths: list[int], width: int = 6) -> Examples:
    """Sequences whose ids say which they are; targets as long as inputs."""
    ids = np.arange(len(lengths))[:, None] * np.ones(width, int)
    return Examples(ids, np.array(lengths), ids, np.array(lengths))


@EVERY
def test_the_same_arguments_give_the_same_bits(case) -> None:
    """Two runs are equal to the bit, and start values stay as they were."""
    run, before = case(), bits(case().params)
    first, second = train(*run, progress=False), train(*run, progress=False)
    assert bits(first.params) == bits(second.params)
    assert np.array_equal(first.losses_nats, second.losses_nats)
    assert bits(run.params) == before


@EVERY
def test_another_seed_gives_another_run(case) -> None:
    """The seed reaches the order of examples and the randomness of each update."""
    run = case()
    other = run._replace(settings=run.settings._replace(seed=4))
    losses = [train(*one, progress=False).losses_nats for one in (run, other)]
    assert not np.isclose(*losses).any()


@pytest.mark.parametrize("optimizer", ["adam", "sgd"])
def test_updates_are_those_of_the_optimizer(optimizer) -> None:
    """Three updates by hand, from batches, gradients, clipping and optimiser, give the same."""
    run = dropped()
    how = run.settings._replace(steps=3, max_norm=0.05, optimizer=optimizer)
    params, adam, cursor = run.params, adam_init(run.params), Cursor()
    losses, norms = [], []
    for step in range(3):
        batch, cursor = take(run.examples, how, cursor)
        rng = np.random.default_rng([how.seed, 1, step])
        loss, grads, _ = run.model.gradients(params, batch, (), rng)
        grads, norm = clip_by_global_norm(grads, 0.05)
        losses.append(loss)
        norms.append(norm)
        if optimizer == "sgd":
            params = sgd_step(params, grads, how.learning_rate)
        else:
            params, adam = adam_step(params, grads, adam, how.learning_rate)
    done = train(run.params, run.model, run.examples, None, how, progress=False)
    assert bits(done.params) == bits(params)
    assert (done.losses_nats.tolist(), done.norms.tolist()) == (losses, norms)
    assert min(norms) > 0.05


def test_without_a_limit_nothing_is_clipped() -> None:
    """`max_norm=None` is the same as a limit that no gradient reaches."""
    run = forced()
    settings = [run.settings._replace(max_norm=norm) for norm in (None, 1e9)]
    first, second = (train(*run._replace(settings=how), progress=False).params for how in settings)
    assert bits(first) == bits(second)


def test_each_pass_takes_every_sequence_once_in_a_new_order() -> None:
    """Batches of 3 from 7 sequences: 3, 3 and 1; the next pass has another order."""
    data, cursor, seen = examples([6] * 7), Cursor(), []
    how = Settings(batch_size=3)
    for _ in range(6):
        batch, cursor = take(data, how, cursor)
        seen.append(batch.inputs[:, 0].tolist())
    assert [len(rows) for rows in seen] == [3, 3, 1, 3, 3, 1]
    first, second = ([row for rows in part for row in rows] for part in (seen[:3], seen[3:]))
    assert sorted(first) == sorted(second) == list(range(7))
    assert first == random_order(0, 0, 7).tolist() != second
    assert cursor == Cursor(epoch=2)


def test_windows_cut_a_batch_along_time() -> None:
    """Steps and labels of all windows are those of the batch, and lengths say what is real."""
    data, how = examples([6, 1, 3], width=8), Settings(batch_size=3, window=4)
    order = random_order(0, 0, 3)
    first, cursor = take(data, how, Cursor())
    assert cursor == Cursor(0, 0, 1)
    second, cursor = take(data, how, cursor)
    assert cursor == Cursor(1, 0, 0)
    assert (first.inputs.shape, second.inputs.shape) == ((3, 4), (3, 2))
    assert first.input_lengths.tolist() == np.array([4, 1, 3])[order].tolist()
    assert second.input_lengths.tolist() == np.array([2, 0, 0])[order].tolist()
    assert np.array_equal(second.targets, data.targets[order][:, 4:6])


def test_columns_of_padding_are_left_out() -> None:
    """A batch is as wide as its longest sequence, on both sides."""
    narrow = cut(examples([2, 3], width=9))
    assert narrow.inputs.shape == narrow.targets.shape == (2, 3)


def test_the_state_is_carried_from_window_to_window_only() -> None:
    """What one window returns enters the next; each batch starts from nothing."""
    received = []

    def gradients(params, batch, carried, rng):
        received.append([int(array[0]) for array in carried])
        return 1.0, (np.ones(2),), (np.array([len(received)]),)

    model = Model(gradients, lambda *_: {"accuracy": 0.0}, carries=True)
    how = Settings(steps=7, batch_size=2, window=4)
    train((np.zeros(2),), model, examples([6, 6, 6]), None, how, progress=False)
    assert received == [[], [1], [], [3], [], [5], []]


SHOWN = ("accuracy", "loss_nats", "perplexity")


def scripted(values: list[float]) -> Model:
    """A model whose weight counts updates and whose accuracy follows a script."""
    left = iter(values)
    return Model(
        lambda params, *_: (0.5, (-np.ones(2),), ()),
        lambda *_: {**dict.fromkeys(SHOWN, next(left)), "other": 1.0},
    )


def scripted_run(values: list[float], **options):
    """Train with a step size of 1, so that the weight is the number of updates."""
    how = Settings(
        steps=10, learning_rate=1.0, optimizer="sgd", max_norm=None, evaluate_every=2
    )._replace(**options)
    data = examples([6] * 4)
    return train((np.zeros(2),), scripted(values), data, data, how, progress=False)


def test_patience_ends_training_and_the_best_is_kept() -> None:
    """Two evaluations without a better number end it; the best weights are those of the best."""
    done = scripted_run([0.2, 0.6, 0.6, 0.5, 0.9], patience=2)
    assert done.stopped == "patience"
    assert [seen.step for seen in done.evaluations] == [2, 4, 6, 8]
    assert (done.params[0][0], done.best_params[0][0]) == (8, 4)


def test_a_wanted_number_ends_training() -> None:
    """Training stops at the first evaluation that reaches `stop_at`."""
    done = scripted_run([0.2, 0.6, 0.7], stop_at=0.6)
    assert (done.stopped, len(done.losses_nats)) == ("stop_at", 4)


def test_of_losses_the_smallest_is_the_best() -> None:
    """Loss and perplexity are better when they fall, also for `stop_at`."""
    done = scripted_run([0.9, 0.4, 0.6, 0.8], metric="loss_nats", patience=2)
    assert (done.stopped, done.best_params[0][0]) == ("patience", 4)
    done = scripted_run([0.9, 0.4, 0.6], metric="perplexity", stop_at=0.4)
    assert (done.stopped, done.params[0][0]) == ("stop_at", 4)


def test_the_last_step_is_evaluated() -> None:
    """Also where it falls between two evaluations."""
    done = scripted_run([0.1, 0.2, 0.3, 0.2], steps=7)
    assert [seen.step for seen in done.evaluations] == [2, 4, 6, 7]
    assert (done.stopped, done.best_params[0][0]) == ("steps", 6)


def test_without_examples_to_evaluate_on_there_is_no_best() -> None:
    """Without validation, the best parameters are the last."""
    run = dropped()._replace(valid=None)
    done = train(*run, progress=False)
    assert done.evaluations == []
    assert bits(done.best_params) == bits(done.params)


def test_the_loss_falls() -> None:
    """Each of the models learns: the last losses are below the first."""
    for case in RUNS:
        run = case()
        how = run.settings._replace(steps=60, learning_rate=0.05, window=None, max_norm=None)
        losses = train(*run._replace(settings=how), progress=False).losses_nats
        assert losses[-10:].mean() < 0.97 * losses[:10].mean()


def test_the_bar_shows_steps_and_loss(capsys) -> None:
    """With progress, the bar ends at the number of steps and shows the loss."""
    train(*carried())
    shown = capsys.readouterr().err
    assert "14/14" in shown
    assert "loss_nats=" in shown


def test_a_bar_without_its_package_is_named(monkeypatch) -> None:
    """Without tqdm, progress is refused by one sentence, and training goes without it."""
    monkeypatch.setitem(sys.modules, "tqdm.auto", None)
    with pytest.raises(ImportError, match=r"^expected tqdm for progress=True"):
        train(*dropped())
    assert len(train(*dropped(), progress=False).losses_nats) == 14


def test_the_loop_needs_no_bar_to_be_imported() -> None:
    """Importing models and training loads neither tqdm nor torch, and rnncore loads neither."""
    program = (
        "import sys, rnncore; a = 'rnncore.training' in sys.modules; import rnncore.training;"
        "print(a, sorted({'tqdm', 'torch', 'rnncore.torch'} & set(sys.modules)))"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert run.stdout == "False []\n"


def test_a_loss_that_is_not_finite_is_named() -> None:
    """NaN and infinite gradients end training with the step at which they came."""
    for loss, gradient in ((np.nan, 1.0), (1.0, np.inf)):
        model = tagger()._replace(
            gradients=lambda *_, loss=loss, gradient=gradient: (loss, (np.full(2, gradient),), ())
        )
        with pytest.raises(FloatingPointError, match=r"^expected a finite loss .* at step 0;"):
            train((np.zeros(2),), model, examples([6]), progress=False)


DATA, PARAMS = examples([6, 2]), (np.zeros(2),)
REFUSED = [
    ({"steps": -1}, ValueError, "steps >= 0, got -1"),
    ({"batch_size": 0}, ValueError, "batch_size >= 1, got 0"),
    ({"seed": 1.5}, TypeError, "seed to be an integer, got float"),
    ({"window": 0}, ValueError, "window >= 1, got 0"),
    ({"window": 3}, ValueError, "window=None for a model that carries no state, got 3"),
    ({"patience": 0}, ValueError, "patience >= 1, got 0"),
    ({"optimizer": "rmsprop"}, ValueError, "'adam' or 'sgd', got 'rmsprop'"),
    ({"learning_rate": 0.0}, ValueError, "learning_rate > 0, got 0"),
    ({"max_norm": float("nan")}, ValueError, "max_norm > 0, got nan"),
    ({"evaluate_every": 0}, ValueError, "evaluate_every >= 1, got 0"),
]


@pytest.mark.parametrize(("change", "error", "message"), REFUSED)
def test_wrong_settings_are_named(change, error, message) -> None:
    """A wrong setting is refused by one sentence that says what was expected and what came."""
    with pytest.raises(error, match="^expected .*" + message):
        train(PARAMS, tagger(), DATA, None, SETTINGS._replace(**change), progress=False)


def test_wrong_arguments_are_named() -> None:
    """Examples, settings and metric of another kind are refused by name."""
    empty = Examples(*(array[:0] for array in DATA))
    for data, error, message in (
        (list(DATA), TypeError, "examples to be Examples, got list"),
        (empty, ValueError, "one sequence in examples, got none"),
    ):
        with pytest.raises(error, match="^expected .*" + message):
            train(PARAMS, tagger(), data, progress=False)
    with pytest.raises(ValueError, match=r"^expected at least one sequence in valid, got none"):
        train(PARAMS, tagger(), DATA, empty, progress=False)
    with pytest.raises(TypeError, match=r"^expected Settings, got dict"):
        train(PARAMS, tagger(), DATA, None, {}, progress=False)
    with pytest.raises(ValueError, match=r"^expected checkpoint_every >= 1, got 0"):
        train(PARAMS, tagger(), DATA, checkpoint_every=0, progress=False)
    with pytest.raises(ValueError, match=r"^expected metric in accuracy, .*, other, got 'loss'"):
        scripted_run([0.5], metric="loss")


def test_a_settings_metric_decides_what_is_best() -> None:
    """Where the watched number never gets better, the first evaluation stays the best."""
    done = scripted_run([0.1, 0.2, 0.3], metric="other", steps=6)
    assert done.best_params[0][0] == 2
    close(done.params, (np.full(2, 6.0),))
