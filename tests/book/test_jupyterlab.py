"""In JupyterLab and Notebook the pictures are ipywidgets: traits in Python, links to others."""

import json
import urllib.request
from collections.abc import Callable, Iterator
from typing import Any

import pytest

import rnnwidgets
from tests.jupyter import PATIENCE, TOKEN, serving

pytestmark = [pytest.mark.browser, pytest.mark.slow]

CODE = """
import ipywidgets
from rnnwidgets import LSTMGates
gates = LSTMGates(c_prev=1.0)
other = ipywidgets.FloatSlider(min=0, max=1, step=0.01, value=gates.i, description="linked")
link = ipywidgets.jslink((other, "value"), (gates, "i"))
heard = ipywidgets.Label("nothing yet")
def tell(change):
    heard.value = f"python has f={gates.f:.2f} k={gates.k:.4f} c={gates.c:.4f}"
gates.observe(tell, names="c")
ipywidgets.VBox([other, gates, heard])
"""
EVERY = """
import ipywidgets
import rnnwidgets
classes = [getattr(rnnwidgets, name) for name in rnnwidgets.__all__ if name != "CourseWidget"]
ipywidgets.VBox([widget() for widget in classes])
"""
CLASSES = [name for name in rnnwidgets.__all__ if name != "CourseWidget"]


def _notebook(code: str) -> str:
    cell = {"cell_type": "code", "id": "one", "execution_count": None, "metadata": {}}
    kernel = {"name": "python3", "display_name": "Python 3"}
    whole = {"cells": [cell | {"outputs": [], "source": code.strip()}], "nbformat": 4}
    return json.dumps(whole | {"metadata": {"kernelspec": kernel}, "nbformat_minor": 5})


@pytest.fixture(scope="module")
def jupyter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server that shows two notebooks in JupyterLab and in Notebook."""
    tmp_path = tmp_path_factory.mktemp("jupyter")
    work = tmp_path / "work"
    work.mkdir()
    for name, code in (("gates", CODE), ("every", EVERY)):
        (work / f"{name}.ipynb").write_text(_notebook(code), encoding="utf-8")
    settings = (
        "--LabApp.extension_manager=readonly",
        "--LabApp.news_url=None",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    )
    with serving("jupyterlab", work, tmp_path / "home", *settings) as address:
        yield address


def _wait_for_kernel(server: str, page: Any) -> None:
    for _ in range(PATIENCE * 5):
        with urllib.request.urlopen(f"{server}/api/kernels?token={TOKEN}", timeout=5) as answer:
            kernels = json.load(answer)
        if any(one["execution_state"] == "idle" and one["connections"] for one in kernels):
            return
        # Not time.sleep: the page's requests pass through this process.
        page.wait_for_timeout(200)
    pytest.fail(f"no kernel of an open page became idle: {kernels}")


def _run(visit: Callable[..., Any], server: str, route: str, name: str) -> Any:
    """Open a notebook, wait for its kernel and run its cell; return the page."""
    seen = visit(viewport={"width": 1300, "height": 1500})
    page = seen.page
    page.set_default_timeout(PATIENCE * 1000)
    page.goto(f"{server}/{route}/{name}.ipynb?token={TOKEN}&reset")
    page.locator(".jp-Notebook .jp-CodeCell").first.wait_for()
    # A cell that is run before the kernel answers may stay silent.
    _wait_for_kernel(server, page)
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
    return seen


def test_traits_and_links(jupyter: str, visit: Callable[..., Any]) -> None:
    """Arrow keys on the widget reach Python, and a linked slider moves the widget."""
    seen = _run(visit, jupyter, "lab/tree", "gates")
    page = seen.page
    forget = page.locator('.rnn-w input[id$="-f"]')
    forget.wait_for()
    forget.focus()
    for _ in range(5):
        page.keyboard.press("ArrowLeft")
    page.get_by_text("python has f=0.85 k=0.8500 c=1.2500").wait_for()
    linked = page.locator(".widget-slider .noUi-handle")
    linked.focus()
    for _ in range(10):
        page.keyboard.press("ArrowUp")
    page.get_by_text("python has f=0.85 k=0.8500 c=1.3300").wait_for()
    page.locator(".rnn-w .rnn-result[data-out=c]").get_by_text("1.33", exact=True).wait_for()
    assert page.locator('.rnn-w input[id$="-i"]').input_value() == "0.6"
    assert not seen.foreign


@pytest.mark.parametrize("route", ["lab/tree", "notebooks"])
def test_every_picture_draws(jupyter: str, visit: Callable[..., Any], route: str) -> None:
    """Each class of `rnnwidgets` is drawn below its cell, in JupyterLab and in Notebook 7."""
    seen = _run(visit, jupyter, route, "every")
    page = seen.page
    page.locator(".rnn-w").nth(len(CLASSES) - 1).wait_for(state="attached")
    pictures = page.locator(".rnn-w")
    assert pictures.count() == len(CLASSES)
    for number in range(len(CLASSES)):
        assert pictures.nth(number).bounding_box()["height"] > 200
    assert page.locator(".jp-OutputArea-output [data-mime-type*=stderr]").count() == 0
    assert not seen.foreign
