"""Known mistakes: wrong variants of the reference as code, each with a message for the learner.

The same variants are the mutants that test the checks, and what a failing submission is compared
with. They are written with plain NumPy, near to how a learner would write them.
"""
