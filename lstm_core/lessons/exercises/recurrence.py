"""Tour, quests and questions of the page on recurrence; the state is its ``WordRead``."""

from __future__ import annotations

import numpy as np

from lstm_core.arrays import Array
from lstm_core.language import mark, say
from lstm_core.lessons.exercises import Card, Quest, Step
from lstm_core.lessons.questions import Question
from lstm_core.lessons.recurrence import WordRead, how_many_weights, plain_count, recurrent_count

STAGES = 3
"""The player shows each letter in so many stages."""

TOUR = (
    Card(
        mark("One letter in"),
        mark(
            "The cell reads one letter at a time. **Step once through the first letter** with the "
            "button or the right arrow key: it is put beside the memory, weighed, squashed. What "
            "comes out, h, is all that the next step gets of it."
        ),
        sets={
            "letters": "banana",
            "recurrence_units": 3,
            "recurrence_seed": 1,
            "recurrence_unit": 1,
            "recurrence_step": Step(0),
        },
        cue="recurrence_step_player",
        done=lambda values: (values.get("recurrence_step") or 0) >= STAGES - 1,
    ),
    Card(
        mark("The same letter, another memory"),
        mark(
            "Here the first “a” has been read. **Go on to the end of the second “a”**, the fourth "
            "letter. The vector is the same, the weights are the same, and yet h is another: it met "
            "another memory."
        ),
        sets={"letters": "banana", "recurrence_step": Step(2 * STAGES - 1)},
        cue="recurrence_step_player",
        done=lambda values: (values.get("recurrence_step") or 0) >= 4 * STAGES - 1,
    ),
    Card(
        mark("One cell, not six"),
        mark(
            "Below, the cell is drawn once for every letter. Compare the squares: all copies hold the "
            "same weights. **Choose “folded”** to see what there really is: one cell that feeds itself."
        ),
        sets={"recurrence_view": "unrolled"},
        cue="recurrence_view",
        done=lambda values: values.get("recurrence_view") == "folded",
    ),
    Card(
        mark("A longer word"),
        mark(
            "**Type a word of more than six letters.** The plain layer's number of weights grows with "
            "every letter; the recurrent cell's stays, for the length has no part in it."
        ),
        sets={"letters": "banana", "recurrence_view": "unrolled"},
        cue="letters",
        done=lambda values: len(str(values.get("letters") or "").strip()) > 6,
    ),
    Card(
        mark("What a plain network lacks"),
        mark(
            "Three networks learned to spot an x that training showed in front only. The plain one is "
            "blind behind the shaded positions. **Move the slider to 6**, so that it is shown every "
            "position, and see what it needed."
        ),
        sets={"spotting_front": 3},
        cue="spotting_front",
        done=lambda values: (values.get("spotting_front") or 0) >= 6,
    ),
    Card(
        mark("What tanh is for"),
        mark(
            "The same cell runs for 60 steps with tanh and without it. **Raise the gain to 2 or "
            "beyond**: squashed, the state stays within 1; not squashed, it leaves every range."
        ),
        sets={"range_gain": 1.3},
        cue="range_gain",
        done=lambda values: (values.get("range_gain") or 0.0) >= 2,
    ),
)
APART = 1.0
LETTERS_OF_A_SWING = 6


def furthest_apart(read: WordRead) -> tuple[float, str]:
    """Find the letter whose readings leave the unit in front furthest apart: distance, letter."""
    found = (0.0, "")
    for piece in dict.fromkeys(read.pieces):
        if read.pieces.count(piece) < 2:
            continue
        there = read.in_front[[place for place, one in enumerate(read.pieces) if one == piece]]
        found = max(found, (float(np.ptp(there)), piece))
    return found


def sign_changes(read: WordRead) -> int:
    """Count the steps at which the unit in front changes its sign."""
    return int((np.diff(np.sign(read.in_front)) != 0).sum())


def _told_apart(read: WordRead) -> str:
    distance, piece = furthest_apart(read)
    if not piece:
        return say("No letter comes twice.")
    return say(
        "“{letter}” leaves h of unit {unit} up to {distance:.3f} apart.",
        letter=piece, unit=read.unit + 1, distance=distance,
    )  # fmt: skip


QUESTS = (
    Quest[WordRead](
        "same-letter-far-apart",
        mark(
            "Let one and the same letter, read at two steps, leave two states of the unit in front that "
            "are more than 1 apart."
        ),
        lambda read: furthest_apart(read)[0] > APART,
        _told_apart,
        mark("Another word, another seed, or another unit in front."),
    ),
    Quest[WordRead](
        "plain-is-smaller",
        mark("With two letters or more, find a case in which the plain layer needs fewer weights."),
        lambda read: (
            len(read.pieces) >= 2
            and plain_count(len(read.pieces), read.cell.units) < recurrent_count(read.cell.units)
        ),
        lambda read: say(
            "{letters} letters, {units} units: plain {plain:,}, recurrent {recurrent:,}.",
            letters=len(read.pieces), units=read.cell.units,
            plain=plain_count(len(read.pieces), read.cell.units),
            recurrent=recurrent_count(read.cell.units),
        ),
        mark("The plain layer pays for letters, the recurrent one for its memory: units × units."),
    ),
    Quest[WordRead](
        "swings",
        mark("In a text of six letters or more, let the unit in front change its sign at every step."),
        lambda read: (
            len(read.pieces) >= LETTERS_OF_A_SWING
            and sign_changes(read) == len(read.pieces) - 1
        ),
        lambda read: say(
            "Changes of sign: {changes} of {possible}.",
            changes=sign_changes(read), possible=len(read.pieces) - 1,
        ),
        mark("Two letters in turn that pull the unit in opposite directions."),
    ),
)  # fmt: skip


def quiz(read: WordRead) -> tuple[Question, ...]:
    """Ask how many weights there are, what concatenation is, and whether the order counts."""
    weights = how_many_weights(len(read.pieces), read.cell.units)
    return weights, _side_by_side(read), _the_other_way_round(read)


def _side_by_side(read: WordRead) -> Question:
    """Ask what the joined vector is multiplied to; concatenation is often read as addition."""
    features, units, unit = read.cell.features, read.cell.units, read.unit
    t = len(read.pieces) - 1
    by_input = float(read.inputs[t] @ read.cell.kernel[:, unit])
    by_memory = float(
        read.trace.previous_hidden_state[t] @ read.cell.recurrent_kernel[:, unit]
    )  # fmt: skip
    joined = say(
        "Joined, they are {rows} numbers, and W and R below each other have as many rows: for unit "
        "{unit}, x W + h R + b = {by_input:.3f} + ({by_memory:.3f}) + {bias:.3f} = {sum:.3f}. What is added "
        "are the products, not the vectors.",
        rows=features + units, unit=unit + 1, by_input=by_input, by_memory=by_memory,
        bias=read.cell.bias[unit], sum=read.trace.pre_activation[t, unit],
    )  # fmt: skip
    cannot = say(
        "x has {features} numbers and h has {units}: they cannot even be added number by number.",
        features=features, units=units,
    )  # fmt: skip
    added = read.inputs[t] + read.trace.previous_hidden_state[t] if features == units else None
    if added is not None:
        cannot = say(
            "Here both happen to have {features} numbers, and adding them first would give {other:.3f} "
            "through W, not {sum:.3f}.",
            features=features, other=float(added @ read.cell.kernel[:, unit] + read.cell.bias[unit]),
            sum=read.trace.pre_activation[t, unit],
        )  # fmt: skip
    apart = say(
        "Each of the units looks at all of them: {rows} numbers, {weights} weights.",
        rows=features + units, weights=(features + units) * units,
    )  # fmt: skip
    text = say(
        "The letter's vector x has {features} numbers, the memory h has {units}. What meets the weights "
        "of one unit?",
        features=features, units=units,
    )  # fmt: skip
    choices = (
        say("x and h side by side: {rows} numbers", rows=features + units),
        say("x + h, added number by number"),
        say("x alone; h is kept for the next letter"),
    )
    mistakes = ("", "concatenation-is-addition", "")
    return Question(text, choices, (0,), (joined, cannot, apart), mistakes)


def _the_other_way_round(read: WordRead) -> Question:
    """Ask whether the same letters in reverse order leave the same state."""
    ahead = float(read.in_front[-1])
    back = float(read.cell.run(read.inputs[::-1]).hidden_state[-1, read.unit])
    text = say(
        "Read “{text}” from its last letter to its first, with the same cell. What is the last h of unit "
        "{unit}?",
        text="".join(read.pieces), unit=read.unit + 1,
    )  # fmt: skip
    choices = (
        say("The same, for the letters are the same"),
        say("Another one"),
        say("The same with the other sign"),
    )
    fact = say("Forth it ends at {ahead:.4f}, back at {back:.4f}.", ahead=ahead, back=back)
    if _same(read.inputs, read.inputs[::-1]):
        why = say("The word reads the same from both ends, so that nothing changes.")
    else:
        why = say(
            "A sum would be the same; a recurrence squashes at each step, so that order counts."
        )
    fact = f"{fact} {why}"
    close = np.isclose
    right = 0 if close(ahead, back) else 2 if close(ahead, -back) else 1
    return Question(text, choices, (right,), (fact, fact, fact))


def _same(first: Array, second: Array) -> bool:
    return bool(np.array_equal(first, second))
