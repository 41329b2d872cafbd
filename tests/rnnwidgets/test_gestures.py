"""Gestures on pictures themselves: bars that are dragged, words and states that are clicked."""

from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.browser

WIDE = {"width": 1200, "height": 900}
NARROW = {"width": 320, "height": 800}


def drag(shown: Any, target: Any, start: tuple[float, float], end: tuple[float, float]) -> None:
    """Pull the mouse from one place of an element to another, as shares of its size."""
    target.scroll_into_view_if_needed()
    box = target.bounding_box()
    mouse = shown.seen.page.mouse
    mouse.move(box["x"] + start[0] * box["width"], box["y"] + start[1] * box["height"])
    mouse.down()
    mouse.move(box["x"] + end[0] * box["width"], box["y"] + end[1] * box["height"], steps=5)
    mouse.up()


@pytest.mark.parametrize(
    ("screen", "end"), [(WIDE, (0.5, 0.75)), (NARROW, (0.25, 0.5))], ids=["upwards", "sideways"]
)
def test_a_gate_is_dragged_in_the_sentence(
    open_widget: Callable[..., Any], screen: Any, end: tuple[float, float]
) -> None:
    """A gate's bar follows the mouse along its length; word and numbers follow the gate."""
    shown = open_widget("sentence_scrubber", viewport=screen)
    drag(shown, shown.place.locator(".rnn-gate.rnn-i").nth(3), (0.5, 0.5), end)
    inputs = shown.inputs()
    assert inputs["t"] == 4
    assert inputs["i"][3] == pytest.approx(0.25, abs=0.03)
    shown.expect(inputs)
    shown.seen.check()


def test_gates_of_a_trained_network_cannot_be_moved(open_widget: Callable[..., Any]) -> None:
    """A click there only chooses the word, and the sliders are off."""
    shown = open_widget("sentence_scrubber", "#w-sentence-scrubber=gates:trained", viewport=WIDE)
    before = shown.inputs()
    drag(shown, shown.place.locator(".rnn-gate.rnn-f").nth(1), (0.5, 0.9), (0.5, 0.1))
    assert shown.inputs() == before | {"t": 2}
    assert shown.place.locator(".rnn-editor input").first.is_disabled()
    shown.seen.check()


def test_play_walks_to_the_end(open_widget: Callable[..., Any]) -> None:
    """The button walks word by word, can be stopped, and starts again from the first word."""
    shown = open_widget("sentence_scrubber", "#w-sentence-scrubber=t:7", viewport=WIDE)
    shown.seen.page.clock.install()
    button = shown.place.locator(".rnn-play")
    button.click()
    assert "Pause" in button.inner_text()
    shown.seen.page.clock.run_for(2000)
    assert shown.inputs()["t"] == 8
    assert "Play" in button.inner_text()
    button.click()
    button.click()
    shown.seen.page.clock.run_for(5000)
    assert shown.inputs()["t"] == 1
    shown.seen.check()


def test_the_race_is_read_where_the_mouse_is(open_widget: Callable[..., Any]) -> None:
    """Pulling along a lane sets the number of steps; weights hide while they do not matter."""
    shown = open_widget("memory_race", viewport=WIDE)
    drag(shown, shown.place.locator(".rnn-track").nth(1), (0.2, 0.5), (0.5, 0.5))
    assert shown.inputs()["T"] in {30, 31}
    shown.expect(shown.inputs())
    assert shown.place.locator('input[id$="-b_f"]').is_visible()
    shown.place.get_by_role("button", name="trained").click()
    shown.settle()
    assert not shown.place.locator('input[id$="-b_f"]').is_visible()
    assert shown.place.get_by_text("Number told first").is_visible()
    shown.seen.check()


def test_a_state_of_the_unrolled_network_is_chosen(open_widget: Callable[..., Any]) -> None:
    """A click on a state shows its path; a cut leaves no arrow and no share behind it."""
    shown = open_widget("bptt_unrolled", "#w-bptt-unrolled=k:2", viewport=WIDE)
    shown.place.locator(".rnn-state:not(.rnn-first)").nth(3).click()
    assert shown.inputs()["node"] == 4
    shown.settle()
    shares = shown.place.locator(".rnn-link:visible .rnn-share").all_inner_texts()
    assert shares[:3] == ["0", "0", "0"]
    assert all(share != "0" for share in shares[3:5])
    shown.expect(shown.inputs())
    shown.seen.check()
