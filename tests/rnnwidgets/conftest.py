"""What the widget tests share: Node, and pages with one widget each that need no book."""

import json
import math
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from rnnwidgets._widget import CourseWidget, widget_class

ROOT = Path(__file__).parents[2]
STATIC = ROOT / "rnnwidgets" / "static"
MODULES = sorted(path.stem for path in STATIC.glob("*.mjs"))
PAGE = """<!doctype html><html lang="en"><title>{module}</title>
<link rel="icon" href="data:,"><meta name="viewport" content="width=device-width">
<style>
  :root {{ color-scheme: light dark; --pst-color-text-base: light-dark(#222832, #ced6dd);
    --pst-color-background: light-dark(#fff, #14181e); }}
  body {{ margin: 0 auto; max-width: 800px; padding: 8px; background: var(--pst-color-background);
    color: var(--pst-color-text-base); font-family: sans-serif; }}
</style>
<main><h1>{module}</h1><p><a href="#section">a section</a></p>
<div class="afm-widget" id="w-{id}" data-esm="{module}.js">
<script type="application/json">{model}</script><p>the fallback</p></div>
<p id="section" style="margin-top: 900px">The end.</p></main>
<script defer src="host.js"></script>"""
SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
PRINTED = re.compile(r"([+-]?\d+(?:\.(\d+))?)(?: × 10(-?\d+))?")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that asks for ``module`` over every widget that is built."""
    marks = metafunc.definition.iter_markers("parametrize")
    if "module" in metafunc.fixturenames and not any(mark.args[0] == "module" for mark in marks):
        metafunc.parametrize("module", MODULES)


@pytest.fixture(scope="session")
def node() -> str:
    """The Node program, with the packages of package-lock.json installed."""
    program = shutil.which("node")
    if program is None:
        pytest.fail("expected the program node; install Node 20 or newer")
    if not (ROOT / "node_modules" / "esbuild").is_dir():
        pytest.fail("expected node_modules; run: npm ci")
    return program


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory, serve: Callable[[Path], str]) -> str:
    """The address of a folder with the page script, and one page for each widget."""
    folder = tmp_path_factory.mktemp("widgets")
    shutil.copy(STATIC / "host.js", folder)
    for module in MODULES:
        shutil.copy(STATIC / f"{module}.mjs", folder / f"{module}.js")
        name = module.replace("_", "-")
        page = PAGE.format(module=module, id=name, model=json.dumps({"id": name}))
        (folder / f"{module}.html").write_text(page, encoding="utf-8")
    return serve(folder)


def resolution(text: str) -> tuple[float | None, float]:
    """Return the number that a text prints, and half a unit of its last digit.

    "∞" stands for None, a result that does not exist.
    """
    if text == "∞":
        return None, 0.0
    plain = text.strip("()").replace("\N{MINUS SIGN}", "-").translate(SUPERSCRIPTS)
    match = PRINTED.match(plain)
    assert match, f"expected a number, got {text!r}"
    digits, decimals, exponent = match.groups()
    size = 10.0 ** int(exponent or 0)
    return float(digits) * size, 0.5 * 10.0 ** -len(decimals or "") * size


def leaf(outputs: dict[str, Any], path: str) -> Any:
    """Return the result named "weights.1.2"."""
    value: Any = outputs
    for part in path.split("."):
        value = value[int(part)] if isinstance(value, list) else value[part]
    return value


@dataclass
class OnPage:
    """One widget on an open page."""

    seen: Any
    module: str

    @property
    def name(self) -> str:
        """The id of the widget."""
        return self.module.replace("_", "-")

    @property
    def kind(self) -> type[CourseWidget]:
        """The class of the widget."""
        return widget_class(self.module)

    @property
    def place(self) -> Any:
        """The place of the widget; locators reach into its shadow root."""
        return self.seen.page.locator(f"#w-{self.name}")

    def run(self, body: str) -> Any:
        """Run JavaScript with ``root``, the shadow root of the widget."""
        script = f"const root = document.getElementById('w-{self.name}').shadowRoot; {body}"
        return self.seen.page.evaluate(f"async () => {{ {script} }}")

    def settle(self) -> None:
        """Wait until the next drawing is on the screen."""
        self.run("await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));")

    def inputs(self) -> dict[str, Any]:
        """The inputs, as the address of the page says them."""
        values = self.kind.defaults()
        fragment = unquote(self.seen.page.evaluate("location.hash"))
        match = re.search(rf"w-{self.name}=([^&]*)", fragment)
        for pair in match.group(1).split(",") if match else []:
            name, _, text = pair.partition(":")
            trait = self.kind.inputs()[name]
            values[name] = trait.checked(name, trait.read(name, text))
        return values

    def printed(self) -> list[tuple[str, str]]:
        """Every printed result: its name and its text."""
        self.settle()
        found: list[list[str]] = self.run(
            "return [...root.querySelectorAll('[data-out]')]"
            ".map((node) => [node.dataset.out, node.textContent]);"
        )
        return [(name, text) for name, text in found if name in self._names(name)]

    def _names(self, name: str) -> list[str]:
        return [name] if name.split(".", maxsplit=1)[0] in self.kind.outputs() else []

    def expect(self, inputs: dict[str, Any]) -> None:
        """Compare every printed result with the arithmetic for these inputs."""
        outputs = self.kind.compute(**inputs)
        printed = self.printed()
        assert printed, "expected results with data-out, got none"
        wrong = []
        for name, text in printed:
            expected = leaf(outputs, name)
            if isinstance(expected, str | bool):
                continue
            value, half = resolution(text)
            if (value is None) != (expected is None) or (
                value is not None and abs(value - expected) > 1.02 * half + math.ulp(abs(expected))
            ):
                wrong.append((name, text, expected))
        assert not wrong, (inputs, wrong)


@pytest.fixture
def open_widget(site: str, visit: Callable[..., Any]) -> Callable[..., OnPage]:
    """A function that opens the page of a widget and waits until it is ready."""

    def start(module: str, fragment: str = "", **options: Any) -> OnPage:
        seen = visit(**options)
        seen.page.goto(f"{site}{module}.html{fragment}")
        shown = OnPage(seen, module)
        seen.page.wait_for_selector(f"#w-{shown.name}[data-afm-state=ready]")
        return shown

    return start
