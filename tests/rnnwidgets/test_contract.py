"""The built widget runs under three kinds of hosts, and leaves nothing behind."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.browser

STATIC = Path(__file__).parents[2] / "rnnwidgets" / "static"

#: Notebook front ends: deep equality, comma-free event lists, silent until save_changes.
NOTEBOOK = """(state) => {
  const values = {...state}, events = new EventTarget(), wrapped = new Map();
  const model = {
    saved: 0, listening: 0,
    get: (name) => values[name],
    set(name, value) {
      if (JSON.stringify(values[name]) === JSON.stringify(value)) return;
      values[name] = value;
      events.dispatchEvent(new Event(`change:${name}`));
    },
    on(name, callback) {
      const call = () => callback(model, values[name.slice(7)], {});
      wrapped.set(callback, call); model.listening += 1;
      events.addEventListener(name, call);
    },
    off(name, callback) {
      events.removeEventListener(name, wrapped.get(callback)); model.listening -= 1;
    },
    save_changes() { model.saved += 1; },
    send() {},
  };
  return model;
}"""

#: The static host of the second Jupyter Book: throws, fires for equal values, passes an Event.
THROWING = """(state) => {
  const values = {...state}, events = new EventTarget();
  const absent = (name) => () => { throw new Error(`[anywidget] ${name} not implemented yet.`); };
  return {
    get: (name) => values[name],
    set(name, value) {
      values[name] = value;
      events.dispatchEvent(new CustomEvent(`change:${name}`, {detail: value}));
      events.dispatchEvent(new CustomEvent("change", {detail: value}));
    },
    on: (name, callback) => events.addEventListener(name, callback),
    off: absent("off"), save_changes: absent("save_changes"), send: absent("send"),
    get widget_manager() { throw new Error("not implemented"); },
  };
}"""

OURS = "(state) => window.staticModel(state)"
HOSTS = {"notebook": NOTEBOOK, "throwing": THROWING, "ours": OURS}
START = '{f: 0.9, i: 0.5, g: 0.8, o: 0.7, c_prev: 1, id: "x"}'


@pytest.fixture
def bench(
    tmp_path: Path, serve: Callable[[Path], str], visit: Callable[..., Any]
) -> Callable[[str], Any]:
    """A function that renders the widget under one host on an empty page."""
    shutil.copy(STATIC / "lstm_gates.mjs", tmp_path / "widget.js")
    sources = Path(__file__).parents[2] / "rnnwidgets" / "src"
    shutil.copy(sources / "host" / "model.mjs", tmp_path / "host_model.js")
    page = """<!doctype html><html lang="en"><title>bench</title><link rel="icon" href="data:,">
    <main><p id="before">before</p><div id="place"></div></main>"""
    (tmp_path / "index.html").write_text(page, encoding="utf-8")

    def start(host: str) -> Any:
        seen = visit()
        seen.page.goto(serve(tmp_path))
        seen.page.evaluate(
            f"""async () => {{
              window.staticModel = (await import("./host_model.js")).staticModel;
              window.model = ({HOSTS[host]})({START});
              const widget = (await import("./widget.js")).default;
              window.plain = Object.getPrototypeOf(widget) === Object.prototype;
              window.place = document.getElementById("place");
              window.cleanup = await widget.render({{model: window.model, el: window.place}});
            }}"""
        )
        return seen

    return start


@pytest.mark.parametrize("host", HOSTS)
def test_moves_without_errors_and_writes_results(bench: Callable[[str], Any], host: str) -> None:
    """A slider writes inputs and results to the model; no host makes the handlers fail."""
    seen = bench(host)
    assert seen.page.evaluate("window.plain")
    seen.page.locator('input[id$="-f"]').focus()
    for _ in range(5):
        seen.page.keyboard.press("ArrowLeft")
    seen.page.wait_for_timeout(150)
    got = seen.page.evaluate("['f', 'k', 'j', 'c'].map((name) => window.model.get(name))")
    assert got == pytest.approx([0.85, 0.85, 0.4, 1.25], rel=1e-12)
    seen.check()


@pytest.mark.parametrize("host", HOSTS)
def test_follows_the_model(bench: Callable[[str], Any], host: str) -> None:
    """A change that comes from outside (a kernel, a linked slider) is drawn."""
    seen = bench(host)
    seen.page.evaluate("window.model.set('c_prev', -2)")
    seen.page.wait_for_function(
        "window.place.querySelector('[data-out=k]').textContent === '\N{MINUS SIGN}1.80'"
    )
    seen.check()


@pytest.mark.parametrize("host", HOSTS)
def test_cleanup_leaves_nothing(bench: Callable[[str], Any], host: str) -> None:
    """After cleanup the place is empty and later changes, clicks and addresses do nothing."""
    seen = bench(host)
    seen.page.evaluate("window.cleanup()")
    assert seen.page.evaluate("window.place.childNodes.length") == 0
    assert seen.page.evaluate("window.model.listening ?? 0") == 0
    seen.page.evaluate("window.model.set('f', 0.1); location.hash = '#w-x=f:.5'")
    seen.page.wait_for_timeout(100)
    assert seen.page.evaluate("window.model.get('f')") == 0.1
    seen.check()


def test_saves_are_few_while_dragging(bench: Callable[[str], Any]) -> None:
    """Forty quick moves reach the kernel as a handful of messages, the last value among them."""
    seen = bench("notebook")
    seen.page.evaluate(
        """async () => {
          const input = window.place.querySelector('input[id$="-g"]');
          for (let step = 1; step <= 40; step += 1) {
            input.value = step / 100;
            input.dispatchEvent(new Event("input"));
            await new Promise((done) => setTimeout(done, 5));
          }
          input.dispatchEvent(new Event("change"));
        }"""
    )
    assert 2 <= seen.page.evaluate("window.model.saved") <= 12
    assert seen.page.evaluate("window.model.get('g')") == 0.4


def test_a_real_failure_of_the_kernel_is_not_hidden(bench: Callable[[str], Any]) -> None:
    """Only "not implemented" is tolerated; a lost connection is reported."""
    seen = bench("notebook")
    seen.page.evaluate(
        "() => { window.model.save_changes = () => { throw new Error('connection lost'); }; }"
    )
    seen.page.locator('input[id$="-f"]').focus()
    seen.page.keyboard.press("ArrowLeft")
    seen.page.wait_for_timeout(150)
    assert any("connection lost" in text for text in seen.problems)


def test_two_instances_do_not_share_anything(bench: Callable[[str], Any]) -> None:
    """Two widgets in one document have different ids and move apart."""
    seen = bench("notebook")
    ids = seen.page.evaluate(
        f"""async () => {{
          const other = document.createElement("div");
          document.querySelector("main").append(other);
          const model = ({NOTEBOOK})({START});
          (await import("./widget.js")).default.render({{model, el: other}});
          model.set("f", 0);
          return [...document.querySelectorAll("[id]")].map((node) => node.id);
        }}"""
    )
    assert len(ids) == len(set(ids))
    assert seen.page.evaluate("window.model.get('f')") == 0.9
