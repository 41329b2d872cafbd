"""The array type of every signature; axes are batch, seq, input_size, hidden_size, as in torch."""

from typing import TypeAlias

import numpy as np
from jaxtyping import Bool, Inexact, Integer

__all__ = ["Array", "Bool", "Inexact", "Integer"]

# `Inexact[Array, "batch seq"]` admits float and complex: a complex step passes every annotation.
Array: TypeAlias = np.ndarray
