"""What the contract test needs to know of the chapter on variants; its state is a ``Shown``."""

from functools import cache

import numpy as np

from lstm_core.cells.gru import GRUCell
from lstm_core.cells.lstm import LSTMCell
from lstm_core.sentiment.halves import halves
from lstm_core.sentiment.reader import Reader
from pages._book.sentences import SENTENCE, sentence_ids
from pages._book.sequences import parse_numbers
from pages.variants import exercises, lesson
from tests.chapters.reaching import reached


@cache
def read(text):
    """Share the logit of a sentence out, and look at what its last place knows."""
    reader = Reader.load()
    words, ids, _ = sentence_ids(reader, text)
    return halves(reader.network.in_double(), ids), lesson.last_place(reader, ids, words)


def state(text=SENTENCE, numbers=lesson.NUMBERS, units=2, seed=1, unit=0, peephole=1.0, step=0):
    """Compute what the page shows at these controls."""
    _, inputs = parse_numbers(numbers)
    gru, lstm = GRUCell.initialise(1, units, seed), LSTMCell.initialise(1, units, seed)
    aside = lesson.asides(lstm, inputs, peephole, unit)
    return lesson.Shown(*read(text), gru, gru.run(inputs), aside, step, unit)


def praise_and_blame():
    """Put praise at one end of a sentence, and blame at the other."""
    for praise in ("I loved it", "A wonderful film", "Superb, wonderful, excellent"):
        for blame in ("it was dull", "a terrible waste of time", "awful script"):
            yield f"{praise}, yet {blame}."
            yield f"{blame}, yet {praise}."


FIRST = state()
REACHED = {
    "readings-disagree": reached(
        exercises.QUESTS, "readings-disagree", map(state, praise_and_blame())
    ),
    "gru-keeps": state(numbers="-9 -9 -9 -9 -9", seed=2),
    "peepholes-matter": state(numbers="9 9 9 9 9", seed=5, peephole=3.0),
}
MOVES = (
    {"variants_text": "The cast is fine, BUT the film is not."},
    None,
    {"gru_step": 4},
    {"gru_sequence": "1 0.5 -7"},
    {"gru_units": 8},
    {"peephole": 0.0},
)
STATES = [
    FIRST,
    state("Good", units=1, seed=3, step=7),
    state("Great cast, awful script.", units=8, seed=50, unit=7, step=3),
    *REACHED.values(),
]


def taken_home():
    """Yield programs, and what each has to leave in ``result``."""
    with_bias = GRUCell.initialise(1, 3, 4)
    with_bias.bias[:] = np.random.default_rng(0).normal(size=with_bias.bias.shape)
    _, inputs = parse_numbers(lesson.NUMBERS)
    _, large = parse_numbers("-9 1e3 0 2.5")
    cells = (
        (with_bias, inputs),
        (GRUCell.initialise(1, 2, 1), inputs),
        (GRUCell.initialise(1, 1, 7), large),
    )
    for cell, numbers in cells:
        yield lesson.gru_programs(cell, numbers), cell.run(numbers).hidden_state, 1e-12
