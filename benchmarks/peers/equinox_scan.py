"""JAX: a cell of Equinox inside `jax.lax.scan`, compiled; forward, and forward with `jax.vjp`."""

from collections.abc import Callable
from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp

from benchmarks.protocol import Arrays

VERSIONS = ("jax", "equinox")


class ElmanCell(eqx.Module):  # type: ignore[misc]
    """The simple RNN, which Equinox does not bring."""

    weight_ih: jax.Array
    weight_hh: jax.Array
    bias: jax.Array

    def __call__(self, x: jax.Array, h_prev: jax.Array) -> jax.Array:
        """Advance one sequence by one step."""
        return jnp.tanh(self.weight_ih @ x + self.weight_hh @ h_prev + self.bias)


def make_cell(cell: str, arrays: Arrays) -> Any:
    """Return an Equinox cell with the given weights; its one bias is the sum of our two."""
    weights = {name: jnp.asarray(arrays[name]) for name in ("weight_ih", "weight_hh")}
    bias_ih, bias_hh = jnp.asarray(arrays["bias_ih"]), jnp.asarray(arrays["bias_hh"])
    if cell == "rnn":
        return ElmanCell(**weights, bias=bias_ih + bias_hh)
    hidden_size = weights["weight_hh"].shape[1]
    kind = {"gru": eqx.nn.GRUCell, "lstm": eqx.nn.LSTMCell}[cell]
    made = kind(weights["weight_ih"].shape[1], hidden_size, key=jax.random.key(0))
    new = {**weights, "bias": bias_ih + bias_hh}
    if cell == "gru":
        # Inside the product with the reset gate the hidden bias stands alone.
        gates = bias_hh.at[2 * hidden_size :].set(0)
        new |= {"bias": bias_ih + gates, "bias_n": bias_hh[2 * hidden_size :]}
    return eqx.tree_at(
        lambda module: [getattr(module, name) for name in new], made, list(new.values())
    )


def build(cell: str, arrays: Arrays) -> dict[str, Callable[[], list[Any]]]:
    """Return the two pieces of work; each waits until its results are there."""
    module = make_cell(cell, arrays)
    inputs = {name: jnp.asarray(array) for name, array in arrays.items()}
    state = tuple(inputs[name] for name in ("h_0", "c_0") if name in inputs)
    upstream = tuple(inputs[name] for name in ("doutput", "dh_n", "dc_n") if name in inputs)

    def run(x: jax.Array, state: tuple[jax.Array, ...], module: Any) -> tuple[jax.Array, ...]:
        def step(state: tuple[jax.Array, ...], x_t: jax.Array) -> Any:
            packed = state if cell == "lstm" else state[0]
            new = jax.vmap(module)(x_t, packed)
            new = new if cell == "lstm" else (new,)
            return new, new[0]

        last, output = jax.lax.scan(step, state, x.swapaxes(0, 1))
        return output.swapaxes(0, 1), *last

    def pull(x: jax.Array, state: tuple[jax.Array, ...], module: Any, upstream: Any) -> Any:
        results, back = jax.vjp(run, x, state, module)
        return results, back(upstream)

    # Compiled here, so that neither time nor memory of compiling counts.
    compiled = jax.jit(run).lower(inputs["x"], state, module).compile()
    pulled = jax.jit(pull).lower(inputs["x"], state, module, upstream).compile()

    def forward() -> list[Any]:
        return list(jax.block_until_ready(compiled(inputs["x"], state, module)))

    def both() -> list[Any]:
        results, gradients = jax.block_until_ready(pulled(inputs["x"], state, module, upstream))
        dx, dstate, dmodule = gradients
        return [*results, dx, *dstate, dmodule.weight_ih, dmodule.weight_hh]

    return {"forward": forward, "both": both}
