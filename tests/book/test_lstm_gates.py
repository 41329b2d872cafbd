"""The widget lstm-gates on its page: keyboard, mouse, links, speech, print, no JavaScript."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from rnnwidgets import LSTMGates
from rnnwidgets.golden import oracle

pytestmark = pytest.mark.browser

#: Label of each slider, as written in the message catalogue.
SLIDERS = {
    "c_prev": "old memory",
    "f": "forget gate",
    "i": "input gate",
    "g": "candidate",
    "o": "output gate",
}
ID = "lstm-gates"
DEFAULTS = LSTMGates.defaults()
cell_values = oracle("lstm_gates").outputs


@pytest.fixture
def gates(book: str, visit: Callable[..., Any]) -> Callable[..., Any]:
    """A function that opens the page with the widget ready and in view."""

    def start(fragment: str = "", **options: Any) -> Any:
        seen = visit(**options)
        seen.page.goto(f"{book}lstm.html{fragment}")
        seen.page.locator(f"#w-{ID}").scroll_into_view_if_needed()
        seen.page.wait_for_selector(f"#w-{ID}[data-afm-state=ready]")
        return seen

    return start


def slider(page: Any, name: str) -> Any:
    """The range input of a quantity."""
    return page.locator(f'#w-{ID} input[id$="-{name}"]')


def shown(page: Any) -> dict[str, float]:
    """All numbers of the value table, in the order of the page."""
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    texts = page.evaluate(
        f"""[...document.getElementById('w-{ID}').shadowRoot
        .querySelectorAll('tbody td:last-child')].map((cell) => cell.textContent)"""
    )
    names = [*SLIDERS, "k", "j", "c", "tanh_c", "h"]
    numbers = [float(text.replace("\N{MINUS SIGN}", "-")) for text in texts]
    return dict(zip(names, numbers, strict=True))


def expect(page: Any, **changes: float) -> None:
    """Compare the page with rnncore, to the four digits that are printed."""
    inputs = DEFAULTS | changes
    assert shown(page) == pytest.approx(inputs | cell_values(inputs), abs=5.1e-5)


def test_start_equals_rnncore(gates: Callable[..., Any]) -> None:
    """Without touching anything the page shows the numbers of rnncore."""
    seen = gates()
    expect(seen.page)
    seen.check()


@pytest.mark.parametrize("name", SLIDERS)
def test_keyboard(gates: Callable[..., Any], name: str) -> None:
    """Arrow keys move each slider by a hundredth and every result follows."""
    seen = gates()
    slider(seen.page, name).focus()
    for _ in range(7):
        seen.page.keyboard.press("ArrowLeft")
    expect(seen.page, **{name: DEFAULTS[name] - 0.07})
    seen.page.keyboard.press("Home")
    low = float(slider(seen.page, name).get_attribute("min"))
    expect(seen.page, **{name: low})
    seen.check()


def test_tab_order_is_reading_order(gates: Callable[..., Any]) -> None:
    """Tab visits examples, reset, the sliders and the table, and then leaves the widget."""
    seen = gates()
    seen.page.locator(f"#w-{ID}").get_by_role("button").first.focus()
    visited = []
    for _ in range(12):
        visited.append(
            seen.page.evaluate(
                "((e) => e && (e.labels?.[0] ?? e).textContent)"
                f"(document.getElementById('w-{ID}').shadowRoot.activeElement)"
            )
        )
        seen.page.keyboard.press("Tab")
    words = [text.strip() if text else None for text in visited]
    assert words[:5] == ["keep", "overwrite", "count", "hide", "Reset"]
    for name, word in zip(SLIDERS.values(), words[5:10], strict=True):
        assert word is not None
        assert name in word
    assert words[10] == "All values as a table"
    assert words[11] is None


def test_drag(gates: Callable[..., Any]) -> None:
    """Dragging with the mouse changes numbers as it goes, and they are those of rnncore."""
    seen = gates(viewport={"width": 1100, "height": 900})
    box = slider(seen.page, "g").bounding_box()
    middle = box["y"] + box["height"] / 2
    seen.page.mouse.move(box["x"] + 0.9 * box["width"], middle)
    seen.page.mouse.down()
    seen.page.mouse.move(box["x"] + 0.2 * box["width"], middle, steps=12)
    before = shown(seen.page)
    expect(seen.page, g=before["g"])
    assert before["g"] < -0.5
    seen.page.mouse.move(box["x"] + 0.6 * box["width"], middle, steps=6)
    seen.page.mouse.up()
    assert shown(seen.page)["g"] > 0
    seen.check()


def test_examples_and_reset(gates: Callable[..., Any]) -> None:
    """Each example sets what it says; reset goes back to the start."""
    seen = gates()
    widget = seen.page.locator(f"#w-{ID}")
    for name, changes in {
        "keep": {"f": 1.0, "i": 0.0},
        "overwrite": {"f": 0.0, "i": 1.0},
        "count": {"f": 1.0, "i": 1.0},
    }.items():
        widget.get_by_role("button", name=name).click()
        expect(seen.page, **changes)
    widget.get_by_role("button", name="Reset").click()
    expect(seen.page)
    widget.get_by_role("button", name="hide").click()
    expect(seen.page, o=0.0)
    seen.check()


def test_address_holds_what_was_changed(gates: Callable[..., Any]) -> None:
    """The address names changed values only, without new history, and can be opened again."""
    seen = gates()
    history = seen.page.evaluate("history.length")
    slider(seen.page, "f").focus()
    seen.page.keyboard.press("Home")
    assert seen.page.evaluate("location.hash") == f"#w-{ID}=f:0"
    assert seen.page.evaluate("history.length") == history
    again = gates(seen.page.evaluate("location.hash"))
    expect(again.page, f=0.0)
    seen.page.locator(f"#w-{ID}").get_by_role("button", name="Reset").click()
    assert seen.page.evaluate("location.hash") == ""


def test_link_in_the_text_sets_the_widget(book: str, visit: Callable[..., Any]) -> None:
    """A link far from the widget starts it, sets it, scrolls to it and moves the focus."""
    seen = visit(viewport={"width": 1000, "height": 600})
    seen.page.goto(f"{book}lstm.html")
    seen.page.wait_for_load_state("networkidle")
    link = seen.page.locator(f'a[href="#w-{ID}=o:0"]').first
    link.evaluate("(link) => { scrollTo(0, document.body.scrollHeight); link.click(); }")
    seen.page.wait_for_selector(f"#w-{ID}[data-afm-state=ready]")
    expect(seen.page, o=0.0)
    seen.page.wait_for_function(
        f"document.getElementById('w-{ID}').shadowRoot.activeElement?.type === 'range'"
    )
    box = seen.page.evaluate(f"document.getElementById('w-{ID}').getBoundingClientRect().toJSON()")
    assert box["top"] < 600
    assert box["bottom"] > 0
    # Change something, then follow the same link again.
    seen.page.locator(f"#w-{ID}").get_by_role("button", name="keep").click()
    link.evaluate("(link) => link.click()")
    expect(seen.page, o=0.0)
    seen.check()


def test_ordinary_anchors_still_work(gates: Callable[..., Any]) -> None:
    """Going to a section neither changes the widget nor loses the address of the section."""
    seen = gates()
    seen.page.evaluate("location.hash = '#the-equations'")
    seen.page.wait_for_timeout(100)
    expect(seen.page)
    assert seen.page.evaluate("location.hash") == "#the-equations"


def test_wild_addresses_do_no_harm(gates: Callable[..., Any]) -> None:
    """Values out of range are limited; unknown names and broken code are ignored."""
    seen = gates(f"#w-{ID}=f:99,zebra:1,i:x")
    expect(seen.page, f=1.0)
    for broken in ("#%", "#w-=f:1", f"#w-{ID}"):
        seen.page.evaluate("(hash) => { location.hash = hash; }", broken)
    seen.page.wait_for_timeout(100)
    seen.check()


def test_speech_waits_for_a_pause(gates: Callable[..., Any]) -> None:
    """The polite sentence waits for several key presses to end, and says the new numbers."""
    seen = gates()
    live = f"document.getElementById('w-{ID}').shadowRoot.querySelector('.rnn-live')"
    seen.page.wait_for_function(f"{live}.textContent.includes('keeps 0.90')")
    seen.page.evaluate(
        f"""window.spoken = [];
        new MutationObserver(() => window.spoken.push({live}.textContent))
          .observe({live}, {{childList: true, characterData: true, subtree: true}});"""
    )
    slider(seen.page, "f").focus()
    for _ in range(10):
        seen.page.keyboard.press("ArrowLeft")
    seen.page.wait_for_function("window.spoken.some((text) => text.includes('keeps 0.80'))")
    # On a busy machine the keys may come slowly; even then it is not a sentence for each key.
    assert len(seen.page.evaluate("window.spoken")) < 5


def test_task_is_recognised(gates: Callable[..., Any]) -> None:
    """Solving the task changes its line."""
    seen = gates(f"#w-{ID}=g:-1,i:1,f:0,o:.4")
    seen.page.locator(f"#w-{ID}").get_by_text("Done.").wait_for()


def test_without_javascript(book: str, visit: Callable[..., Any]) -> None:
    """Without JavaScript the same numbers stand there as text, table and drawing."""
    seen = visit(java_script_enabled=False)
    seen.page.goto(f"{book}lstm.html")
    place = seen.page.locator(f"#w-{ID}")
    text = place.inner_text()
    assert "the cell holds 1.30 and shows 0.60" in text
    assert "0.6032" in text
    assert place.locator("svg[role=img]").get_attribute("aria-label").startswith("Of the old")


def test_search_index_knows_the_widget(book_html: Any) -> None:
    """Words of the fallback are found by the search of the book."""
    index = (book_html / "searchindex.js").read_text(encoding="utf-8")
    terms = json.loads(index.removeprefix("Search.setIndex(").rstrip(")"))["terms"]
    assert "squash" in terms


def test_print_shows_values_without_controls(gates: Callable[..., Any]) -> None:
    """On paper there are values and the picture, in dark ink, and no sliders or buttons."""
    seen = gates(color_scheme="dark")
    seen.page.emulate_media(media="print")
    assert not slider(seen.page, "f").is_visible()
    widget = seen.page.locator(f"#w-{ID}")
    assert widget.locator("output").first.is_visible()
    assert not widget.locator(".rnn-buttons").is_visible()
    colour = widget.locator(".rnn-w").evaluate("(node) => getComputedStyle(node).color")
    assert colour == "rgb(17, 17, 17)"
    seen.page.pdf()


def test_nothing_moves_when_motion_is_unwelcome(gates: Callable[..., Any]) -> None:
    """With reduced motion an example changes the bars at once."""
    seen = gates(reduced_motion="reduce")
    widget = seen.page.locator(f"#w-{ID}")
    widget.get_by_role("button", name="keep").click()
    running = widget.locator(".rnn-w").evaluate(
        "(node) => node.getAnimations({subtree: true}).length"
    )
    assert running == 0


def test_many_moves_in_one_frame_are_drawn_once(gates: Callable[..., Any]) -> None:
    """However fast a hand moves, the page is laid out once for each frame, not for each event."""
    seen = gates()
    session = seen.page.context.new_cdp_session(seen.page)
    session.send("Performance.enable")

    def layouts() -> int:
        metrics = session.send("Performance.getMetrics")["metrics"]
        return int({m["name"]: m["value"] for m in metrics}["LayoutCount"])

    run = f"""async () => {{
      const input = document.getElementById('w-{ID}').shadowRoot.querySelector('input');
      for (let step = 0; step < 100; step += 1) {{
        input.value = (step % 40) / 20 - 1;
        input.dispatchEvent(new Event('input'));
      }}
      await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    }}"""
    before = layouts()
    seen.page.evaluate(run)
    assert 1 <= layouts() - before <= 5
    expect(seen.page, c_prev=(99 % 40) / 20 - 1)
