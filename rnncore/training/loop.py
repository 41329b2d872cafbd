"""The one training loop, for all four models."""

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from rnncore._checks import check_size
from rnncore._typing import Array, Inexact
from rnncore.data import Examples
from rnncore.models import Model
from rnncore.optim import adam_init, adam_step, clip_by_global_norm, sgd_step
from rnncore.params import map_params
from rnncore.training.checkpoint import Evaluation, State, digest, load, save
from rnncore.training.settings import (
    Cursor,
    Settings,
    check_examples,
    check_settings,
    cut,
    random_step,
    take,
)

SMALLER_IS_BETTER = ("loss_nats", "perplexity")


class Trained(NamedTuple):
    """What came out.

    Attributes:
        params: after the last update.
        best_params: of the evaluation with the best number; `params` where there was none.
        losses_nats: the loss before each update: the loss curve.
        norms: the length of each gradient before it was clipped.
        evaluations: what was measured, and after how many updates.
        stopped: why training ended: "steps", "patience" or "stop_at".
    """

    params: Any
    best_params: Any
    losses_nats: Inexact[Array, " steps"]
    norms: Inexact[Array, " steps"]
    evaluations: list[Evaluation]
    stopped: str


def train(
    params: Any,
    model: Model,
    examples: Examples,
    valid: Examples | None = None,
    settings: Settings = Settings(),  # noqa: B008  (immutable)
    *,
    checkpoint: str | Path | None = None,
    checkpoint_every: int = 100,
    progress: bool = True,
    watch: Callable[[int, Any], None] | None = None,
) -> Trained:
    """Train a model; the same arguments give the same bits.

    Equation: for each batch: params = optimizer(params, clip(d loss / d params)).

    With a checkpoint, the run is written to one file every `checkpoint_every` updates, at the end,
    and on Ctrl-C. Called again with the same arguments, a run that was interrupted or killed goes
    on where the file stands, and ends with the bits of one that was not. A larger `steps` goes on
    with a run that had ended.

    Args:
        params: start values; they are not changed.
        model: from `rnncore.models`: `tagger`, `classifier`, `language_model`, `translator`.
        examples: to learn from, in an order that is drawn anew for each pass.
        valid: to evaluate on; None: no evaluation, and no early stop.
        settings: see `Settings`.
        checkpoint: file to write to, and to go on from if it is there.
        checkpoint_every: updates between two writings.
        progress: show a bar with the loss; this alone needs tqdm.
        watch: called with the step and the parameters, at the start and after each update.

    Returns: see `Trained`.

    Raises:
        TypeError: if an argument is of another type.
        ValueError: if a setting is out of range, the metric is none that the model knows, or the
            checkpoint is that of another run.
        ImportError: if `progress` is wanted and there is no tqdm.
        FloatingPointError: if a loss or a gradient is not finite; the checkpoint stays as it was.
        KeyboardInterrupt: on Ctrl-C, after the checkpoint is written.

    Example: parts of speech, read from both sides.
        >>> from rnncore.data import tagging_task
        >>> from rnncore.models import init_reader, tagger
        >>> rng = np.random.default_rng(0)
        >>> task = tagging_task(rng, train=200, test=50)
        >>> start = init_reader(task.inputs.size, task.targets.size, 8, rng, bidirectional=True)
        >>> how = Settings(steps=80, learning_rate=0.03)
        >>> done = train(start, tagger(), task.train, task.test, how, progress=False)
        >>> done.evaluations[-1].metrics["accuracy"] > 0.95
        True
    """
    check_settings(settings, examples, carries=model.carries)
    check_size("checkpoint_every", checkpoint_every)
    if valid is not None:
        check_examples("valid", valid)
        valid = cut(valid)
    path = None if checkpoint is None else Path(checkpoint)
    identity = {} if path is None else _identity(settings, params, examples, valid)
    start = _start(params, settings, path, identity)

    state, stopped, saved = start, "", start.step
    with _bar(settings.steps, start.step, shown=progress) as show:
        try:
            for state, stopped in _states(start, model, examples, valid, settings):
                show(state)
                if path is not None and (stopped or state.step >= saved + checkpoint_every):
                    save(path, state, identity)
                    saved = state.step
                if watch is not None:
                    watch(state.step, state.params)
        except KeyboardInterrupt:
            if path is not None:
                save(path, state, identity)
            raise
    curves = np.array(state.losses), np.array(state.norms)
    best = state.best if state.evaluations else state.params
    return Trained(state.params, best, *curves, state.evaluations, stopped)


def _start(params: Any, settings: Settings, path: Path | None, identity: dict[str, Any]) -> State:
    adam = adam_init(params) if settings.optimizer == "adam" else None
    state = State(0, Cursor(), params, adam, (), [], [], [], params)
    return load(path, state, identity) if path is not None and path.exists() else state


def _states(
    state: State, model: Model, examples: Examples, valid: Examples | None, settings: Settings
) -> Iterator[tuple[State, str]]:
    """Give the state after each update, evaluated where that is due, and why it is the last."""
    while True:
        if valid is not None and _is_due(state, settings):
            state = _evaluate(state, model, valid, settings)
        stopped = _reason(state, settings)
        yield state, stopped
        if stopped:
            return
        state = _update(state, model, examples, settings)


def _update(state: State, model: Model, examples: Examples, settings: Settings) -> State:
    batch, after = take(examples, settings, state.cursor)
    rng = random_step(settings.seed, state.step)
    loss, grads, carried = model.gradients(state.params, batch, state.carried, rng)
    # The norm is wanted in any case: an infinite limit clips nothing.
    grads, norm = clip_by_global_norm(grads, settings.max_norm or np.inf)
    if not (np.isfinite(loss) and np.isfinite(norm)):
        raise FloatingPointError(
            f"expected a finite loss and gradient, got loss {loss} and gradient norm {norm} at "
            f"step {state.step}; a smaller learning_rate or max_norm may help"
        )
    if state.adam is None:
        params, adam = sgd_step(state.params, grads, settings.learning_rate), None
    else:
        params, adam = adam_step(state.params, grads, state.adam, settings.learning_rate)
    # New lists: until the new state is returned, the old one must stay whole.
    return state._replace(
        step=state.step + 1,
        cursor=after,
        params=params,
        adam=adam,
        carried=carried if after.window else (),
        losses=[*state.losses, float(loss)],
        norms=[*state.norms, norm],
    )


def _is_due(state: State, settings: Settings) -> bool:
    if state.evaluations and state.evaluations[-1].step == state.step:
        return False
    return state.step > 0 and (
        state.step % settings.evaluate_every == 0 or state.step >= settings.steps
    )


def _evaluate(state: State, model: Model, valid: Examples, settings: Settings) -> State:
    metrics = model.evaluate(state.params, valid)
    if settings.metric not in metrics:
        raise ValueError(f"expected metric in {', '.join(metrics)}, got {settings.metric!r}")
    best = max((_merit(seen, settings) for seen in state.evaluations), default=-np.inf)
    now = Evaluation(state.step, metrics)
    state = state._replace(evaluations=[*state.evaluations, now])
    if _merit(now, settings) > best:
        return state._replace(best=state.params, waited=0)
    return state._replace(waited=state.waited + 1)


def _merit(seen: Evaluation, settings: Settings) -> float:
    """Return the number that is watched, with the sign that makes larger better."""
    value = seen.metrics[settings.metric]
    return -value if settings.metric in SMALLER_IS_BETTER else value


def _reason(state: State, settings: Settings) -> str:
    """Say why training ends here, or nothing if it does not."""
    if state.evaluations and settings.stop_at is not None:
        sign = -1 if settings.metric in SMALLER_IS_BETTER else 1
        if _merit(state.evaluations[-1], settings) >= sign * settings.stop_at:
            return "stop_at"
    if settings.patience is not None and state.waited >= settings.patience:
        return "patience"
    return "steps" if state.step >= settings.steps else ""


def _identity(
    settings: Settings, params: Any, examples: Examples, valid: Examples | None
) -> dict[str, Any]:
    """Say which run this is; only the number of steps may change."""
    told = settings._asdict()
    del told["steps"]
    told["start"] = digest(map_params(np.asarray, params))
    told["examples"] = digest(examples)
    told["valid"] = None if valid is None else digest(valid)
    return told


@contextlib.contextmanager
def _bar(steps: int, done: int, *, shown: bool) -> Iterator[Callable[[State], None]]:
    if not shown:
        yield lambda _: None
        return
    try:
        from tqdm.auto import tqdm
    except ImportError as error:
        raise ImportError("expected tqdm for progress=True, got no such package") from error

    with tqdm(total=steps, initial=done, unit="step") as bar:

        def show(state: State) -> None:
            if state.losses:
                bar.set_postfix({"loss_nats": f"{state.losses[-1]:.3f}"}, refresh=False)
            bar.update(state.step - bar.n)

        yield show
