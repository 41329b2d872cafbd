"""Tasks for sequence models: made by rules from a seed, split without overlap, each with an oracle.

Every generator takes `(rng, train, test, ...)` and returns a `Task`. Inputs become one class
(agreement, sentiment), one label per step (tagging, text, copy_memory) or another sequence
(reversal, number_words, dates).
"""

from rnncore.data.agreement import agreement_task as agreement_task
from rnncore.data.copy_memory import copy_memory_task as copy_memory_task
from rnncore.data.dates import date_task as date_task
from rnncore.data.number_words import number_words_task as number_words_task
from rnncore.data.reversal import reversal_task as reversal_task
from rnncore.data.sentiment import sentiment_task as sentiment_task
from rnncore.data.tagging import tagging_task as tagging_task
from rnncore.data.task import Examples as Examples
from rnncore.data.task import Task as Task
from rnncore.data.task import decoded as decoded
from rnncore.data.task import majority_accuracy as majority_accuracy
from rnncore.data.task import oracle_accuracy as oracle_accuracy
from rnncore.data.task import pad as pad
from rnncore.data.text import text_task as text_task
from rnncore.data.vocabulary import BOS as BOS
from rnncore.data.vocabulary import EOS as EOS
from rnncore.data.vocabulary import PAD as PAD
from rnncore.data.vocabulary import Vocabulary as Vocabulary
from rnncore.data.vocabulary import label_vocabulary as label_vocabulary
from rnncore.data.vocabulary import token_vocabulary as token_vocabulary

__all__ = [
    "BOS",
    "EOS",
    "PAD",
    "Examples",
    "Task",
    "Vocabulary",
    "agreement_task",
    "copy_memory_task",
    "date_task",
    "decoded",
    "label_vocabulary",
    "majority_accuracy",
    "number_words_task",
    "oracle_accuracy",
    "pad",
    "reversal_task",
    "sentiment_task",
    "tagging_task",
    "text_task",
    "token_vocabulary",
]
