"""Forget bias: does an LSTM that starts by remembering learn to remember sooner?"""

from experiments.agreement import SETTINGS, learned
from experiments.plan import Condition, Experiment, Numbers, Settings, course, every

ENOUGH = 0.95


def run(condition: Condition, settings: Settings, seed: int) -> Numbers:
    """Train one LSTM, and count the updates until it is right in 95 of 100 sentences."""
    settings = {**settings, **condition}
    done, limits = learned(settings, seed)
    steps = [seen.step for seen in done.evaluations if seen.metrics["accuracy"] >= ENOUGH]
    # Who never got there needs more than there were.
    return {**course(done), "updates_to_95": min(steps, default=settings["steps"]), **limits}


EXPERIMENT = Experiment(
    name="forget_bias",
    conditions=every(longest=(4, 8, 16), forget_bias=(0.0, 1.0)),
    settings={
        **{
            name: value
            for name, value in SETTINGS.items()
            if name not in ("longest", "forget_bias")
        },
        "cell": "lstm",
        "learning_rate": 0.003,
        "steps": 400,
        "evaluate_every": 20,
    },
    run=run,
    columns="forget_bias",
    quick={"train": 40, "test": 20, "steps": 4},
    quick_conditions=every(longest=(3,), forget_bias=(0.0, 1.0)),
)
