"""The counterpart in PyTorch: the same cells for autograd, and the way between both worlds."""

from rnncore.torch.bridge import from_module as from_module
from rnncore.torch.bridge import load_params as load_params
from rnncore.torch.bridge import to_cell as to_cell
from rnncore.torch.bridge import to_module as to_module
from rnncore.torch.cells import GRU as GRU
from rnncore.torch.cells import LSTM as LSTM
from rnncore.torch.cells import RNN as RNN
from rnncore.torch.seq2seq import Seq2Seq as Seq2Seq
from rnncore.torch.stacks import stack_from_module as stack_from_module
from rnncore.torch.stacks import stack_to_module as stack_to_module

__all__ = [
    "GRU",
    "LSTM",
    "RNN",
    "Seq2Seq",
    "from_module",
    "load_params",
    "stack_from_module",
    "stack_to_module",
    "to_cell",
    "to_module",
]
