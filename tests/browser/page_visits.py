"""How a page or state is come to: the words in which ``page_cases.py`` lists them all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page, expect

from tests.browser.whole_site import WholeSite

Check = Callable[[], None]


@dataclass
class Visit:
    """A browser on the site.

    Attributes:
        site: What is open.
        page: As Ann sees it, or nobody: see :class:`Case`.
        address: Of the site.
        check: Holds the page as it stands to the rules.
    """

    site: WholeSite
    page: Page
    address: str
    check: Check

    def go(self, path: str) -> None:
        """Open an address; ``{full}`` in it is the number of that draft."""
        self.page.goto(self.address + path.format(**self.site.drafts))

    def press(self, name: str) -> None:
        """Press a button."""
        self.page.get_by_role("button", name=name).first.click()


Walk = Callable[[Visit], None]


@dataclass(frozen=True)
class Case:
    """One page or state.

    Attributes:
        name: For the report and the pictures.
        walk: How somebody comes there; checks on the way.
        shows: The routes whose answers it checks, as method and path.
        who: The first name of who is there, in small letters; None for nobody.
        statuses: Errors that it means to see.
    """

    name: str
    walk: Walk
    shows: tuple[str, ...]
    who: str | None = "ann"
    statuses: tuple[int, ...] = ()


def opened(path: str, *, who: str | None = "ann", statuses: tuple[int, ...] = (), name: str = "") -> Case:
    """A page that is there as soon as its address is opened."""

    def walk(visit: Visit) -> None:
        visit.go(path)
        visit.check()

    return Case(name or path, walk, (f"GET {path.partition('?')[0]}",), who, statuses)


def telling(path: str, *sentences: str) -> Case:
    """A page that says what is not there yet, and what to do."""

    def walk(visit: Visit) -> None:
        visit.go(path)
        for sentence in sentences:
            expect(visit.page.locator("main")).to_contain_text(sentence)
        visit.check()

    return Case(f"{path} of an empty site", walk, (f"GET {path}",))


def sent(
    name: str, at: str, button: str, to: str, *, fields: dict[str, str] | None = None, who: str | None = "ann"
) -> Case:
    """What a form answers with when it is not taken: errors, linked to their fields."""

    def walk(visit: Visit) -> None:
        visit.go(at)
        for label, value in (fields or {}).items():
            visit.page.get_by_label(label, exact=True).first.fill(value)
        visit.press(button)
        expect(visit.page.locator(".govuk-error-summary")).to_be_focused()
        visit.check()

    return Case(name, walk, (f"POST {to}",), who, (422, 400))
