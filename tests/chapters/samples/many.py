"""What the contract test needs to know of the page of many reviews; its quests' is a ``Scoring``."""

import tempfile
from functools import cache
from pathlib import Path
from types import SimpleNamespace

import numpy as np

from lstm_core.sentiment import bulk
from lstm_core.sentiment.reader import Reader
from pages.many import exercises, lesson
from tests.chapters.reaching import torn

CLEAR = ["A wonderful, moving film.", "Dull, dull, dull."]
GERMAN = "Ein wunderbarer Film, den man gesehen haben muss."
reader = cache(Reader.load)
UNCLEAR = torn(reader())


def scored(folder, content, kind="txt", column="text", own=True):
    """Score a file as the page does; returns the job and what the quests are checked on."""
    job, rows = bulk.begun(Path(folder), content, kind, column), bulk.Scored()
    while not job.over:
        job, fresh = bulk.advanced(job, 10.0, reader())
        rows.add(fresh)
    assert not job.error
    return job, exercises.Scoring(rows, own)


def pasted(*lines):
    """Return what is scored of lines that were pasted."""
    with tempfile.TemporaryDirectory() as folder:
        return scored(folder, "\n".join(lines).encode())[1]


def of_the_example():
    """Return what is scored of the page's example."""
    with tempfile.TemporaryDirectory() as folder:
        return scored(folder, lesson.EXAMPLE_FILE, "csv", lesson.EXAMPLE_COLUMN, own=False)[1]


FIRST = of_the_example()
REACHED = {
    "no-side": pasted(*CLEAR, UNCLEAR),
    "stops-nothing": pasted(*CLEAR, "!!!"),
    "counted-or-added": pasted(*[UNCLEAR] * 4),
}
MOVES = (
    {"many_kinds": ["mixed or unclear"]},
    {"many_words": "="},
    {"many_source": "A pasted column"},
    {"many_pasted": "One.\nTwo.\n\nThree."},
    {"many_live": SimpleNamespace(job=SimpleNamespace(done=3))},
)
BUTTONS = ("many_start",)
ASKED = [
    [*CLEAR, UNCLEAR],
    [*CLEAR, "!!!", UNCLEAR, UNCLEAR],
    CLEAR[1:],
    [GERMAN, *CLEAR],
]
STATES = [FIRST, *(pasted(*lines) for lines in ASKED)]
TEXTS = [
    "A warm, funny film that I would see again tomorrow.",
    '=HYPERLINK("http://example.org","A lovely film")',
    'It\'s "dull".\n\nAnd long: ' + "never a moment of joy, " * 30,
    "Good.",
]


def taken_home():
    wanted = np.array([reader().read(text).probability for text in TEXTS])
    yield lesson.scored_again(TEXTS), wanted, 1e-4
