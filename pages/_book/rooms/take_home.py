"""What is left of a lecture: its questions, votes and guesses, as a table and as a page that prints.

Nobody is in it: votes are counts, guesses are sorted, and of the sentences that were sent in there
are only those that the room was asked about.
"""

from __future__ import annotations

import csv
import io
import statistics
from collections.abc import Iterator
from html import escape

from lstm_core.tables import safe_cell
from pages._book.chapters import CHAPTERS
from pages._book.language import decimal, plural, say, spoken
from pages._book.rooms.asked import Asked
from pages._book.rooms.room import Room
from pages._book.slides import PANELS

COLUMNS = ("number", "minute", "place", "kind", "question", "round", "answer", "right", "count")
MISSING = ""
PAGE = """<!doctype html>
<html lang="{language}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>{title}</title>
<style>
body {{ max-width: 46rem; margin: 2rem auto; padding: 0 1rem; color: #1d1b16; background: #fff; font: 17px/1.45 sans-serif; }}
h1 {{ font-size: 1.5rem; }}
h2 {{ font-size: 1.1rem; margin: 0 0 0.5rem; }}
section {{ break-inside: avoid; border-top: 1px solid #d5cfc0; padding: 1rem 0; }}
small {{ color: #5c574c; }}
table {{ width: 100%; border-collapse: collapse; }}
td, th {{ padding: 0.2rem 0.5rem 0.2rem 0; vertical-align: top; text-align: left; font-weight: 400; }}
td.count {{ width: 38%; white-space: nowrap; }}
thead th {{ color: #5c574c; }}
.bar {{ display: inline-block; height: 0.75rem; background: #6f6a5e; print-color-adjust: exact; -webkit-print-color-adjust: exact; }}
.right .bar {{ background: #0b5cad; }}
.right th {{ font-weight: 700; }}
p {{ margin: 0.4rem 0; }}
.ends {{ display: flex; justify-content: space-between; margin: 0; }}
</style>
<h1>{title}</h1>
{sections}
</html>
"""


def asked_in(room: Room) -> list[Asked]:
    """List what a room was asked, in its order."""
    return [*room.past, *([room.asked] if room.asked else [])]


def as_csv(room: Room) -> str:
    """Write a row for each choice of each round, and for each guess; no spreadsheet computes a cell."""
    written = io.StringIO()
    table = csv.writer(written, lineterminator="\n")
    table.writerow(COLUMNS)
    for one in asked_in(room):
        for row in _rows(one):
            table.writerow([safe_cell(cell) for cell in row])
    return written.getvalue()


def _rows(asked: Asked) -> Iterator[tuple[object, ...]]:
    text = " ".join(f"{asked.text} {asked.name}".split())
    head = (asked.number, asked.minute, "/".join(filter(None, asked.place)), asked.kind, text)
    if asked.is_guess:
        right = MISSING if asked.value is None else asked.value
        for guess in asked.cloud or []:
            yield (*head, 1, guess, right, 1)
        return
    for number, votes in enumerate(asked.bars or [], start=1):
        for place, choice in enumerate(asked.choices):
            is_right = MISSING if not asked.right else int(place in asked.right)
            yield (*head, number, " ".join(choice.split()), is_right, votes[place])


def as_html(room: Room) -> str:
    """Write a page that prints, in the language that is spoken."""
    every = asked_in(room)
    sections = "\n".join(_section(one) for one in every)
    return PAGE.format(
        language=spoken(),
        title=escape(say("What the room was asked")),
        sections=sections or f"<p>{escape(say('The room was asked nothing.'))}</p>",
    )


def _section(asked: Asked) -> str:
    title = asked.text if asked.name in asked.text else f"{asked.text} ({asked.name})"
    where = " · ".join(
        [*filter(None, [_place(asked)]), say("minute {minute}", minute=asked.minute)]
    )
    body = _guesses(asked) if asked.is_guess else _bars(asked)
    return (
        f"<section><h2>{asked.number}. {escape(title)}</h2>"
        f"<p><small>{escape(where)}</small></p>{body}</section>"
    )


def _place(asked: Asked) -> str:
    """Return what the page and the panel are called where it was asked."""
    path, panel = asked.place
    chapter = next((one for one in CHAPTERS if one.path == path), None)
    if chapter is None:
        return ""
    names = [chapter.title, PANELS[chapter].get(panel, "")]
    return ": ".join(say(name) for name in names if name)


def _bars(asked: Asked) -> str:
    rounds = asked.bars or []
    most = max([1, *(votes for each in rounds for votes in each)])
    heads = [say("Round {round}", round=number) for number in range(1, len(rounds) + 1)]
    head = "".join(f'<th scope="col">{escape(one)}</th>' for one in ["", *heads])
    rows = []
    for place, choice in enumerate(asked.choices):
        is_right = place in asked.right
        cells = "".join(
            f'<td class="count"><span class="bar" style="width: {70 * each[place] / most:.0f}%"></span> {each[place]}</td>'
            for each in rounds
        )
        sign, name = ("✔ ", "right") if is_right else ("", "wrong")
        rows.append(f'<tr class="{name}"><th scope="row">{sign}{escape(choice)}</th>{cells}</tr>')
    shown = f"<thead><tr>{head}</tr></thead>" if len(rounds) > 1 else ""
    why = [f"<p>{escape(asked.feedback[place])}</p>" for place in asked.right if asked.feedback]
    return f"<table>{shown}<tbody>{''.join(rows)}</tbody></table>{''.join(why)}"


def _guesses(asked: Asked) -> str:
    cloud = asked.cloud or []
    facts = [plural("1 guess", "{count} guesses", len(cloud))]
    if cloud:
        low, high = decimal(cloud[0], ".3g"), decimal(cloud[-1], ".3g")
        facts.append(say("from {low} to {high}", low=low, high=high))
        facts.append(say("median {value}", value=decimal(statistics.median(cloud), ".3g")))
    if asked.value is not None:
        facts.append(say("it is {value}", value=decimal(asked.value, ".3g")))
    width = asked.high - asked.low
    dots = "".join(
        f'<circle cx="{1000 * (guess - asked.low) / width:.0f}" cy="30" r="9" fill="#6f6a5e" fill-opacity="0.45"/>'
        for guess in cloud
    )
    if asked.value is not None and asked.low <= asked.value <= asked.high:
        place = f"{1000 * (asked.value - asked.low) / width:.0f}"
        dots += f'<path d="M{place} 4V56" stroke="#0b5cad" stroke-width="5"/>'
    drawing = (
        f'<svg viewBox="-12 0 1024 60" role="img" aria-label="{escape("; ".join(facts))}">'
        f'<path d="M0 30H1000" stroke="#d5cfc0" stroke-width="3"/>{dots}</svg>'
    )
    ends = "".join(f"<small>{decimal(end, '.4g')}</small>" for end in (asked.low, asked.high))
    return f'{drawing}<p class="ends">{ends}</p>' + f"<p>{escape('; '.join(facts))}.</p>"
