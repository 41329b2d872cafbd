"""What a published book says of its own address, and what it does not contain."""

import importlib
import re
from collections.abc import Callable
from pathlib import Path

import yaml

Build = Callable[..., tuple[str, str, Path]]
ROOT = Path(__file__).parents[2]
ADDRESS = "https://course.example.org/rnn/"
IMAGE = re.compile(r'<meta property="og:image" content="([^"]*)"')


def test_address_of_the_card_is_full_where_the_site_is_known(build: Build, tmp_path: Path) -> None:
    """With a base address the card's picture and the page's own address are absolute."""
    with (tmp_path / "source" / "conf.py").open("a", encoding="utf-8") as config:
        config.write(f"html_baseurl = {ADDRESS!r}\n")
    text, warnings, target = build("Some words about nothing at all.")
    assert not warnings
    assert IMAGE.findall(text) == [f"{ADDRESS}_static/card.png"]
    assert f'<link rel="canonical" href="{ADDRESS}index.html"' in text
    assert (target / "_static" / "card.png").is_file()


def test_address_of_the_card_is_relative_where_the_site_is_not_known(build: Build) -> None:
    """Without one the book holds no address of a site, so it can stand anywhere."""
    text, warnings, _ = build("Some words about nothing at all.")
    assert not warnings
    assert IMAGE.findall(text) == ["_static/card.png"]
    assert "canonical" not in text


def test_the_key_that_publishers_are_told_is_the_one_that_is_read() -> None:
    """The documents name the setting as Jupyter Book knows it, and our own book sets no address."""
    configuration = importlib.import_module("jupyter_book.config")
    told = re.findall(
        r"^```yaml\n(html:\n.*?)^```$",
        "".join(
            (ROOT / name).read_text(encoding="utf-8")
            for name in ("docs/publishing.md", "book/instructor.md")
        ),
        re.MULTILINE | re.DOTALL,
    )
    assert len(told) == 2
    for text in told:
        final, _ = configuration.get_final_config(
            user_yaml=yaml.safe_load(text), cli_config={"latex_individualpages": False}
        )
        assert final["html_baseurl"] == ADDRESS
    own = yaml.safe_load((ROOT / "book/_config.yml").read_text(encoding="utf-8"))
    assert "baseurl" not in own["html"]
