"""Rules of the repository that a program can check. Each takes a tree and returns what it found.

Every guard is proven able to fail: tests/repo plants one violation for each.
"""

from tools.guards import (
    assertions,
    bookpages,
    budgets,
    commands,
    copies,
    notebooks,
    packages,
    pins,
    texts,
)
from tools.guards.tree import Finding, Guard

GUARDS: dict[str, Guard] = {
    "budgets": budgets.find,
    "banned names": packages.find_banned_names,
    "commands in the documents": commands.find_unknown,
    "commands in CONTRIBUTING": commands.find_undocumented,
    "conflict markers": texts.find_conflicts,
    "copies of the reference": copies.find,
    "discarded comparisons": assertions.find_discarded,
    "equation labels": bookpages.find_unknown_labels,
    "gates that cannot fail": commands.find_softeners,
    "included code": bookpages.find_bad_includes,
    "large files": budgets.find_large,
    "notebook outputs": notebooks.find_outputs,
    "outside hosts": texts.find_hosts,
    "paths of one machine": texts.find_machine_paths,
    "pinned versions": pins.find,
    "placed packages": packages.find_unplaced,
    "skipped tests": assertions.find_skips,
    "tests without a claim": assertions.find_unexplained,
}

__all__ = ["GUARDS", "Finding"]
