"""Somebody without a mouse: walks a page by Tab, presses what has the focus, types, chooses; never points."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from playwright.sync_api import Page

_TAB_STOPS: Final = (Path(__file__).parent / "tab_stops.js").read_text().split("\n", 1)[1].rstrip(";\n")


def assert_tab_reaches_everything(page: Page) -> None:
    """Hold that Tab alone leads to all that can be used, in the order of the page, to be seen, and out again.

    By computed styles: the one who has the focus looks different from before, in forced colours too (WCAG 2.2, 2.1.1,
    2.1.2, 2.4.3, 2.4.7), and nothing lies on it (2.4.11). Begins at the first stop, the way past the menu.
    """
    for _ in range(page.evaluate(f"{_TAB_STOPS}.begin()")):
        page.keyboard.press("Tab")
    wrong: list[str] = page.evaluate(f"{_TAB_STOPS}.end()")
    assert not wrong, "\n".join(wrong)
