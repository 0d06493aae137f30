"""Somebody without a mouse: walks a page by Tab, presses what has the focus, types, chooses; never points."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from playwright.sync_api import FilePayload, Page
from playwright.sync_api import TimeoutError as Missed

_TAB_STOPS: Final = (Path(__file__).parent / "tab_stops.js").read_text().split("\n", 1)[1].rstrip(";\n")
_MOST_TABS: Final = 160
_PAST_THE_MENU: Final = "Skip to main content"
_HERE: Final = """() => {
  const it = document.activeElement;
  const words = it.ariaLabel ?? (it.labels?.[0] ?? it).textContent;
  return [it.type ?? "", words.replace(/\\s+/g, " ").trim()];
}"""


def assert_tab_reaches_everything(page: Page) -> None:
    """Hold that Tab alone leads to all that can be used, in the order of the page, to be seen, and out again.

    By computed styles: the one who has the focus looks different from before, in forced colours too (WCAG 2.2, 2.1.1,
    2.1.2, 2.4.3, 2.4.7), and nothing lies on it (2.4.11). Begins at the first stop, the way past the menu.
    """
    for _ in range(page.evaluate(f"{_TAB_STOPS}.begin()")):
        page.keyboard.press("Tab")
    wrong: list[str] = page.evaluate(f"{_TAB_STOPS}.end()")
    assert not wrong, "\n".join(wrong)


class Keyboard:
    """Whoever uses a page without a mouse. A name is what the label or the words of an element are, or begin with."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def to(self, name: str, *, exact: bool = False) -> None:
        """Press Tab until the focus is there; of radios, an arrow from the one that Tab leads to. Skips the menu."""
        for _ in range(_MOST_TABS):
            self.page.keyboard.press("Tab")
            kind, here = self.page.evaluate(_HERE)
            if here == _PAST_THE_MENU:
                self.page.keyboard.press("Enter")
            if here == name or (here.startswith(name) and not exact) or (kind == "radio" and self._turn_to(name, here)):
                return
        raise AssertionError(f"the keyboard does not lead to {name!r}")

    def _turn_to(self, name: str, first: str) -> bool:
        here = first
        while not here.startswith(name):
            self.page.keyboard.press("ArrowDown")
            here = self.page.evaluate(_HERE)[1]
            if here == first:
                return False
        return True

    def press(self, name: str, *, exact: bool = False) -> None:
        """Follow a link or press a button, and wait for the page that comes."""
        self.to(name, exact=exact)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def tick(self, name: str) -> None:
        """Tick a checkbox, or choose a radio."""
        self.to(name)
        self.page.keyboard.press("Space")

    def type_in(self, name: str, text: str) -> None:
        """Type into a field, over what stands in it."""
        self.to(name)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(text)

    def add_to(self, name: str, text: str) -> None:
        """Type at the end of what stands in a field."""
        self.to(name)
        self.page.keyboard.press("Control+End")
        self.page.keyboard.type(text)

    def choose(self, name: str, option: str) -> None:
        """Choose from a list by the letters with which the option begins."""
        self.to(name)
        self.page.keyboard.type(option)

    def choose_file(self, name: str, file: FilePayload) -> None:
        """Open the window that asks for a file, and name one."""
        self.to(name)
        for patience in (5_000, 5_000, 20_000):
            # A browser opens the window only shortly after the key: a starved one can miss its own moment.
            try:
                with self.page.expect_file_chooser(timeout=patience) as asked:
                    self.page.keyboard.press("Space")
            except Missed:
                continue
            asked.value.set_files(file)
            return
        raise AssertionError(f"Space opens no window at {name!r}")
