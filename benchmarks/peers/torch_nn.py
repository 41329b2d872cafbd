"""`torch.nn.RNN`, `GRU` and `LSTM` on the processor."""

from collections.abc import Callable
from typing import Any

import torch

from benchmarks.protocol import Arrays

VERSIONS = ("torch",)


def build(cell: str, arrays: Arrays) -> dict[str, Callable[[], list[Any]]]:
    """Return the two pieces of work; forward alone records nothing for a backward pass."""
    tensors = {name: torch.from_numpy(array) for name, array in arrays.items()}
    net = getattr(torch.nn, cell.upper())(*_sizes(arrays), batch_first=True)
    with torch.no_grad():
        for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh"):
            getattr(net, f"{name}_l0").copy_(tensors[name])
    inputs = [tensors[name].requires_grad_() for name in ("x", "h_0", "c_0") if name in tensors]
    upstream = [tensors[name] for name in ("dh_n", "dc_n") if name in tensors]

    def run() -> list[Any]:
        x, *state = inputs
        first = tuple(part[None] for part in state)
        output, last = net(x, first if cell == "lstm" else first[0])
        return [output, *(last if cell == "lstm" else (last,))]

    def forward() -> list[Any]:
        with torch.no_grad():
            return run()

    def both() -> list[Any]:
        results = run()
        weights = list(net.parameters())
        gradients = torch.autograd.grad(
            results,
            [*inputs, *weights],
            [tensors["doutput"], *(part[None] for part in upstream)],
        )
        # Both biases have gradients too; they come last.
        return [*(part.detach() for part in results), *gradients[:-2]]

    return {"forward": forward, "both": both}


def _sizes(arrays: Arrays) -> tuple[int, int]:
    return arrays["weight_ih"].shape[1], arrays["weight_hh"].shape[1]
