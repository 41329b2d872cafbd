"""`python -m experiments`: one thread, so that times mean something and sums have one order."""

import os
import sys

for library in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(library, "1")

# NumPy reads the variables above when it is imported.
from experiments.command import main  # noqa: E402

sys.exit(main())
