"""Measure every panel in a real browser: `python -m tools.panels` prints the table.

"One panel, one screen" in numbers: where the picture begins, whether it is seen
whole, how much of the screen it takes, how tall the panel is, how many words it says, and how large
its smallest type is.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal

from playwright.sync_api import BrowserContext, Page

from pages._book.chapters import CHAPTERS
from pages._book.slides import PANELS
from tools.serving import browsing, listening, rest, serving

SIZES = ((1280, 720), (1920, 1080), (360, 740))
"""Windows in which a panel is measured; the first one is where it is opened."""
NARROW = 600
"""A window of at most so many pixels is a phone's."""
LARGE = 20_000
"""A picture has at least so many square pixels; anything smaller is an icon."""
MEASURE = """
(large) => {
  const roots = [document];
  for (const root of roots)
    for (const one of root.querySelectorAll("*")) if (one.shadowRoot) roots.push(one.shadowRoot);
  const every = (selector) => roots.flatMap((root) => [...root.querySelectorAll(selector)]);
  const shown = (one) => one.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true }) && one.getClientRects().length > 0;
  const outer = (one) => one.parentNode || one.host;
  const inside = (one, selector) => {
    for (let at = one; at; at = outer(at)) if (at.matches?.(selector)) return true;
    return false;
  };
  const panel = "[class*='st-key-panel_']";
  const picture = ".js-plotly-plot, canvas, svg, [data-picture]";
  const widget = "button, label, select, summary, [data-testid=stIconMaterial], [data-testid=stWidgetLabel], [data-testid=stTooltipIcon], [data-testid=stPopover], [role=radiogroup], [role=slider], [data-testid=stSlider]";
  // One picture may be drawn within another: the outer one counts.
  const boxes = every(picture)
    .filter((one) => shown(one) && inside(one, panel) && !inside(one, widget) && !inside(outer(one), picture))
    .map((one) => one.getBoundingClientRect())
    .filter((box) => box.width * box.height > large);
  const visible = (box) => Math.max(0, Math.min(box.right, innerWidth) - Math.max(box.left, 0)) * Math.max(0, Math.min(box.bottom, innerHeight) - Math.max(box.top, 0));
  const main = document.querySelector("[data-testid=stMain]");
  const said = "p, li, h2, h3, h4, h5, td, th, figcaption";
  const told = every(said).filter((one) => shown(one) && inside(one, panel) && !inside(one, `${widget}, ${picture}, .coloured-words, .listing, [data-testid=stTable]`));
  const words = told.filter((one) => !told.some((other) => other !== one && one.contains(other)))
    .map((one) => one.innerText || "").join(" ").split(/\\s+/).filter((word) => /\\p{L}{2}/u.test(word)).length;
  const raised = "tspan[dy], tspan[style*='font-size'], sup, sub, msub, msup, .katex, .katex-mathml, script, style, option, [data-testid=stIconMaterial]";
  let smallest = null, which = "";
  for (const root of roots) {
    const walker = document.createTreeWalker(root === document ? document.body : root, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const text = node.textContent.trim(), one = node.parentElement;
      if (!one || !/[\\p{L}\\p{N}]/u.test(text) || !inside(one, panel) || inside(one, raised) || inside(one, '[data-testid=stSliderTickBar]') || !shown(one)) continue;
      const box = one.getBoundingClientRect();
      if (box.width < 2 || box.height < 2) continue;
      let size = parseFloat(getComputedStyle(one).fontSize);
      const matrix = one.getScreenCTM?.();
      if (matrix) size *= Math.hypot(matrix.a, matrix.b);
      if (smallest === null || size < smallest) [smallest, which] = [size, text.slice(0, 30)];
    }
  }
  return {
    top: boxes.length ? Math.round(Math.min(...boxes.map((box) => box.top))) : null,
    bottom: boxes.length ? Math.round(Math.max(...boxes.map((box) => box.bottom))) : null,
    share: boxes.length ? boxes.map(visible).reduce((sum, area) => sum + area) / (innerWidth * innerHeight) : null,
    screens: main.scrollHeight / innerHeight,
    sideways: main.scrollWidth > main.clientWidth + 1,
    words, smallest: Math.round(10 * (smallest ?? 99)) / 10, which,
  };
}
"""


@dataclass(frozen=True)
class Measured:
    """One panel on one screen, in CSS pixels.

    Attributes:
        chapter, panel: which one.
        width, height: of the window.
        lecture: whether in lecture mode.
        top, bottom: of the pictures; None without one.
        share: of the window that they take, from 0 to 1.
        screens: height of the page, in windows.
        sideways: whether the page scrolls sideways.
        words: said before something is opened.
        smallest: size of the smallest type, and ``which`` text has it.
    """

    chapter: str
    panel: str
    width: int
    height: int
    lecture: bool
    top: int | None
    bottom: int | None
    share: float | None
    screens: float
    sideways: bool
    words: int
    smallest: float
    which: str

    def problems(self) -> list[str]:
        """Name what the panel misses of "one panel, one screen"."""
        wrong = []
        asks = self.panel == "learn"
        if self.sideways:
            wrong.append("scrolls sideways")
        if self.width <= NARROW:
            if self.top is not None and not asks and self.top > self.height - 60:
                wrong.append(f"picture begins at {self.top}")
            return wrong
        if not asks and self.top is None:
            wrong.append("no picture")
        if not asks and self.top is not None:
            if not self.lecture and self.top > 160:
                wrong.append(f"picture begins at {self.top}")
            if (self.bottom or 0) > self.height:
                wrong.append(f"picture ends at {self.bottom}")
            if (self.share or 0) < (0.55 if self.lecture else 0.40):
                wrong.append(f"picture has {self.share:.0%}")
        if self.screens > (1.005 if self.lecture else 1.3):
            wrong.append(f"{self.screens:.2f} screens")
        if self.words > 60 and not asks:
            wrong.append(f"{self.words} words")
        if self.smallest < (20 if self.lecture else 15) - 0.05:
            wrong.append(f"type of {self.smallest} px: {self.which!r}")
        return wrong


def measure(
    context: BrowserContext,
    address: str,
    chapters: Collection[str] = (),
    lectures: tuple[bool, ...] = (False, True),
    more: str = "",
    sizes: Sequence[tuple[int, int]] = SIZES,
    theme: Literal["light", "dark"] = "light",
    look: Callable[[Page, str], None] | None = None,
) -> Iterator[Measured]:
    """Measure every panel of the chapters at every size; each chapter is loaded once for each mode.

    Args:
        context: of a browser, which measures.
        address: of the server.
        chapters: their paths; all of them if none is named.
        lectures: whether in lecture mode, or not, or both.
        more: added to the addresses, beginning with "&".
        sizes: of the window, the one in which panels are opened first; a lecture is given on none
            of a phone's.
        theme: what the browser asks for.
        look: is shown each panel at the first size, outside of lecture mode.

    Raises:
        playwright.sync_api.Error: if a page does not come to rest.
    """
    for chapter in CHAPTERS:
        if chapters and chapter.path not in chapters:
            continue
        for lecture in lectures:
            page = context.new_page()
            page.emulate_media(color_scheme=theme)
            width, height = sizes[0]
            page.set_viewport_size({"width": width, "height": height})
            mode = "mode=lecture" if lecture else "mode=page"
            page.goto(f"{address}/{chapter.path}?{mode}{more}")
            page.get_by_role("heading", level=1).wait_for()
            rest(page)
            for place, panel in enumerate(PANELS[chapter]):
                for width, height in (one for one in sizes if one[0] > NARROW or not lecture):
                    page.set_viewport_size({"width": width, "height": height})
                    if (width, height) == sizes[0]:
                        page.locator(".st-key-panel button").nth(place).click()
                        page.locator(f".st-key-panel_{panel}").wait_for(state="attached")
                    rest(page, 300 if lecture or width == sizes[0][0] else 150)
                    where = (chapter.path, panel, width, height, lecture)
                    found = settled(page, partial(Measured, *where))
                    if look and (width, height) == sizes[0] and not lecture:
                        look(page, panel)
                    yield found
            page.evaluate("localStorage.clear()")
            page.close()


def settled(page: Page, measured: Callable[..., Measured], seconds: float = 5) -> Measured:
    """Measure the open panel, and again while it is amiss: a chart follows its window a moment later."""
    end = time.monotonic() + seconds
    while True:
        found = measured(**page.evaluate(MEASURE, LARGE))
        if not found.problems() or time.monotonic() > end:
            return found
        page.wait_for_timeout(200)


HEAD = (
    f"{'chapter':13}{'panel':13}{'width':>5}  {'top':>6}{'end':>6}{'share':>6}{'tall':>6}"
    f"{'words':>6}{'type':>6}"
)


def row(one: Measured) -> str:
    """Write one measurement as a line of the table."""
    share = "-" if one.share is None else f"{one.share:.0%}"
    return (
        f"{one.chapter:13}{one.panel:13}{one.width:5}{' L' if one.lecture else '  '}"
        f"{one.top if one.top is not None else '-':>6}{one.bottom if one.bottom is not None else '-':>6}"
        f"{share:>6}{one.screens:6.2f}{one.words:6}{one.smallest:6.1f}  {'; '.join(one.problems())}"
    )


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description="Measure every panel in a browser.")
    parser.add_argument("chapters", nargs="*", help="paths of chapters; all if none is named")
    parser.add_argument("--german", action="store_true", help="in German")
    given = parser.parse_args()
    print(HEAD)
    with serving() as address, browsing() as browser:
        more = "&lang=de" if given.german else ""
        for one in measure(listening(browser), address, given.chapters, more=more):
            print(row(one), flush=True)


if __name__ == "__main__":
    main()
