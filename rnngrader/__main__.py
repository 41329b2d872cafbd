"""`python -m rnngrader`."""

import sys

from rnngrader.cli import main

if __name__ == "__main__":
    sys.exit(main())
