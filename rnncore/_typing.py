"""The types of signatures; axes are batch, seq, input_size, hidden_size, as in torch."""

from typing import Literal, TypeAlias

import numpy as np
from jaxtyping import Bool, Inexact, Integer

__all__ = ["Array", "Bool", "Inexact", "Integer", "Reset"]

# `Inexact[Array, "batch seq"]` admits float and complex: a complex step passes every annotation.
Array: TypeAlias = np.ndarray

# Where the reset gate of a GRU stands: on the product W_hn h + b_hn, or on h before the product.
Reset: TypeAlias = Literal["after", "before"]
