"""RNN, GRU and LSTM for autograd: equations, names and shapes of `rnncore`, batch first."""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from rnncore._checks import check_reset
from rnncore._typing import Reset
from rnncore.rnn import Nonlinearity


class _Recurrent(nn.Module):
    """Parameters of one layer: `gates` blocks of `hidden_size` rows."""

    gates: int

    def __init__(self, input_size: int, hidden_size: int, dtype: torch.dtype | None = None) -> None:
        super().__init__()
        self.input_size, self.hidden_size = input_size, hidden_size
        rows = self.gates * hidden_size
        self.weight_ih = nn.Parameter(torch.empty(rows, input_size, dtype=dtype))
        self.weight_hh = nn.Parameter(torch.empty(rows, hidden_size, dtype=dtype))
        self.bias_ih = nn.Parameter(torch.empty(rows, dtype=dtype))
        self.bias_hh = nn.Parameter(torch.empty(rows, dtype=dtype))
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Draw all parameters anew from U(-1/sqrt(hidden_size), 1/sqrt(hidden_size))."""
        bound = self.hidden_size**-0.5
        for parameter in self.parameters():
            nn.init.uniform_(parameter, -bound, bound)

    def affine(self, x: Tensor, h_prev: Tensor) -> Tensor:
        """Return the pre-activation W_ih x + b_ih + W_hh h_prev + b_hh."""
        return x @ self.weight_ih.T + self.bias_ih + h_prev @ self.weight_hh.T + self.bias_hh

    def zero_state(self, x: Tensor) -> Tensor:
        """Return the state (batch, hidden_size) before the first step: zeros."""
        return self.weight_hh.new_zeros(x.shape[0], self.hidden_size)


class _Hidden(_Recurrent):
    """A cell whose state is h alone."""

    def step(self, x: Tensor, h_prev: Tensor) -> Tensor:
        """Advance by one time step, to h."""
        raise NotImplementedError

    def forward(
        self, x: Tensor, h_0: Tensor | None = None, lengths: Tensor | Sequence[int] | None = None
    ) -> tuple[Tensor, Tensor]:
        """Run over a batch of sequences; at padding the state is held and the output is 0.

        Args:
            x: inputs, (batch, seq, input_size).
            h_0: state before the first step, (batch, hidden_size); zeros if None.
            lengths: number of real steps of each sequence; None: all steps are real.

        Returns: `(output, h_n)`, as `rnncore.rnn_forward` and `rnncore.gru_forward`.

        Raises:
            ValueError: if `x` or `lengths` has another shape, or a length lies outside 0..seq.
        """
        real = _real_steps(x, self.input_size, lengths)
        h = self.zero_state(x) if h_0 is None else h_0
        outputs = []
        for t in range(x.shape[1]):
            h = torch.where(real[:, t], self.step(x[:, t], h), h)
            outputs.append(torch.where(real[:, t], h, 0))
        return _stack(outputs, h), h


class RNN(_Hidden):
    """A simple RNN, equal to `nn.RNN(batch_first=True)` of one layer and to `rnn_forward`.

    Args:
        input_size: features per step.
        hidden_size: units.
        nonlinearity: "tanh" or "relu".
        dtype: of the parameters; torch's default if None.

    Raises:
        ValueError: if `nonlinearity` is another word.

    Source: Elman (1990).
    """

    gates = 1

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        nonlinearity: Nonlinearity = "tanh",
        dtype: torch.dtype | None = None,
    ) -> None:
        if nonlinearity not in ("tanh", "relu"):
            raise ValueError(f"expected nonlinearity 'tanh' or 'relu', got {nonlinearity!r}")
        super().__init__(input_size, hidden_size, dtype)
        self.nonlinearity = nonlinearity

    def step(self, x: Tensor, h_prev: Tensor) -> Tensor:
        """Advance by one time step: h = tanh(W_ih x + b_ih + W_hh h_prev + b_hh), or relu."""
        a = self.affine(x, h_prev)
        return torch.tanh(a) if self.nonlinearity == "tanh" else torch.relu(a)


class GRU(_Hidden):
    """A GRU; with the reset gate after the product, equal to `nn.GRU(batch_first=True)`.

    Args:
        input_size: features per step.
        hidden_size: units.
        reset: "after" the product (as in torch) or "before" it.
        dtype: of the parameters; torch's default if None.

    Raises:
        ValueError: if `reset` is another word.

    Source: Cho et al. (2014), reset before; after: torch and cuDNN.
    """

    gates = 3

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        reset: Reset = "after",
        dtype: torch.dtype | None = None,
    ) -> None:
        check_reset(reset)
        super().__init__(input_size, hidden_size, dtype)
        self.reset = reset

    def step(self, x: Tensor, h_prev: Tensor) -> Tensor:
        """Advance by one time step: h = (1 - z) * n + z * h_prev."""
        x_r, x_z, x_n = (x @ self.weight_ih.T + self.bias_ih).chunk(3, dim=-1)
        h_r, h_z, h_n = (h_prev @ self.weight_hh.T + self.bias_hh).chunk(3, dim=-1)
        r, z = torch.sigmoid(x_r + h_r), torch.sigmoid(x_z + h_z)
        if self.reset == "before":
            w_n, b_n = self.weight_hh.chunk(3)[2], self.bias_hh.chunk(3)[2]
            n = torch.tanh(x_n + (r * h_prev) @ w_n.T + b_n)
        else:
            n = torch.tanh(x_n + r * h_n)
        return (1 - z) * n + z * h_prev


class LSTM(_Recurrent):
    """An LSTM, equal to `nn.LSTM(batch_first=True)` of one layer and to `lstm_forward`.

    Args:
        input_size: features per step.
        hidden_size: units.
        dtype: of the parameters; torch's default if None.

    Source: Hochreiter & Schmidhuber (1997), section 4; forget gate: Gers et al. (2000), section 3.
    """

    gates = 4

    def step(self, x: Tensor, h_prev: Tensor, c_prev: Tensor) -> tuple[Tensor, Tensor]:
        """Advance by one time step: c = f * c_prev + i * g; h = o * tanh(c)."""
        a_i, a_f, a_g, a_o = self.affine(x, h_prev).chunk(4, dim=-1)
        i, f, g, o = torch.sigmoid(a_i), torch.sigmoid(a_f), torch.tanh(a_g), torch.sigmoid(a_o)
        c = f * c_prev + i * g
        h = o * torch.tanh(c)
        return h, c

    def forward(
        self,
        x: Tensor,
        state: tuple[Tensor, Tensor] | None = None,
        lengths: Tensor | Sequence[int] | None = None,
    ) -> tuple[Tensor, tuple[Tensor, Tensor]]:
        """Run over a batch of sequences; at padding the state is held and the output is 0.

        Args:
            x: inputs, (batch, seq, input_size).
            state: `(h_0, c_0)` before the first step, (batch, hidden_size) each; zeros if None.
            lengths: number of real steps of each sequence; None: all steps are real.

        Returns: `(output, (h_n, c_n))`, as `rnncore.lstm_forward`.

        Raises:
            ValueError: if `x` or `lengths` has another shape, or a length lies outside 0..seq.
        """
        real = _real_steps(x, self.input_size, lengths)
        h, c = (self.zero_state(x), self.zero_state(x)) if state is None else state
        outputs = []
        for t in range(x.shape[1]):
            h_new, c_new = self.step(x[:, t], h, c)
            h, c = torch.where(real[:, t], h_new, h), torch.where(real[:, t], c_new, c)
            outputs.append(torch.where(real[:, t], h, 0))
        return _stack(outputs, h), (h, c)


def _real_steps(x: Tensor, input_size: int, lengths: Tensor | Sequence[int] | None) -> Tensor:
    if x.ndim != 3 or x.shape[2] != input_size:
        wanted = f"(batch, seq, input_size={input_size})"
        raise ValueError(f"expected x with shape {wanted}, got {tuple(x.shape)}")
    batch, seq, _ = x.shape
    if lengths is None:
        return torch.ones(batch, seq, 1, dtype=torch.bool, device=x.device)
    lengths = torch.as_tensor(lengths, device=x.device)
    if lengths.shape != (batch,):
        raise ValueError(f"expected lengths with shape ({batch},), got {tuple(lengths.shape)}")
    outside = lengths[(lengths < 0) | (lengths > seq)]
    if len(outside):
        raise ValueError(f"expected lengths between 0 and {seq}, got {int(outside[0])}")
    return (torch.arange(seq, device=x.device) < lengths[:, None])[:, :, None]


def _stack(outputs: list[Tensor], h: Tensor) -> Tensor:
    # torch.stack refuses an empty list, which is what a sequence of no steps gives.
    return torch.stack(outputs, dim=1) if outputs else h.new_zeros(h.shape[0], 0, h.shape[1])
