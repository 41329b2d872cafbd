"""Four uses of recurrent networks as small models, with hand-written gradients.

Labelling (tagger), classification, the next token (language model) and another sequence
(translator, an encoder-decoder). `Model` is the form in which `rnncore.training` takes them.
"""

from rnncore.models.classification import ClassifierCache as ClassifierCache
from rnncore.models.classification import classifier_backward as classifier_backward
from rnncore.models.classification import classifier_forward as classifier_forward
from rnncore.models.classification import classifier_predict as classifier_predict
from rnncore.models.labelling import TaggerCache as TaggerCache
from rnncore.models.labelling import tagger_backward as tagger_backward
from rnncore.models.labelling import tagger_forward as tagger_forward
from rnncore.models.labelling import tagger_predict as tagger_predict
from rnncore.models.model import Model as Model
from rnncore.models.model import classifier as classifier
from rnncore.models.model import language_model as language_model
from rnncore.models.model import tagger as tagger
from rnncore.models.model import translator as translator
from rnncore.models.next_token import LanguageModelCache as LanguageModelCache
from rnncore.models.next_token import language_model_backward as language_model_backward
from rnncore.models.next_token import language_model_forward as language_model_forward
from rnncore.models.next_token import language_model_predict as language_model_predict
from rnncore.models.next_token import language_model_sample as language_model_sample
from rnncore.models.reader import ReaderCache as ReaderCache
from rnncore.models.reader import ReaderParams as ReaderParams
from rnncore.models.reader import init_reader as init_reader
from rnncore.models.reader import reader_backward as reader_backward
from rnncore.models.reader import reader_forward as reader_forward
from rnncore.models.reader import start_state as start_state
from rnncore.models.translation import TranslatorCache as TranslatorCache
from rnncore.models.translation import translator_backward as translator_backward
from rnncore.models.translation import translator_forward as translator_forward
from rnncore.models.translation import translator_predict as translator_predict

__all__ = [
    "ClassifierCache",
    "LanguageModelCache",
    "Model",
    "ReaderCache",
    "ReaderParams",
    "TaggerCache",
    "TranslatorCache",
    "classifier",
    "classifier_backward",
    "classifier_forward",
    "classifier_predict",
    "init_reader",
    "language_model",
    "language_model_backward",
    "language_model_forward",
    "language_model_predict",
    "language_model_sample",
    "reader_backward",
    "reader_forward",
    "start_state",
    "tagger",
    "tagger_backward",
    "tagger_forward",
    "tagger_predict",
    "translator",
    "translator_backward",
    "translator_forward",
    "translator_predict",
]
