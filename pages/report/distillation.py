"""The picture of distillation: teachers and student as squares whose area is their parameters."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from math import sqrt

from lstm_core.sentiment.taught import ENCODER, JOINT, STUDENT, Judge
from pages._book.language import say
from pages._book.style import FONT, Palette, translucent
from pages.report.taught import alt, lines

UNCOUNTED = 500_000
"""As if of so many parameters is drawn whose parameters were not counted; its square is dashed."""


@dataclass(frozen=True)
class Sheet:
    """Where things stand in one of the two drawings, in its own points.

    Attributes:
        name: of the drawing, for its marks.
        width, height: of the sheet; the height is the least one.
        type: size of the letters, and ``pitch`` from line to line.
        largest: the longest side that a teacher's square may have, and ``student`` that of the student.
        right: where the squares of the teachers end; their words begin a little further.
        gap: between two teachers.
        top: above the first one, where the drawing is no taller than what is in it.
    """

    name: str
    width: int
    height: int
    type: int
    pitch: int
    largest: int
    student: int
    right: int
    gap: int
    top: int


WIDE = Sheet("wide", 1080, 490, 22, 26, 226, 150, 236, 14, 8)
TALL = Sheet("tall", 360, 0, 17, 21, 124, 110, 146, 12, 30)


def drawing(judges: Sequence[Judge], colours: Palette) -> str:
    """Draw teachers, joint opinion and student; a telephone gets them one below the other.

    Args:
        judges: as ``lstm_core.sentiment.taught.lesson_of`` lists them: the student last, what it
            learns before it.
        colours: of the theme.
    """
    style = (
        ".taught.tall { display: none } "
        "@media (max-width: 640px) { .taught.wide { display: none } .taught.tall { display: block } } "
    )
    height = {"wide": "height:var(--stage, 60vh)", "tall": "height:auto"}
    drawn = (
        svg(judges, colours, sheet, f' class="taught {sheet.name}" style="{height[sheet.name]}"')
        for sheet in (WIDE, TALL)
    )
    return f"<div><style>{style}</style>{''.join(drawn)}</div>"


def svg(
    judges: Sequence[Judge], colours: Palette, sheet: Sheet = WIDE, attributes: str = ""
) -> str:
    """Draw one of the two as an SVG that stands alone."""
    pen = _Pen(sheet, colours)
    *teachers, joint, student = judges
    height = (_wide if sheet is WIDE else _tall)(pen, teachers, joint, student)
    # Dashes run along the arrows for some seconds, unless the visitor wants no movement.
    style = (
        "@media (prefers-reduced-motion: no-preference) { .says { animation: says 0.8s linear 6; } } "
        "@keyframes says { to { stroke-dashoffset: -36; } } svg { width: 100%; }"
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {sheet.width} {height}" role="img" '
        f'aria-label="{escape(alt(judges))}" font-family="{FONT}"{attributes}>'
        f"<style>{style}</style>{pen.marker()}{''.join(pen.parts)}</svg>"
    )


class _Pen:
    """Collects the parts of a drawing."""

    def __init__(self, sheet: Sheet, colours: Palette) -> None:
        self.sheet, self.colours = sheet, colours
        self.parts: list[str] = []

    def marker(self) -> str:
        """Return the head of the arrows; each drawing has its own."""
        return (
            f'<defs><marker id="head-{self.sheet.name}" viewBox="0 0 10 10" refX="9" refY="5" '
            'markerWidth="5" markerHeight="5" orient="auto">'
            f'<path d="M0 0 L10 5 L0 10 z" fill="{self.colours.accent}"/></marker></defs>'
        )

    def square(self, x: float, y: float, side: float, judge: Judge) -> None:
        """Draw a square by its left upper corner."""
        ink = {STUDENT: self.colours.first, ENCODER: self.colours.third}.get(
            judge.name, self.colours.second
        )
        dash = "" if judge.parameters else ' stroke-dasharray="6 5"'
        self.parts.append(
            f'<rect x="{x:.1f}" y="{y:.1f}" width="{side:.1f}" height="{side:.1f}" rx="6" '
            f'fill="{translucent(ink, 0.22)}" stroke="{ink}" stroke-width="3"{dash}/>'
        )

    def words(self, x: float, top: float, text: Sequence[str], anchor: str = "start") -> None:
        """Write lines below each other, the first one bold."""
        for place, line in enumerate(text):
            weight = ' font-weight="700"' if place == 0 else ""
            y = top + place * self.sheet.pitch + 0.78 * self.sheet.pitch
            self.parts.append(
                f'<text x="{x:.1f}" y="{y:.1f}" font-size="{self.sheet.type}" '
                f'fill="{self.colours.text}" text-anchor="{anchor}"{weight}>{escape(line)}</text>'
            )

    def label(self, x: float, y: float, text: str, anchor: str = "middle") -> None:
        """Write a word in a quiet colour."""
        self.parts.append(
            f'<text x="{x:.1f}" y="{y:.1f}" font-size="{self.sheet.type}" '
            f'fill="{self.colours.muted}" text-anchor="{anchor}">{escape(text)}</text>'
        )

    def arrow(self, path: str, head: bool = True) -> None:
        """Draw an arrow along a path."""
        end = f' marker-end="url(#head-{self.sheet.name})"' if head else ""
        self.parts.append(
            f'<path class="says" d="{path}" fill="none" stroke="{self.colours.accent}" '
            f'stroke-width="3" stroke-dasharray="12 6"{end}/>'
        )

    def joint(self, x: float, y: float, width: float, text: Sequence[str]) -> float:
        """Draw the joint opinion by its left upper corner; returns its height."""
        height = len(text) * self.sheet.pitch + 18
        self.parts.append(
            f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height}" rx="18" '
            f'fill="{self.colours.panel}" stroke="{self.colours.accent}" stroke-width="3"/>'
        )
        self.words(x + width / 2, y + 9, text, "middle")
        return height

    def teachers(self, teachers: Sequence[Judge], scale: float, top: float) -> list[float]:
        """Draw the teachers below each other; returns the middle of each."""
        sheet, middles = self.sheet, []
        for judge in teachers:
            side, text = scale * _side(judge), lines(judge)
            row = max(side, sheet.pitch * len(text))
            self.square(sheet.right - side, top + (row - side) / 2, side, judge)
            self.words(sheet.right + 12, top + (row - sheet.pitch * len(text)) / 2, text)
            middles.append(top + row / 2)
            top += row + sheet.gap
        return middles


def _side(judge: Judge) -> float:
    """Return the side of the square whose area is the parameters."""
    return sqrt(judge.parameters or UNCOUNTED)


def scale(teachers: Sequence[Judge], student: Judge, sheet: Sheet) -> float:
    """Return how many points a side of 1 is long, so that all has room."""
    fits = [sheet.largest / _side(one) for one in teachers]
    return min(*fits, sheet.student / _side(student))


def _wide(pen: _Pen, teachers: Sequence[Judge], joint: Judge, student: Judge) -> int:
    """Draw the teachers on the left, the student on the right; returns the height."""
    if len(teachers) == 1:
        return _alone(pen, teachers[0], joint, student)
    sheet, size = pen.sheet, scale(teachers, student, pen.sheet)
    rows = [max(size * _side(one), sheet.pitch * len(lines(one))) for one in teachers]
    used = sum(rows) + sheet.gap * (len(rows) - 1)
    height = max(sheet.height, round(used) + 16)
    middles = pen.teachers(teachers, size, (height - used) / 2)

    side, centre = size * _side(student), sheet.width - 118
    text = lines(student)
    top = (height - side - 12 - sheet.pitch * (len(text) + 1)) / 2
    pen.square(centre - side / 2, top, side, student)
    pen.words(centre, top + side + 12, text, "middle")
    pen.label(sheet.width - 6, height - 8, legend(), "end")

    left, width, middle = 570, 216, top + side / 2
    named = lines(joint)
    pen.joint(left, middle - (len(named) * sheet.pitch + 18) / 2, width, named)
    start, end = sheet.right + 252, left - 6
    for y in middles:
        pen.arrow(
            f"M{start} {y:.0f} C{start + 46} {y:.0f} {end - 50} {middle:.0f} {end} {middle:.0f}"
        )
    leaves, arrives = left + width + 4, centre - side / 2 - 6
    pen.arrow(f"M{leaves} {middle:.0f} H{arrives:.0f}")
    soft = textwrap.wrap(say("soft labels"), 8) if joint.name == JOINT else []
    for place, word in enumerate(soft):
        y = middle - 14 - sheet.pitch * (len(soft) - 1 - place)
        pen.label((leaves + arrives) / 2, y, word)
    return height


def _alone(pen: _Pen, teacher: Judge, joint: Judge, student: Judge) -> int:
    """Draw the one teacher, what it says and the student in a row, words below; returns the height."""
    sheet, largest = pen.sheet, 320
    size = min(largest / _side(teacher), largest / _side(student))
    height, middle, centre = sheet.height, 8 + largest / 2, sheet.width - 150
    for judge, x, anchor in (
        (teacher, 8 + size * _side(teacher) / 2, "start"),
        (student, centre, "middle"),
    ):
        side = size * _side(judge)
        pen.square(x - side / 2, middle - side / 2, side, judge)
        pen.words(8 if anchor == "start" else x, middle + largest / 2 + 10, lines(judge), anchor)
    named, width = lines(joint), 250
    tall = len(named) * sheet.pitch + 18
    start, arrives = 8 + size * _side(teacher), centre - size * _side(student) / 2
    left = (start + arrives - width) / 2
    pen.joint(left, middle - tall / 2, width, named)
    pen.arrow(f"M{start + 6:.0f} {middle:.0f} H{left - 6:.0f}")
    pen.arrow(f"M{left + width + 4:.0f} {middle:.0f} H{arrives - 6:.0f}")
    pen.label((start + arrives) / 2, middle + largest / 2 + 10 + 0.78 * sheet.pitch, legend())
    return height


def legend() -> str:
    """Say what areas and percentages are."""
    return say("area: parameters; %: right verdicts")


def _tall(pen: _Pen, teachers: Sequence[Judge], joint: Judge, student: Judge) -> int:
    """Draw the teachers above the student; returns the height."""
    sheet, size = pen.sheet, scale(teachers, student, pen.sheet)
    middles = pen.teachers(teachers, size, sheet.top)
    rows = [max(size * _side(one), sheet.pitch * len(lines(one))) for one in teachers]
    below = sheet.top + sum(rows) + sheet.gap * (len(rows) - 1) + 34
    named = lines(joint)
    for y, one in zip(middles, teachers, strict=True):
        left = sheet.right - size * _side(one) - 4
        pen.arrow(f"M{left:.0f} {y:.0f} H10 V{below + 20:.0f} H34")
    under = below + pen.joint(40, below, sheet.width - 80, named)
    side, text = size * _side(student), lines(student)
    row = max(side, sheet.pitch * len(text))
    top = under + 52
    pen.arrow(f"M{sheet.right - side / 2:.0f} {under + 4:.0f} V{top + (row - side) / 2 - 6:.0f}")
    if joint.name == JOINT:
        pen.label(sheet.right - side / 2 + 14, under + 32, say("soft labels"), "start")
    pen.square(sheet.right - side, top + (row - side) / 2, side, student)
    pen.words(sheet.right + 12, top + (row - sheet.pitch * len(text)) / 2, text)
    pen.label(sheet.width - 4, top + row + 22, legend(), "end")
    return round(top + row + 30)
