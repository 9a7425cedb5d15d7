"""Tour, quests and questions of the page on variants; the state is its ``Shown``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from lstm_core.cells import cell_parameter_count
from lstm_core.sentiment.tokenizer import tokenize
from pages._book.exercises import Card, Quest
from pages._book.language import decimal, mark, say
from pages._book.questions import Question
from pages._book.sentences import spelled
from pages._book.sequences import parse_numbers
from pages.variants.lesson import START, Shown, which_gate_writes

STAGES = 5
"""The player shows each input to a GRU in so many stages."""
LARGE = 5.0


def _has_a_but(values: Mapping[str, Any]) -> bool:
    text = str(values.get("variants_text") or "")
    return "but" in [token.word for token in tokenize(text)]


def _has_large_numbers(values: Mapping[str, Any]) -> bool:
    try:
        _, inputs = parse_numbers(str(values.get("gru_sequence") or ""))
    except ValueError:
        return False
    return bool(np.abs(inputs).max() >= LARGE)


TOUR = (
    Card(
        mark("Two readings meet"),
        mark(
            "One LSTM reads this sentence from the left, another from the right; each line adds up what "
            "its LSTM gives to the logit. Press ▶ to watch both, then **write a sentence with a “but” in "
            "it**, and see which reading decides."
        ),
        sets=START,
        cue="variants_text",
        panel="directions",
        done=_has_a_but,
    ),
    Card(
        mark("Layer over layer"),
        mark(
            "Four LSTMs: two directions in each of two layers. The first layer reads word vectors, the "
            "second reads the first. Under “More” a table shows how long each remembers, and the verdict "
            "without its memory."
        ),
        panel="layers",
    ),
    Card(
        mark("A GRU, step by step"),
        mark(
            "A GRU has no cell state, and two gates. **Step to the hidden state of the first input**: "
            "one gate, z, decides both what is kept and what is written."
        ),
        sets=START,
        cue="gru_step_player",
        panel="gru",
        done=lambda values: (values.get("gru_step") or 0) >= STAGES - 1,
    ),
    Card(
        mark("Gates that open and close"),
        mark(
            "With numbers near 1, an untrained gate stands half open. **Type numbers of 5 or more, "
            "or of −5 or less**, and watch the gates go towards 0 or 1."
        ),
        sets=START,
        cue="gru_sequence",
        panel="gru",
        done=_has_large_numbers,
    ),
    Card(
        mark("What it costs"),
        mark(
            "Each bar counts the parameters of a cell. **Raise the units to 8**: four times the units of "
            "before need far more than four times the parameters."
        ),
        sets=START,
        cue="gru_units",
        panel="counts",
        done=lambda values: (values.get("gru_units") or 0) >= 8,
    ),
    Card(
        mark("Peepholes"),
        mark(
            "A peephole lets a gate see the cell state. **Bring the weight to 0**: the LSTM and the "
            "one with peepholes become one line."
        ),
        sets=START,
        cue="peephole",
        panel="asides",
        done=lambda values: values.get("peephole") == 0,
    ),
)
AGAINST = 0.3
WORDS = 5
KEPT = 0.9
NUMBERS_KEPT = 5
PEEPED = 0.5


def _opposed(shown: Shown) -> bool:
    ahead, back = shown.split.moved
    apart = ahead * back < 0 and min(abs(ahead), abs(back)) >= AGAINST
    return spelled(shown.last.words) >= WORDS and apart


def _peeped(shown: Shown) -> float:
    """Return how far peepholes bring the last cell state of the unit shown."""
    plain, peeping, *_ = shown.aside.values()
    return float(abs(peeping[-1] - plain[-1]))


QUESTS = (
    Quest[Shown](
        "readings-disagree",
        mark(
            "Write a sentence of five words or more about which both readings disagree: one moves the "
            "logit up, the other down, each by at least 0.3."
        ),
        _opposed,
        lambda shown: say(
            "Forward {ahead:+.2f}, backward {back:+.2f}.",
            ahead=shown.split.moved[0],
            back=shown.split.moved[1],
        ),
        mark("Praise at one end, blame at the other, and “yet” between them."),
    ),
    Quest[Shown](
        "gru-keeps",
        mark(
            "Let the unit shown of the GRU keep at least 90% of its state at every step, over five numbers "
            "or more."
        ),
        lambda shown: len(shown.kept) >= NUMBERS_KEPT and bool(shown.kept.min() >= KEPT),
        lambda shown: say(
            "The least that it keeps of {steps} steps is {kept:.1%}.",
            steps=len(shown.kept),
            kept=float(shown.kept.min()),
        ),
        mark("Large numbers close or open a gate; the seed says which sign it takes."),
    ),
    Quest[Shown](
        "peepholes-matter",
        mark("Let peepholes bring the last cell state of the unit shown more than 0.5 away."),
        lambda shown: _peeped(shown) > PEEPED,
        lambda shown: say("At the last step it is {apart:.3f} away.", apart=_peeped(shown)),
        mark("What a peephole sees is the cell state: first make that large."),
    ),
)


def quiz(shown: Shown) -> tuple[Question, ...]:
    """Ask what a GRU writes, what the last place of a Bi-LSTM knows, and how much a GRU costs."""
    writes = which_gate_writes(shown.trace.update_gate, shown.step, shown.unit)
    return writes, _the_last_place(shown), _how_many_parameters(shown)


def _the_last_place(shown: Shown) -> Question:
    """Ask how much the backward LSTM has read at the last word; out[:, -1] is a common mistake."""
    words = shown.last.words
    count = len(words)
    text = say(
        "A bidirectional network gives two states at each word. At the last one, “{word}”, how many of "
        "the {count} words has the backward LSTM read?",
        word=words[-1][:30],
        count=count,
    )
    fact = say(
        "The backward LSTM begins there. If every other word became unknown, its state at “{word}” would "
        "change by {back:.3g}, and the forward one's by {ahead:.3g}. The backward LSTM has read the whole "
        "text only at the first word.",
        word=words[-1][:30],
        back=shown.last.backward,
        ahead=shown.last.forward,
    )
    choices = {1: ""}
    for number in (count, count // 2):
        choices.setdefault(number, "bilstm-last-step" if number == count else "")
    wrong = {
        count: say(
            "The forward LSTM has read so many there. At which end of the text does the backward one begin?"
        ),
        count // 2: say("The two do not divide the words between them: each reads the whole text."),
    }
    numbers = tuple(sorted(choices))
    return Question(
        text,
        tuple(str(number) for number in numbers),
        (numbers.index(1),),
        tuple(fact if number == 1 else wrong[number] for number in numbers),
        tuple(choices[number] for number in numbers),
    )


def _how_many_parameters(shown: Shown) -> Question:
    """Ask for a GRU's count with reset_after; the second bias is what is often left out."""
    features, units = shown.gru.features, shown.gru.units
    right = cell_parameter_count("GRU", features, units)
    one_bias = right - 3 * units
    lstm = cell_parameter_count("LSTM", features, units)
    three_blocks = say(
        "3 × {units} × ({features} + {units} + 2) = {count}: three blocks, and a bias each for "
        "the inputs and for the recurrence.",
        units=units,
        features=features,
        count=right,
    )
    biases_not_one = say(
        "That counts one bias for each block. With reset_after the reset gate acts on the recurrent part "
        "and its own bias, so both count: 3 × {units} = {more} numbers more.",
        units=units,
        more=3 * units,
    )
    four_blocks = say("That is what an LSTM of as many units has: four blocks.")
    choices = {right: (three_blocks, ""), one_bias: (biases_not_one, "two-biases")}
    # With one feature and few units, the LSTM may count the same.
    choices.setdefault(lstm, (four_blocks, ""))
    numbers = tuple(sorted(choices))
    text = say(
        "A GRU with reset_after (features: {features}, units: {units}): how many parameters does it "
        "have, as Keras counts them?",
        features=features,
        units=units,
    )
    return Question(
        text,
        tuple(decimal(number, ",") for number in numbers),
        (numbers.index(right),),
        tuple(choices[number][0] for number in numbers),
        tuple(choices[number][1] for number in numbers),
    )
