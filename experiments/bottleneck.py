"""The bottleneck: reversal again, through smaller states; those of 64 are in `reversal`."""

from experiments.plan import every
from experiments.reversal import DESIGNS
from experiments.reversal import EXPERIMENT as REVERSAL

EXPERIMENT = REVERSAL._replace(
    name="bottleneck",
    conditions=every(length=(4, 8, 12, 20), hidden_size=(8, 16, 32), design=tuple(DESIGNS)),
)
