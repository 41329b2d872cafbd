"""The board of attention-board: points that hands and arrow keys move, and what masks do."""

from collections.abc import Callable
from typing import Any

import pytest

from rnnwidgets import AttentionBoard

pytestmark = pytest.mark.browser

WIDE = {"width": 1200, "height": 1100}


@pytest.fixture
def board(open_widget: Callable[..., Any]) -> Any:
    """The widget on its page."""
    return open_widget("attention_board", viewport=WIDE)


def point(board: Any, name: str) -> Any:
    """The movable point with this name."""
    return board.place.get_by_role("button", name=f"{name} at")


def test_arrow_keys_move_a_key(board: Any) -> None:
    """Each press moves a key by 0.05, never out of the plane; its name tells where it is."""
    point(board, "Key 3").focus()
    for _ in range(3):
        board.seen.page.keyboard.press("ArrowRight")
    board.seen.page.keyboard.press("ArrowDown")
    board.expect(AttentionBoard.defaults() | {"k3_x": 0.15, "k3_y": 0.95})
    assert board.inputs()["k3_x"] == 0.15
    assert "0.15, 0.95" in point(board, "Key 3").get_attribute("aria-label")
    for _ in range(25):
        board.seen.page.keyboard.press("ArrowUp")
    # The picture follows in the next frame.
    board.seen.page.wait_for_timeout(200)
    board.expect(AttentionBoard.defaults() | {"k3_x": 0.15, "k3_y": 2})
    board.seen.check()


def test_the_query_is_dragged(board: Any) -> None:
    """The query goes where the mouse goes, sliders follow, and the task can be solved so."""
    place = board.place.locator(".rnn-board").bounding_box()
    box = point(board, "Query q").bounding_box()
    middle = place["y"] + place["height"] / 2
    board.seen.page.mouse.move(box["x"] + box["width"] / 2, middle)
    board.seen.page.mouse.down()
    # The board shows -2.35 to 2.35 from edge to edge.
    target = place["x"] + place["width"] * (2.35 - 1.5) / 4.7
    board.seen.page.mouse.move(target, middle, steps=8)
    board.seen.page.mouse.up()
    inputs = board.inputs()
    assert inputs["q_x"] == pytest.approx(-1.5, abs=0.03)
    assert inputs["q_y"] == pytest.approx(0, abs=0.03)
    board.expect(inputs)
    slider = board.place.locator('input[id$="-q_x"]').input_value()
    assert float(slider) == pytest.approx(inputs["q_x"])
    assert board.place.locator(".rnn-task[data-done]").count() == 1
    board.seen.check()


def test_weight_leaks_to_padding_unless_the_score_is_infinite(board: Any) -> None:
    """Score times 0 gives padding weight; minus infinity gives it exactly none."""
    weight = board.place.locator("[data-out='weights.3']").first
    board.place.get_by_role("button", name="score × 0 leaks").click()
    board.settle()
    assert float(weight.inner_text()) == pytest.approx(0.1485, abs=6e-5)
    board.place.get_by_role("button", name="score −∞ masks").click()
    board.settle()
    assert weight.inner_text() == "0.0000"
    board.seen.check()
