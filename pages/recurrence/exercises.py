"""Tour, quests and questions of the page on recurrence; the state is its ``WordRead``."""

from __future__ import annotations

import numpy as np

from pages._book.exercises import Card, Quest, Step
from pages._book.language import mark, say
from pages._book.questions import Question
from pages.recurrence.lesson import (
    START,
    WordRead,
    how_many_weights,
    plain_count,
    recurrent_count,
)

STAGES = 3
"""The player shows each letter in so many stages."""

TOUR = (
    Card(
        mark("One letter in"),
        mark(
            "The cell reads one letter at a time. **Step once through the first letter** with the "
            "button or the right arrow key. Input and hidden state are multiplied by weights and added, and "
            "tanh squashes the sum. The result h is all that the next step gets."
        ),
        sets=START,
        cue="recurrence_step_player",
        panel="reading",
        done=lambda values: (values.get("recurrence_step") or 0) >= STAGES - 1,
    ),
    Card(
        mark("The same letter, another hidden state"),
        mark(
            "Here the first “a” has been read. **Go on to the end of the second “a”**, the fourth "
            "letter. The vector and the weights are the same, but h is not: the hidden state before it "
            "was different."
        ),
        sets=START | {"recurrence_step": Step(2 * STAGES - 1)},
        cue="recurrence_step_player",
        panel="reading",
        done=lambda values: (values.get("recurrence_step") or 0) >= 4 * STAGES - 1,
    ),
    Card(
        mark("One cell, not six"),
        mark(
            "On the left one cell feeds itself; on the right it is drawn once for every letter. Follow the "
            "light: once round the loop is one copy further. The squares in the boxes are the weights: "
            "every copy has the same."
        ),
        sets=START,
        panel="unrolled",
    ),
    Card(
        mark("A longer word"),
        mark(
            "**Type a word of more than six letters.** A plain layer needs more weights with every letter; "
            "the recurrent cell needs the same number for any length."
        ),
        sets=START,
        cue="letters",
        panel="unrolled",
        done=lambda values: len(str(values.get("letters") or "").strip()) > 6,
    ),
    Card(
        mark("What a plain network lacks"),
        mark(
            "Three networks learned to find an x. Training showed it at the shaded positions only; at the "
            "others the plain network does not find it. **Move the slider to 6**, so that training shows "
            "every position."
        ),
        sets=START,
        cue="spotting_front",
        panel="plain",
        done=lambda values: (values.get("spotting_front") or 0) >= 6,
    ),
    Card(
        mark("What tanh is for"),
        mark(
            "The same cell runs for 60 steps with tanh and without it. **Raise the gain to 2 or "
            "beyond**: with tanh the state stays between −1 and 1; without it, it grows without bound."
        ),
        sets=START,
        cue="range_gain",
        panel="squashing",
        done=lambda values: (values.get("range_gain") or 0.0) >= 2,
    ),
)
APART = 1.0
LETTERS_OF_A_SWING = 6


def furthest_apart(read: WordRead) -> tuple[float, str]:
    """Find the letter whose readings leave the unit in front furthest apart: distance, letter."""
    furthest = (0.0, "")
    for piece in dict.fromkeys(read.pieces):
        places = [place for place, other in enumerate(read.pieces) if other == piece]
        if len(places) > 1:
            furthest = max(furthest, (float(np.ptp(read.in_front[places])), piece))
    return furthest


def sign_changes(read: WordRead) -> int:
    """Count the steps at which the unit in front changes its sign."""
    return int((np.diff(np.sign(read.in_front)) != 0).sum())


def _distance_in_words(read: WordRead) -> str:
    distance, piece = furthest_apart(read)
    if not piece:
        return say("No letter comes twice.")
    return say(
        "“{letter}” leaves h of unit {unit} up to {distance:.3f} apart.",
        letter=piece,
        unit=read.unit + 1,
        distance=distance,
    )


def _plain_needs_fewer(read: WordRead) -> bool:
    letters, units = len(read.pieces), read.cell.units
    return letters >= 2 and plain_count(letters, units) < recurrent_count(units)


def _swings(read: WordRead) -> bool:
    letters = len(read.pieces)
    return letters >= LETTERS_OF_A_SWING and sign_changes(read) == letters - 1


QUESTS = (
    Quest[WordRead](
        "same-letter-far-apart",
        mark(
            "Let the same letter, read at two steps, leave values of h that are more than 1 apart, in "
            "the unit shown."
        ),
        lambda read: furthest_apart(read)[0] > APART,
        _distance_in_words,
        mark("Another word, another seed, or another unit shown."),
    ),
    Quest[WordRead](
        "plain-is-smaller",
        mark("With two letters or more, find a case in which the plain layer needs fewer weights."),
        _plain_needs_fewer,
        lambda read: say(
            "{letters} letters, {units} units: plain {plain:,}, recurrent {recurrent:,}.",
            letters=len(read.pieces),
            units=read.cell.units,
            plain=plain_count(len(read.pieces), read.cell.units),
            recurrent=recurrent_count(read.cell.units),
        ),
        mark(
            "A plain layer needs weights for every letter, the recurrent cell units × units weights for "
            "its hidden state."
        ),
    ),
    Quest[WordRead](
        "swings",
        mark(
            "In a text of six letters or more, let h of the unit shown change its sign at every step."
        ),
        _swings,
        lambda read: say(
            "Changes of sign: {changes} of {possible}.",
            changes=sign_changes(read),
            possible=len(read.pieces) - 1,
        ),
        mark("Two letters in turn that pull the unit in opposite directions."),
    ),
)


def quiz(read: WordRead) -> tuple[Question, ...]:
    """Ask how many weights there are, what concatenation is, and whether the order counts."""
    weights = how_many_weights(len(read.pieces), read.cell.units)
    return weights, _side_by_side(read), _the_other_way_round(read)


def _side_by_side(read: WordRead) -> Question:
    """Ask what the joined vector is multiplied to; concatenation is often read as addition."""
    features, units = read.cell.features, read.cell.units
    apart = say(
        "h is used at once: each unit multiplies all {rows} numbers of x and h by weights, {weights} in all.",
        rows=features + units,
        weights=(features + units) * units,
    )
    text = say(
        "The letter's vector x has {features} numbers, the hidden state h has {units}. Which numbers does "
        "one unit multiply by its weights?",
        features=features,
        units=units,
    )
    choices = (
        say("x and h side by side: {rows} numbers", rows=features + units),
        say("x + h, added number by number"),
        say("x alone; h is kept for the next letter"),
    )
    feedback = (_joined(read), _why_not_added(read), apart)
    return Question(text, choices, (0,), feedback, ("", "concatenation-is-addition", ""))


def _joined(read: WordRead) -> str:
    """Write the last step's sum for the unit in front, with its numbers."""
    unit, cell, trace = read.unit, read.cell, read.trace
    return say(
        "Side by side they are {rows} numbers, and each has a weight of its own. For unit {unit}, x W + h R "
        "+ b = {by_input:.3f} + ({by_memory:.3f}) + {bias:.3f} = {sum:.3f}. What is added are the products, "
        "not the vectors.",
        rows=cell.features + cell.units,
        unit=unit + 1,
        by_input=float(read.inputs[-1] @ cell.kernel[:, unit]),
        by_memory=float(trace.previous_hidden_state[-1] @ cell.recurrent_kernel[:, unit]),
        bias=cell.bias[unit],
        sum=trace.pre_activation[-1, unit],
    )


def _why_not_added(read: WordRead) -> str:
    """Say what comes of adding the vectors, where they can be added at all."""
    unit, cell = read.unit, read.cell
    if cell.features != cell.units:
        return say(
            "x has {features} numbers and h has {units}: they cannot even be added number by number.",
            features=cell.features,
            units=cell.units,
        )
    added = read.inputs[-1] + read.trace.previous_hidden_state[-1]
    return say(
        "Here both happen to have {features} numbers, and adding them first would give {other:.3f} "
        "through W, not {sum:.3f}.",
        features=cell.features,
        other=float(added @ cell.kernel[:, unit] + cell.bias[unit]),
        sum=read.trace.pre_activation[-1, unit],
    )


def _the_other_way_round(read: WordRead) -> Question:
    """Ask whether the same letters in reverse order leave the same state."""
    ahead = float(read.in_front[-1])
    back = float(read.cell.run(read.inputs[::-1]).hidden_state[-1, read.unit])
    text = say(
        "Read “{text}” from its last letter to its first, with the same cell. What is the last h of unit "
        "{unit}?",
        text="".join(read.pieces),
        unit=read.unit + 1,
    )
    choices = (
        say("The same, for the letters are the same"),
        say("Another one"),
        say("The same with the other sign"),
    )
    right = 0 if np.isclose(ahead, back) else 2 if np.isclose(ahead, -back) else 1
    numbers = say(
        "From the first letter on, h ends at {ahead:.4f}; from the last one on, at {back:.4f}.",
        ahead=ahead,
        back=back,
    )
    if np.array_equal(read.inputs, read.inputs[::-1]):
        why = say("The word reads the same from both ends, so that nothing changes.")
    else:
        why = say(
            "A sum would be the same. Here tanh comes between two letters, so that order counts."
        )
    feedback = [
        say("That would hold for a sum of the letters. Here tanh comes between two letters."),
        say("Read the word from its end, and compare both."),
        say("Nothing changes the sign of h: other sums on the way give other numbers."),
    ]
    feedback[right] = f"{numbers} {why}"
    return Question(text, choices, (right,), tuple(feedback))
