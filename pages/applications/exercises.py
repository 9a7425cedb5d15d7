"""Tour, quests and questions of the page on applications; the state is its ``Shown``."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from lstm_core.cells.arrays import Array
from lstm_core.cells.lstm import LSTMState
from lstm_core.text.characters import probabilities
from pages._book.exercises import Card, Quest
from pages._book.language import mark, say
from pages._book.markdown import plain
from pages._book.questions import Question
from pages.applications.figures import shown as visible
from pages.applications.lesson import (
    BEGINNINGS,
    START,
    WALK,
    Shown,
    Written,
    which_shape,
    who_was_best,
)

COLD = 0.2
HOT = 1.5
QUOTED = "inside quotation marks"

TOUR = (
    Card(
        mark("Four shapes"),
        mark(
            "The drawing shows what goes in at each step and what comes out. Here every frame of sound "
            "gets its letter at once. **Choose machine translation**: there, nothing is written before "
            "all is read."
        ),
        sets=START,
        cue="app_which",
        done=lambda values: values.get("app_which") == "machine translation",
        panel="shapes",
    ),
    Card(
        mark("One character at a time"),
        mark(
            "The network reads the dotted beginning, draws one character by its probability, reads that "
            "one, and so on. **Change the seed under “More”**: the same network and the same probabilities, but other "
            "draws."
        ),
        sets=START,
        cue="app_seed",
        done=lambda values: values.get("app_seed", START["app_seed"]) != START["app_seed"],
        panel="text",
    ),
    Card(
        mark("Cold"),
        mark(
            "The temperature divides the logits before the softmax. **Lower it to 0.2 or less**: the "
            "likeliest character wins nearly always, and the text repeats itself."
        ),
        sets=START,
        cue="app_temperature",
        done=lambda values: (values.get("app_temperature") or START["app_temperature"]) <= COLD,
        panel="text",
    ),
    Card(
        mark("Hot"),
        mark(
            "**Now raise it to 1.5 or more**: rare characters are drawn more often, and words fall "
            "apart. The view “Next character” shows why."
        ),
        sets=START,
        cue="app_temperature",
        done=lambda values: (values.get("app_temperature") or START["app_temperature"]) >= HOT,
        panel="text",
    ),
    Card(
        mark("A unit that follows something"),
        mark(
            "The bars beneath the text are one unit's value after each character. No unit was told what "
            "to follow. **Choose the one for “inside quotation marks” under “More”**, and see it switch "
            "where a quotation mark stands."
        ),
        sets=START | {"app_unit": "vowel"},
        cue="app_unit",
        done=lambda values: values.get("app_unit") == QUOTED,
        panel="text",
    ),
    Card(
        mark("What nobody can forecast"),
        mark(
            "Another LSTM forecasts a series, and is tested on the series' own past. **Choose the random "
            "walk**: read what the test then says, and how wide the range is."
        ),
        sets=START,
        cue="app_series",
        done=lambda values: values.get("app_series") == WALK,
        panel="series",
    ),
    Card(
        mark("What it has to be told"),
        mark(
            "The network reads differences to the last season. **Set the season's length to 1**, as if "
            "there were none: which forecast is the best one now?"
        ),
        sets=START,
        cue="app_season",
        done=lambda values: values.get("app_season") == 1,
        panel="series",
    ),
)
TWICE = 40
SURE = 0.99
TYPED = 5


def longest_repeated(text: str) -> int:
    """Return the length of the longest stretch that a text has twice; the two may overlap."""
    ends = sorted(text[place:] for place in range(len(text)))
    longest = 0
    for one, next_one in pairwise(ends):
        while one[: longest + 1] == next_one[: longest + 1] and longest < len(one):
            longest += 1
    return longest


def _likeliest(written: Written) -> tuple[str, float]:
    """Return the likeliest character after the beginning, and its probability at T = 1."""
    shares = probabilities(written.writing.logits)
    place = int(np.argmax(shares))
    return written.network.vocabulary[place], float(shares[place])


def _sure(shown: Shown) -> bool:
    start = shown.written.writing.start
    own = len(start) >= TYPED and start not in BEGINNINGS.values()
    return own and _likeliest(shown.written)[1] >= SURE


def _sure_progress(shown: Shown) -> str:
    character, share = _likeliest(shown.written)
    return say(
        "After the beginning, the likeliest character is “{character}” with {share:.2%}.",
        character=plain(visible(character)),
        share=share,
    )


def _errors_progress(shown: Shown) -> str:
    if shown.tested is None:
        return say("There is no series that is long enough for a test on its own past.")
    if shown.flat:
        return say("This series never changes.")
    mase = shown.tested.mase
    return say(
        "Scaled errors: network {network:.2f}, naive {naive:.2f}, seasonal naive {seasonal:.2f}.",
        network=mase["network"],
        naive=mase["naive"],
        seasonal=mase["seasonal naive"],
    )


QUESTS = (
    Quest[Shown](
        "in-circles",
        mark("Let the network go in circles: it writes 40 characters or more twice in one text."),
        lambda shown: longest_repeated(shown.written.writing.text) >= TWICE,
        lambda shown: say(
            "The longest stretch that it wrote twice has {count} characters.",
            count=longest_repeated(shown.written.writing.text),
        ),
        mark("It needs room to repeat itself, and no surprises."),
    ),
    Quest[Shown](
        "nearly-sure",
        mark(
            "Type a beginning of your own, of five characters or more, after which the network gives "
            "one character 99% or more at T = 1."
        ),
        _sure,
        _sure_progress,
        mark("Stop in the middle of a long word or name that is often in the book."),
    ),
    Quest[Shown](
        "naive-wins",
        mark("Make the network lose: a naive forecast has a smaller scaled error than it."),
        lambda shown: (
            shown.tested is not None and not shown.flat and shown.tested.best != "network"
        ),
        _errors_progress,
        mark("Tell it a season that the series does not have."),
    ),
)


def quiz(shown: Shown) -> tuple[Question, ...]:
    """Ask for the shape, what half the temperature does, what is carried on, and who was best."""
    written = shown.written
    questions = which_shape(shown.application), _half_as_warm(written), _carried(written)
    return questions if shown.tested is None else (*questions, who_was_best(shown.tested))


def _half_as_warm(written: Written) -> Question:
    """Ask what half the temperature does to the ratio of the two likeliest characters."""
    logits = np.asarray(written.writing.logits, np.float64)
    first, second = np.argsort(-logits, kind="stable")[:2]
    gap, warm = float(logits[first] - logits[second]), written.temperature
    with np.errstate(over="ignore"):
        ratio, square = float(np.exp(gap / warm)), float(np.exp(2.0 * gap / warm))
    names = [plain(visible(written.network.vocabulary[place])) for place in (first, second)]
    text = say(
        "In the panel “Text generation”, after the beginning and at T = {t:.3g}, “{first}” is {ratio:.3g} "
        "times as likely as “{second}”. And at half that temperature?",
        t=warm,
        first=names[0],
        ratio=ratio,
        second=names[1],
    )
    choices = (
        say("As many times: {ratio:.3g}", ratio=ratio),
        say("Twice as many times: {ratio:.3g}", ratio=2.0 * ratio),
        say("Its square: {ratio:.3g} times", ratio=square),
    )
    fact = say(
        "The ratio is e to the power of (z₁ − z₂) / T: {gap:.2f} / {t:.3g} now, {gap:.2f} / {half:.3g} "
        "then. Half the temperature doubles the exponent, which squares the ratio.",
        gap=gap,
        t=warm,
        half=warm / 2.0,
    )
    right = tuple(place for place, one in enumerate((ratio, 2.0 * ratio, square)) if one == square)
    why = (
        say("That would be so only if the temperature left the probabilities alone."),
        say("The temperature divides the logits. It stands in an exponent, not beside the ratio."),
        fact,
    )
    shown_right = tuple(fact if place in right else one for place, one in enumerate(why))
    return Question(text, choices, right, shown_right)


def without(written: Written) -> tuple[Array, Array, Array]:
    """Compute the last guess' probabilities: as it is, without the cell state, without the hidden.

    Each is 0 in turn just before the last written character is read.
    """
    network, writing = written.network, written.writing
    hidden, cell = writing.hidden_state[-2], writing.cell_state[-2]
    read = network.one_hot(network.ids(writing.text[-1]))[0]
    states = (
        LSTMState(hidden, cell),
        LSTMState(hidden, np.zeros_like(cell)),
        LSTMState(np.zeros_like(hidden), cell),
    )
    guesses = (
        probabilities(network.logits(network.cell.step(read, state).hidden_state))
        for state in states
    )
    whole, no_cell, no_hidden = guesses
    return whole, no_cell, no_hidden


def _carried(written: Written) -> Question:
    """Ask which state goes from one character to the next, and take each of them away."""
    whole, no_cell, no_hidden = without(written)
    likeliest = int(np.argmax(whole))
    needs_cell, needs_hidden = bool(np.any(no_cell != whole)), bool(np.any(no_hidden != whole))
    fact = say(
        "After the whole text, “{character}” has {whole:.3f}. With the cell state set to 0 just before "
        "the last character is read, it gets {no_cell:.3f}; with the hidden state set to 0, "
        "{no_hidden:.3f}.",
        character=plain(visible(written.network.vocabulary[likeliest])),
        whole=float(whole[likeliest]),
        no_cell=float(no_cell[likeliest]),
        no_hidden=float(no_hidden[likeliest]),
    )
    right = {(True, False): 1, (False, True): 2}.get((needs_cell, needs_hidden), 0)
    return Question(
        say(
            "In the panel “Text generation”, when the last character was read: what had the cell kept of "
            "all before it to guess the next one from?"
        ),
        (
            say(
                "Cell state and hidden state, {units} numbers each",
                units=written.network.cell.units,
            ),
            say("The cell state alone, for that is its memory"),
            say("The hidden state alone, for the cell state is only shown"),
        ),
        (right,),
        tuple(
            fact if place == right else wrong
            for place, wrong in enumerate(
                (
                    fact,
                    say(
                        "With the hidden state set to 0 instead, the likeliest character gets "
                        "{no_hidden:.3f} and not {whole:.3f}.",
                        no_hidden=float(no_hidden[likeliest]),
                        whole=float(whole[likeliest]),
                    ),
                    say(
                        "With the cell state set to 0 instead, the likeliest character gets "
                        "{no_cell:.3f} and not {whole:.3f}.",
                        no_cell=float(no_cell[likeliest]),
                        whole=float(whole[likeliest]),
                    ),
                )
            )
        ),
        ("", "", "hidden-is-output"),
    )
