"""Truncated backpropagation: a window shorter than the dependency cannot teach it."""

from experiments.copy_memory import EXPERIMENT as COPY
from experiments.plan import Experiment, every

# From each letter to its repetition there are lag + length + 1 = 25 steps of 29.
CHANGED = {"lag": 20, "batches": 1000}

EXPERIMENT = Experiment(
    name="tbptt_windows",
    conditions=every(window=(10, 20, 29), cell=("gru",)),
    settings={name: value for name, value in COPY.settings.items() if name != "window"} | CHANGED,
    run=COPY.run,
    columns="cell",
    quick=COPY.quick,
    quick_conditions=every(window=(10, 29), cell=("gru",)),
)
