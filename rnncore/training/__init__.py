"""One training loop for all models: minibatches, clipping, evaluation, checkpoint, early stop."""

from rnncore.training.checkpoint import Evaluation as Evaluation
from rnncore.training.loop import Trained as Trained
from rnncore.training.loop import train as train
from rnncore.training.settings import Settings as Settings

__all__ = ["Evaluation", "Settings", "Trained", "train"]
