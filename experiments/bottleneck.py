"""The bottleneck: reversal again, through states of several sizes."""

from experiments.plan import every
from experiments.reversal import DESIGNS
from experiments.reversal import EXPERIMENT as REVERSAL

EXPERIMENT = REVERSAL._replace(
    name="bottleneck",
    conditions=every(length=(4, 8, 12, 20), hidden_size=(8, 16, 32, 64), design=tuple(DESIGNS)),
)
