"""What every widget owes its reader, tried on each one in a real browser, without the book."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from rnnwidgets._inputs import Choice, Number, Toggle
from rnnwidgets.golden import golden_path

pytestmark = pytest.mark.browser

WIDE = {"width": 1200, "height": 900}
NARROW = {"width": 320, "height": 640}


@pytest.mark.parametrize(
    ("width", "scheme"), [(WIDE, "light"), (NARROW, "dark")], ids=["wide-light", "narrow-dark"]
)
def test_accessible_and_inside_the_screen(
    open_widget: Callable[..., Any], axe: str, module: str, width: Any, scheme: str
) -> None:
    """axe-core finds nothing, nothing sticks out sideways, targets are 24 pixels, no errors."""
    shown = open_widget(module, viewport=width, color_scheme=scheme)
    shown.run("for (const box of root.querySelectorAll('details')) box.open = true;")
    shown.settle()
    assert shown.seen.page.evaluate("document.documentElement.scrollWidth") <= width["width"]
    small = shown.run(
        """return [...root.querySelectorAll('button, input, select, summary')]
          .map((part) => [part.outerHTML.slice(0, 80), part.getBoundingClientRect()])
          .filter(([, box]) => box.width && (box.height < 23.9 || box.width < 23.9))
          .map(([text]) => text);"""
    )
    assert not small
    shown.seen.page.evaluate(axe)
    answer = shown.seen.page.evaluate(
        "axe.run(document.querySelector('main'), {resultTypes: ['violations']})"
    )
    found = [
        (rule["id"], node["target"], node["failureSummary"])
        for rule in answer["violations"]
        for node in rule["nodes"]
    ]
    assert not found
    shown.seen.check()


def test_prints_what_rnncore_computed(open_widget: Callable[..., Any], module: str) -> None:
    """Golden inputs, given by the address, make the page print golden results."""
    shown = open_widget(module, viewport=WIDE)
    cases = json.loads(golden_path(module).read_text(encoding="utf-8"))["cases"]
    for case in [*cases[:7], *cases[-2:]]:
        fragment = shown.run(
            f"""const {{ INPUTS }} = {{ INPUTS: {json.dumps(described(shown))} }};
            const inputs = {json.dumps(case["inputs"])};
            const text = (value) => Array.isArray(value) ? value.join(";")
              : typeof value === "boolean" ? Number(value) : encodeURIComponent(value);
            return Object.keys(INPUTS).map((name) => `${{name}}:${{text(inputs[name])}}`).join();"""
        )
        shown.seen.page.evaluate("(to) => { location.hash = to; }", f"#w-{shown.name}={fragment}")
        shown.settle()
        shown.expect(case["inputs"])
    names = {name.split(".")[0] for name, _ in shown.printed()}
    numeric = {name for name, value in cases[0]["outputs"].items() if not isinstance(value, str)}
    assert numeric <= names, f"expected every result printed, got none of {numeric - names}"
    shown.seen.check()


def described(shown: Any) -> dict[str, Any]:
    """The inputs of a widget as JavaScript declares them."""
    return {name: trait.described() for name, trait in shown.kind.inputs().items()}


def test_keyboard_moves_every_control(open_widget: Callable[..., Any], module: str) -> None:
    """Each native control answers to its keys, and the numbers follow."""
    shown = open_widget(module, viewport=WIDE)
    moved = []
    for name, trait in shown.kind.inputs().items():
        control = shown.place.locator(f'[id$="-{name}"], [id*="-{name}-"][type=radio]').first
        if not control.count() or not isinstance(trait, Number | Choice | Toggle):
            continue
        tag = control.evaluate("(node) => node.type ?? ''")
        if tag not in {"range", "radio", "checkbox", "select-one"} or not control.is_visible():
            continue
        before = shown.inputs()[name]
        if tag == "radio":
            shown.place.locator(f'[id*="-{name}-"][type=radio]:checked').focus()
        else:
            control.focus()
        shown.seen.page.keyboard.press("Space" if tag == "checkbox" else "ArrowRight")
        if shown.inputs()[name] == before:
            shown.seen.page.keyboard.press("ArrowLeft")
        assert shown.inputs()[name] != before, name
        moved.append(name)
        shown.expect(shown.inputs())
    assert moved, "expected a control that answers to the keyboard, got none"
    shown.seen.check()


def test_a_drag_changes_numbers_as_it_goes(open_widget: Callable[..., Any], module: str) -> None:
    """A slider pulled by the mouse ends where the mouse is, with the right numbers."""
    shown = open_widget(module, viewport=WIDE)
    slider = shown.place.locator("input[type=range]").first
    if not slider.count():
        assert not any(isinstance(trait, Number) for trait in shown.kind.inputs().values())
        return
    slider.scroll_into_view_if_needed()
    before = slider.input_value()
    box = slider.bounding_box()
    middle = box["y"] + box["height"] / 2
    shown.seen.page.mouse.move(box["x"] + 0.5 * box["width"], middle)
    shown.seen.page.mouse.down()
    for share in (0.9, 0.1, 0.27):
        shown.seen.page.mouse.move(box["x"] + share * box["width"], middle, steps=4)
    shown.seen.page.mouse.up()
    assert slider.input_value() != before
    shown.expect(shown.inputs())
    shown.seen.check()


def test_examples_reset_and_address(open_widget: Callable[..., Any], module: str) -> None:
    """Each example sets what Python says, without new history; reset empties the address."""
    shown = open_widget(module, viewport=WIDE, reduced_motion="reduce")
    history = shown.seen.page.evaluate("history.length")
    buttons = shown.place.locator(".rnn-preset")
    presets = list(shown.kind.PRESETS.values())
    assert buttons.count() == len(presets)
    for at, changes in enumerate(presets):
        before = shown.inputs()
        buttons.nth(at).click()
        assert shown.inputs() == before | dict(changes)
        shown.expect(shown.inputs())
    moving = shown.run("return root.querySelector('.rnn-w').getAnimations({subtree: true}).length;")
    assert moving == 0
    shown.place.locator(".rnn-reset").click()
    assert shown.seen.page.evaluate("location.hash") == ""
    shown.expect(shown.kind.defaults())
    assert shown.seen.page.evaluate("history.length") == history
    shown.seen.check()


def test_wild_addresses_do_no_harm(open_widget: Callable[..., Any], module: str) -> None:
    """Nonsense in the address is ignored, and sections keep their anchors."""
    names = list(open_widget(module).kind.inputs())
    wild = f"#w-{module.replace('_', '-')}=zebra:1,{names[0]}:x,{names[-1]}:"
    shown = open_widget(module, wild)
    shown.expect(shown.kind.defaults())
    shown.seen.page.evaluate("location.hash = '#section'")
    shown.settle()
    assert shown.seen.page.evaluate("location.hash") == "#section"
    shown.seen.check()


def test_speaks_and_prints(open_widget: Callable[..., Any], module: str) -> None:
    """A sentence follows after a pause; on paper there are no sliders, and the ink is dark."""
    shown = open_widget(module, viewport=WIDE, color_scheme="dark")
    shown.seen.page.wait_for_function(
        f"document.getElementById('w-{shown.name}').shadowRoot"
        ".querySelector('.rnn-live').textContent.length > 20"
    )
    sentence = shown.place.locator(".rnn-live").inner_text()
    assert "{" not in sentence
    assert "undefined" not in sentence
    assert "NaN" not in sentence
    shown.seen.page.emulate_media(media="print")
    assert not shown.place.locator(".rnn-buttons").is_visible()
    assert not shown.place.locator("input[type=range]:visible").count()
    colour = shown.place.locator(".rnn-w").evaluate("(node) => getComputedStyle(node).color")
    assert colour == "rgb(17, 17, 17)"
    shown.seen.check()


def test_many_moves_are_drawn_once_per_frame(open_widget: Callable[..., Any], module: str) -> None:
    """However fast a hand moves, the page is laid out for frames, not for events."""
    shown = open_widget(module, viewport=WIDE)
    if not shown.place.locator("input[type=range]").count():
        return
    session = shown.seen.page.context.new_cdp_session(shown.seen.page)
    session.send("Performance.enable")

    def layouts() -> int:
        metrics = session.send("Performance.getMetrics")["metrics"]
        return int({m["name"]: m["value"] for m in metrics}["LayoutCount"])

    before = layouts()
    shown.run(
        """const input = root.querySelector('input[type=range]');
        const [low, high] = [Number(input.min), Number(input.max)];
        for (let step = 0; step < 60; step += 1) {
          input.value = low + (high - low) * (step % 10) / 9;
          input.dispatchEvent(new Event('input'));
        }
        await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));"""
    )
    # A picture that measures itself takes a second layout in its frame.
    assert 1 <= layouts() - before <= 8
    shown.seen.check()
