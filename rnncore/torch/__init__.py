"""The counterpart in PyTorch: the same cells for autograd, and the way between both worlds."""

from rnncore.torch.bridge import from_module as from_module
from rnncore.torch.bridge import load_params as load_params
from rnncore.torch.bridge import to_cell as to_cell
from rnncore.torch.bridge import to_module as to_module
from rnncore.torch.cells import LSTM as LSTM
from rnncore.torch.cells import RNN as RNN
from rnncore.torch.seq2seq import Seq2Seq as Seq2Seq

__all__ = ["LSTM", "RNN", "Seq2Seq", "from_module", "load_params", "to_cell", "to_module"]
