"""Read pages again when the code they run or quote has changed.

Pages import ``rnncore``. Sphinx does not see that, and would keep yesterday's numbers.
"""

from __future__ import annotations

import hashlib
import importlib.util
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

PACKAGES = ("rnncore", "rnnwidgets")


def code_digest() -> str:
    """Return one digest of every Python file of the packages that pages import."""
    digest = hashlib.sha256()
    for package in PACKAGES:
        spec = importlib.util.find_spec(package)
        for folder in (spec.submodule_search_locations or []) if spec else []:
            for path in sorted(Path(folder).rglob("*.py")):
                digest.update(path.read_bytes())
    return digest.hexdigest()


def _outdated(
    _app: Sphinx, env: BuildEnvironment, _added: set[str], _changed: set[str], _removed: set[str]
) -> list[str]:
    before = getattr(env, "rnnbook_code", None)
    now = code_digest()
    vars(env)["rnnbook_code"] = now
    return [] if before in {None, now} else sorted(env.found_docs)


def register(app: Sphinx) -> None:
    """Connect the check."""
    app.connect("env-get-outdated", _outdated)
