"""Where learner code runs: a bubblewrap sandbox, and the judge's end of the connection to it.

`runner.py`, `seccomp.py` and `stub/` (with `wire.py`) are mounted into the sandbox and import
nothing of this package; `container.py` builds the sandbox and `session.py` talks to it.
"""
