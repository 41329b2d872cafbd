"""Recurrent networks in NumPy: forward and backward written out, proven against torch.

Arrays are batch first. Every forward returns `(*results, cache)`; its backward takes the gradients
by those results in the same order and the cache, and returns gradients by what forward took.
`rnncore.seq2seq` is the encoder-decoder, `rnncore.data` makes tasks to learn, and `rnncore.torch`
is the counterpart in PyTorch; nothing here imports them.
"""

from rnncore.activations import log_softmax as log_softmax
from rnncore.activations import log_softmax_backward as log_softmax_backward
from rnncore.activations import relu as relu
from rnncore.activations import relu_backward as relu_backward
from rnncore.activations import sigmoid as sigmoid
from rnncore.activations import sigmoid_backward as sigmoid_backward
from rnncore.activations import softmax as softmax
from rnncore.activations import softmax_backward as softmax_backward
from rnncore.activations import tanh as tanh
from rnncore.activations import tanh_backward as tanh_backward
from rnncore.attending import AttentionCache as AttentionCache
from rnncore.attending import attention as attention
from rnncore.attending import attention_backward as attention_backward
from rnncore.attending import attention_weights as attention_weights
from rnncore.attending import attention_weights_backward as attention_weights_backward
from rnncore.attending import init_attention as init_attention
from rnncore.cells import cell_backward as cell_backward
from rnncore.cells import cell_forward as cell_forward
from rnncore.dropping import DropoutCache as DropoutCache
from rnncore.dropping import dropout as dropout
from rnncore.dropping import dropout_backward as dropout_backward
from rnncore.embedding import EmbeddingCache as EmbeddingCache
from rnncore.embedding import embed as embed
from rnncore.embedding import embedding_backward as embedding_backward
from rnncore.gradcheck import check_gradients as check_gradients
from rnncore.gradcheck import complex_step_gradient as complex_step_gradient
from rnncore.gru import GRUCache as GRUCache
from rnncore.gru import GRUSequenceCache as GRUSequenceCache
from rnncore.gru import gru_backward as gru_backward
from rnncore.gru import gru_forward as gru_forward
from rnncore.gru import gru_step as gru_step
from rnncore.gru import gru_step_backward as gru_step_backward
from rnncore.keras_weights import from_keras_weights as from_keras_weights
from rnncore.keras_weights import to_keras_weights as to_keras_weights
from rnncore.layers import StackedCache as StackedCache
from rnncore.layers import stacked_backward as stacked_backward
from rnncore.layers import stacked_forward as stacked_forward
from rnncore.losses import CrossEntropyCache as CrossEntropyCache
from rnncore.losses import SquaredErrorCache as SquaredErrorCache
from rnncore.losses import cross_entropy as cross_entropy
from rnncore.losses import cross_entropy_backward as cross_entropy_backward
from rnncore.losses import mean_squared_error as mean_squared_error
from rnncore.losses import mean_squared_error_backward as mean_squared_error_backward
from rnncore.losses import perplexity as perplexity
from rnncore.lstm import LSTMCache as LSTMCache
from rnncore.lstm import LSTMGates as LSTMGates
from rnncore.lstm import LSTMSequenceCache as LSTMSequenceCache
from rnncore.lstm import lstm_backward as lstm_backward
from rnncore.lstm import lstm_forward as lstm_forward
from rnncore.lstm import lstm_gates as lstm_gates
from rnncore.lstm import lstm_step as lstm_step
from rnncore.lstm import lstm_step_backward as lstm_step_backward
from rnncore.optim import AdamState as AdamState
from rnncore.optim import adam_init as adam_init
from rnncore.optim import adam_step as adam_step
from rnncore.optim import clip_by_global_norm as clip_by_global_norm
from rnncore.optim import sgd_step as sgd_step
from rnncore.params import GRUParams as GRUParams
from rnncore.params import LSTMParams as LSTMParams
from rnncore.params import RNNParams as RNNParams
from rnncore.params import flip_update_gate as flip_update_gate
from rnncore.params import from_state_dict as from_state_dict
from rnncore.params import init_gru as init_gru
from rnncore.params import init_lstm as init_lstm
from rnncore.params import init_rnn as init_rnn
from rnncore.params import map_params as map_params
from rnncore.params import named_arrays as named_arrays
from rnncore.params import to_state_dict as to_state_dict
from rnncore.rnn import RNNCache as RNNCache
from rnncore.rnn import RNNSequenceCache as RNNSequenceCache
from rnncore.rnn import rnn_backward as rnn_backward
from rnncore.rnn import rnn_forward as rnn_forward
from rnncore.rnn import rnn_step as rnn_step
from rnncore.rnn import rnn_step_backward as rnn_step_backward
from rnncore.scores import AdditiveCache as AdditiveCache
from rnncore.scores import AdditiveParams as AdditiveParams
from rnncore.scores import BilinearParams as BilinearParams
from rnncore.scores import ScoresCache as ScoresCache
from rnncore.scores import additive_scores as additive_scores
from rnncore.scores import additive_scores_backward as additive_scores_backward
from rnncore.scores import bilinear_scores as bilinear_scores
from rnncore.scores import bilinear_scores_backward as bilinear_scores_backward
from rnncore.scores import dot_scores as dot_scores
from rnncore.scores import dot_scores_backward as dot_scores_backward
from rnncore.scores import scaled_dot_scores as scaled_dot_scores
from rnncore.scores import scaled_dot_scores_backward as scaled_dot_scores_backward
from rnncore.sequence import length_mask as length_mask
from rnncore.tbptt import TBPTTCache as TBPTTCache
from rnncore.tbptt import tbptt_backward as tbptt_backward
from rnncore.tbptt import tbptt_forward as tbptt_forward
from rnncore.tbptt import windows as windows

__all__ = [
    "AdamState",
    "AdditiveCache",
    "AdditiveParams",
    "AttentionCache",
    "BilinearParams",
    "CrossEntropyCache",
    "DropoutCache",
    "EmbeddingCache",
    "GRUCache",
    "GRUParams",
    "GRUSequenceCache",
    "LSTMCache",
    "LSTMGates",
    "LSTMParams",
    "LSTMSequenceCache",
    "RNNCache",
    "RNNParams",
    "RNNSequenceCache",
    "ScoresCache",
    "SquaredErrorCache",
    "StackedCache",
    "TBPTTCache",
    "adam_init",
    "adam_step",
    "additive_scores",
    "additive_scores_backward",
    "attention",
    "attention_backward",
    "attention_weights",
    "attention_weights_backward",
    "bilinear_scores",
    "bilinear_scores_backward",
    "cell_backward",
    "cell_forward",
    "check_gradients",
    "clip_by_global_norm",
    "complex_step_gradient",
    "cross_entropy",
    "cross_entropy_backward",
    "dot_scores",
    "dot_scores_backward",
    "dropout",
    "dropout_backward",
    "embed",
    "embedding_backward",
    "flip_update_gate",
    "from_keras_weights",
    "from_state_dict",
    "gru_backward",
    "gru_forward",
    "gru_step",
    "gru_step_backward",
    "init_attention",
    "init_gru",
    "init_lstm",
    "init_rnn",
    "length_mask",
    "log_softmax",
    "log_softmax_backward",
    "lstm_backward",
    "lstm_forward",
    "lstm_gates",
    "lstm_step",
    "lstm_step_backward",
    "map_params",
    "mean_squared_error",
    "mean_squared_error_backward",
    "named_arrays",
    "perplexity",
    "relu",
    "relu_backward",
    "rnn_backward",
    "rnn_forward",
    "rnn_step",
    "rnn_step_backward",
    "scaled_dot_scores",
    "scaled_dot_scores_backward",
    "sgd_step",
    "sigmoid",
    "sigmoid_backward",
    "softmax",
    "softmax_backward",
    "stacked_backward",
    "stacked_forward",
    "tanh",
    "tanh_backward",
    "tbptt_backward",
    "tbptt_forward",
    "to_keras_weights",
    "to_state_dict",
    "windows",
]
