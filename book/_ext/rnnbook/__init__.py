"""Sphinx extension of the book: widgets without a kernel, figures, and no foreign hosts."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import rnnwidgets
from rnnbook import (
    accessible,
    assets,
    claims,
    figures,
    fonts,
    formulas,
    hash_links,
    measured,
    metadata,
    not_found,
    outdated,
    questions,
    reference,
    search,
    typography,
    widgets,
)

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata


def _share_packages() -> None:
    """Let the cells of a page import the same packages as this build."""
    root = str(Path(rnnwidgets.__file__).parents[1])
    known = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    if root not in known:
        os.environ["PYTHONPATH"] = os.pathsep.join([root, *filter(None, known)])


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the parts of the extension."""
    _share_packages()
    for part in (
        widgets,
        claims,
        figures,
        formulas,
        hash_links,
        measured,
        metadata,
        not_found,
        search,
        questions,
        reference,
        typography,
        assets,
        accessible,
        outdated,
        fonts,
    ):
        part.register(app)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
