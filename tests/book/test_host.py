"""The host script: outputs of executed notebooks, failures, and the model it provides."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from rnnwidgets import LSTMGates

pytestmark = pytest.mark.browser

STATIC = Path(__file__).parents[2] / "rnnwidgets" / "static"
FRAME = """<!doctype html><html lang="en"><title>host</title><link rel="icon" href="data:,">
<main>{body}</main><script defer src="host.js"></script>"""
WIDGET = """<div class="afm-widget" id="w-x" data-esm="{module}">
<script type="application/json">{model}</script><p>the fallback</p></div>"""
OUTPUT = '<script type="application/vnd.jupyter.widget-{kind}+json">{data}</script>'


@pytest.fixture
def page_with(
    tmp_path: Path, serve: Callable[[Path], str], visit: Callable[..., Any]
) -> Callable[..., Any]:
    """A function that serves a page with this body, the host and some modules."""

    def start(body: str, **modules: str) -> Any:
        shutil.copy(STATIC / "host.js", tmp_path / "host.js")
        for name, text in modules.items():
            (tmp_path / f"{name}.js").write_text(text, encoding="utf-8")
        (tmp_path / "index.html").write_text(FRAME.format(body=body), encoding="utf-8")
        seen = visit()
        seen.page.goto(serve(tmp_path))
        return seen

    return start


def test_output_of_a_notebook_is_alive(page_with: Callable[..., Any]) -> None:
    """The saved state of a notebook widget is enough to run it, without a widget manager."""
    cell = LSTMGates(f=0.25)
    state = {key: value for key, value in cell.get_state().items() if key != "layout"}
    models = {"abc": {"model_module": "anywidget", "model_name": "AnyModel", "state": state}}
    body = OUTPUT.format(kind="state", data=json.dumps({"state": models}).replace("</", "<\\/"))
    body += OUTPUT.format(kind="view", data=json.dumps({"model_id": "abc"}))
    seen = page_with(body)
    seen.page.wait_for_selector(".afm-output[data-afm-state=ready]")
    seen.page.locator('.afm-output input[id$="-f"]').press("ArrowRight")
    seen.page.locator(".rnn-result[data-out=k]").get_by_text("0.26").wait_for()
    seen.check()


def test_other_outputs_say_what_they_need(page_with: Callable[..., Any]) -> None:
    """A widget that cannot run without a kernel is replaced by one sentence."""
    models = {"abc": {"model_module": "@jupyter-widgets/controls", "state": {"value": 1}}}
    body = OUTPUT.format(kind="state", data=json.dumps({"state": models}))
    body += OUTPUT.format(kind="view", data=json.dumps({"model_id": "abc"}))
    seen = page_with(body)
    assert "needs a running notebook" in seen.page.locator(".afm-output").inner_text()
    seen.check()


@pytest.mark.parametrize(
    "module",
    [
        "export default { render() { throw new Error('broken'); } };",
        "export default { initialize() { throw new Error('broken'); } };",
        "throw new Error('broken');",
        "export const other = 1;",
    ],
    ids=["render", "initialize", "module", "no-export"],
)
def test_failure_shows_the_fallback(page_with: Callable[..., Any], module: str) -> None:
    """Whatever fails, the reader sees the fallback and a sentence, and the cause is logged."""
    seen = page_with(WIDGET.format(module="broken.js", model="{}"), broken=module)
    seen.page.wait_for_selector("#w-x[data-afm-state=error]")
    assert seen.page.get_by_text("the fallback").is_visible()
    assert seen.page.get_by_text("could not start").is_visible()
    assert seen.problems


def test_model_keeps_the_contract(page_with: Callable[..., Any]) -> None:
    """Equal values fire nothing, lists of names work, off removes one, some or all listeners."""
    module = """export default () => ({ render({ model, el }) {
      const seen = []; window.seen = seen;
      const first = () => seen.push(`a=${model.get("a")}`), second = () => seen.push("b");
      model.on("change:a change:b", first); model.on("change:b", second);
      model.set("a", 1); model.set("a", 2); model.set("b", 1);
      model.off("change:b", first); model.set("b", 2);
      model.off("change:b"); model.set("b", 3);
      model.off(); model.set("a", 9);
      model.save_changes(); model.send({});
      model.widget_manager.get_model("x").catch(() => seen.push("rejected"));
    } });"""
    seen = page_with(WIDGET.format(module="probe.js", model='{"a": 1, "b": 0}'), probe=module)
    seen.page.wait_for_selector("#w-x[data-afm-state=ready]", state="attached")
    assert seen.page.evaluate("window.seen") == ["a=2", "a=2", "b", "b", "rejected"]
    seen.check()


def test_widgets_far_away_wait(page_with: Callable[..., Any]) -> None:
    """A widget far below the screen is not loaded until the reader comes near."""
    body = '<div style="height: 6000px">long</div>' + WIDGET.format(module="late.js", model="{}")
    seen = page_with(body, late="export default { render({ el }) { el.textContent = 'here'; } };")
    seen.page.wait_for_timeout(300)
    assert seen.page.locator("#w-x").get_attribute("data-afm-state") == "waiting"
    seen.page.locator("#w-x").scroll_into_view_if_needed()
    seen.page.wait_for_selector("#w-x[data-afm-state=ready]")
    seen.check()
