"""One module for each library that is measured; all have the same function `build`.

`build(cell, arrays)` returns two callables without arguments, "forward" and "both". Each returns
its results in the order of `protocol.RESULTS`, computed when it returns.
"""
