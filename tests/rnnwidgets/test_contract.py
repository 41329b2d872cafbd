"""Every built widget runs under three kinds of hosts, and leaves nothing behind."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from rnnwidgets.golden import golden_path

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
) -> Callable[..., Any]:
    """A function that renders a widget under one host on an empty page."""
    sources = Path(__file__).parents[2] / "rnnwidgets" / "src"
    shutil.copy(sources / "host" / "model.mjs", tmp_path / "host_model.js")
    page = """<!doctype html><html lang="en"><title>bench</title><link rel="icon" href="data:,">
    <main><p id="before">before</p><div id="place"></div></main>"""
    (tmp_path / "index.html").write_text(page, encoding="utf-8")

    def start(host: str, module: str = "lstm_gates", state: str = START) -> Any:
        shutil.copy(STATIC / f"{module}.mjs", tmp_path / "widget.js")
        seen = visit()
        seen.page.goto(serve(tmp_path))
        seen.page.evaluate(
            f"""async () => {{
              window.staticModel = (await import("./host_model.js")).staticModel;
              window.model = ({HOSTS[host]})({state});
              const widget = (await import("./widget.js")).default;
              window.plain = Object.getPrototypeOf(widget) === Object.prototype;
              window.place = document.getElementById("place");
              window.cleanup = await widget.render({{model: window.model, el: window.place}});
            }}"""
        )
        return seen

    return start


@pytest.mark.parametrize("host", HOSTS)
def test_lives_and_leaves(bench: Callable[..., Any], host: str, module: str) -> None:
    """Under every host: a plain object; examples write results to the model; no error; no trace."""
    golden = json.loads(golden_path(module).read_text(encoding="utf-8"))
    start = golden["cases"][0]
    seen = bench(host, module, json.dumps(start["inputs"] | {"id": "x"}))
    assert seen.page.evaluate("window.plain")
    names = list(start["outputs"])
    read = f"{json.dumps(names)}.map((name) => window.model.get(name) ?? null)"
    for at, case in enumerate(golden["cases"][1:3]):
        seen.page.locator(".rnn-reset").click()
        seen.page.locator(".rnn-preset").nth(at).click()
        seen.page.wait_for_timeout(80)
        for name, got in zip(names, seen.page.evaluate(read), strict=True):
            assert got == approximately(case["outputs"][name]), (case["name"], name)
    seen.page.evaluate("window.cleanup()")
    assert seen.page.evaluate("window.place.childNodes.length") == 0
    assert seen.page.evaluate("window.model.listening ?? 0") == 0
    key = next(iter(start["inputs"]))
    low = json.dumps(golden["cases"][-1]["inputs"][key])
    seen.page.evaluate(f"window.model.set('{key}', {low}); location.hash = '#w-x={key}:0'")
    seen.page.wait_for_timeout(50)
    assert json.dumps(seen.page.evaluate(f"window.model.get('{key}')")) == low
    seen.check()


def approximately(value: Any) -> Any:
    """Equal up to the last bits, in lists of lists too."""
    if isinstance(value, list):
        return [approximately(one) for one in value]
    return pytest.approx(value, rel=1e-10, abs=1e-12) if isinstance(value, float) else value


@pytest.mark.parametrize("host", HOSTS)
def test_follows_the_model(bench: Callable[..., Any], host: str) -> None:
    """A change that comes from outside (a kernel, a linked slider) is drawn."""
    seen = bench(host)
    seen.page.evaluate("window.model.set('c_prev', -2)")
    seen.page.wait_for_function(
        "window.place.querySelector('.rnn-result[data-out=k]').textContent === '\N{MINUS SIGN}1.80'"
    )
    seen.check()


def test_saves_are_few_while_dragging(bench: Callable[..., Any]) -> None:
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


def test_a_real_failure_of_the_kernel_is_not_hidden(bench: Callable[..., Any]) -> None:
    """Only "not implemented" is tolerated; a lost connection is reported."""
    seen = bench("notebook")
    seen.page.evaluate(
        "() => { window.model.save_changes = () => { throw new Error('connection lost'); }; }"
    )
    seen.page.locator('input[id$="-f"]').focus()
    seen.page.keyboard.press("ArrowLeft")
    seen.page.wait_for_timeout(150)
    assert any("connection lost" in text for text in seen.problems)


def test_two_instances_do_not_share_anything(bench: Callable[..., Any]) -> None:
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
