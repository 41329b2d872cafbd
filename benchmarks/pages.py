"""How heavy the pages are, and how soon a widget is alive: `python -m benchmarks.pages`.

The same first page is opened in two forms, in turns and each time with an empty cache: with our
host, and with the usual route of notebooks on static pages (RequireJS, html-manager, anywidget).
Needs a built book (`make book`), Chromium, and npm for the packages of the other route.
"""

from __future__ import annotations

import functools
import gzip
import html
import http.server
import json
import os
import platform
import re
import shutil
import statistics
import subprocess
import tempfile
import threading
from pathlib import Path
from typing import Any, Final

from ipywidgets.embed import embed_data
from playwright.sync_api import Browser, sync_playwright

from rnnwidgets import LSTMGates

ROOT: Final = Path(__file__).parents[1]
BOOK: Final = ROOT / "build" / "book" / "_build" / "html"
PEERS: Final = ROOT / "build" / "peer-pages"
PACKAGES: Final = (
    "@jupyter-widgets/html-manager@1.0.15",
    "requirejs@2.3.7",
    "anywidget@0.11.0",
)
RESULT: Final = Path(__file__).parent / "results" / "pages.json"
ROUNDS: Final = 7
HOST: Final = re.compile(r'<script[^>]*src="_static/afm/host-[^>]*></script>')
OTHER: Final = """<script src="peer/requirejs/require.js"></script>
<script>require.config({{paths: {{anywidget: "peer/anywidget/dist/index"}}}});</script>
<script src="peer/@jupyter-widgets/html-manager/dist/embed-amd.js"></script>
<script type="application/vnd.jupyter.widget-state+json">{state}</script>
<div class="other"><script type="application/vnd.jupyter.widget-view+json">{view}</script></div>"""
#: Ready means: a slider of the widget is in the document. Runs before any script of the page.
WATCH: Final = """() => {
  const there = () => document.querySelector(".afm-widget")?.shadowRoot?.querySelector("input")
    ?? document.querySelector(".other input[type=range]");
  const look = () => {
    if (there()) window.widgetReady = performance.now(); else requestAnimationFrame(look);
  };
  look();
}"""


class _Quiet(http.server.SimpleHTTPRequestHandler):
    extensions_map = http.server.SimpleHTTPRequestHandler.extensions_map | {
        ".js": "text/javascript"
    }

    def log_message(self, *_message: object) -> None:
        """Write nothing."""


def weight(path: Path) -> int:
    """Return the size of a file after gzip, in bytes."""
    return len(gzip.compress(path.read_bytes(), 9))


def install_peers() -> None:
    """Fetch the packages of the other route, in exact versions, unless they are there."""
    if (PEERS / "node_modules" / "anywidget").is_dir():
        return
    PEERS.mkdir(parents=True, exist_ok=True)
    command = ["npm", "install", "--prefix", str(PEERS), "--no-save", "--ignore-scripts"]
    subprocess.run([*command, *PACKAGES], check=True)


def prepare(site: Path) -> None:
    """Write both forms of the first page into a folder."""
    (site / "searchindex.js").symlink_to(BOOK / "searchindex.js")
    (site / "_static").symlink_to(BOOK / "_static")
    (site / "peer").symlink_to(PEERS / "node_modules")
    page = (BOOK / "index.html").read_text(encoding="utf-8")
    (site / "ours.html").write_text(page, encoding="utf-8")
    if not HOST.search(page) or 'class="afm-widget' not in page:
        raise ValueError("expected the first page to hold a widget and its host, got neither")
    data = embed_data(views=[LSTMGates()], drop_defaults=False)
    other = OTHER.format(
        state=json.dumps(data["manager_state"]).replace("</", "<\\/"),
        view=json.dumps(data["view_specs"][0]),
    )
    # The place of our widget is renamed, so that our host finds nothing, and theirs comes before.
    page = HOST.sub("", page).replace('<div class="afm-widget', f'{other}<div class="off', 1)
    (site / "theirs.html").write_text(page, encoding="utf-8")


def visit(browser: Browser, address: str) -> tuple[float, set[str]]:
    """Open a page with an empty cache; return when its widget was ready, and what it asked for."""
    context = browser.new_context(viewport={"width": 1200, "height": 800})
    page = context.new_page()
    asked: set[str] = set()
    page.on("request", lambda request: asked.add(request.url.split("?")[0].split("#")[0]))
    page.add_init_script(f"({WATCH})()")
    page.goto(address)
    page.wait_for_function("window.widgetReady", timeout=60_000)
    ready = float(page.evaluate("window.widgetReady"))
    context.close()
    return ready, asked


def compare(browser: Browser, base: str, site: Path) -> dict[str, Any]:
    """Open both forms in turns."""
    times: dict[str, list[float]] = {"ours": [], "theirs": []}
    sizes: dict[str, int] = {}
    for _ in range(ROUNDS):
        for form, ready_ms in times.items():
            ready, asked = visit(browser, f"{base}{form}.html")
            ready_ms.append(round(ready, 1))
            files = {address.removeprefix(base) for address in asked if address.startswith(base)}
            sizes[form] = sum(weight(site / name) for name in files if (site / name).is_file())
    return {
        form: {
            "ready_ms": {"min": min(values), "median": statistics.median(values), "all": values},
            "page_gz": sizes[form],
        }
        for form, values in times.items()
    }


def page_weights(browser: Browser, base: str, path: Path) -> dict[str, int]:
    """Return the weight of a page with all it asks for, and of the widget code in it."""
    page = browser.new_page()
    asked: set[str] = set()
    page.on("request", lambda request: asked.add(request.url.split("?")[0]))
    page.goto(base + path.name)
    for place in page.query_selector_all(".afm-widget"):
        place.scroll_into_view_if_needed()
    page.wait_for_load_state("networkidle")
    names = {html.unescape(address.removeprefix(base)) for address in asked}
    page.close()
    sizes = {name: weight(BOOK / name) for name in names if (BOOK / name).is_file()}
    code = sum(size for name, size in sizes.items() if name.startswith("_static/afm/"))
    return {"page_gz": sum(sizes.values()), "widget_code_gz": code}


def serve(folder: Path) -> tuple[http.server.ThreadingHTTPServer, str]:
    """Serve a folder on a free port."""
    handler = functools.partial(_Quiet, directory=str(folder))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server, f"http://127.0.0.1:{server.server_port}/"


def main() -> int:
    """Measure, print and write the result."""
    install_peers()
    program = shutil.which("chromium") or shutil.which("google-chrome")
    switches = ["--disable-gpu", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        site = Path(folder)
        prepare(site)
        browser = playwright.chromium.launch(executable_path=program, args=switches)
        (one, base), (two, book) = serve(site), serve(BOOK)
        result = {
            "command": "python -m benchmarks.pages",
            "machine": {"system": platform.platform(), "cores": os.cpu_count()},
            "chromium": browser.version,
            "peer": list(PACKAGES),
            "load": os.getloadavg()[0],
            "first_page": compare(browser, base, site),
            "pages": {
                path.name: page_weights(browser, book, path) for path in sorted(BOOK.glob("*.html"))
            },
        }
        browser.close()
        one.shutdown()
        two.shutdown()
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(result, indent=1))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
