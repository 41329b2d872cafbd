"""What the Makefile calls: standard library only, so that it runs before anything is installed."""

import sys

# Read by every Python a machine may have, so this file is written for the oldest of them.
if sys.version_info < (3, 11):  # noqa: UP036
    sys.exit(
        "The course needs Python 3.11 or newer, and this is Python %d.%d. "  # noqa: UP031
        "Install a newer one and name it: make course PYTHON=python3.11" % sys.version_info[:2]
    )
