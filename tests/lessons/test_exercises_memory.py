"""The tour, quests and questions on memory are reachable, and right about what is shown."""

from functools import cache

import numpy as np
import pytest

from lstm_core.lessons import memory as lesson
from lstm_core.lessons.exercises import memory as exercises
from lstm_core.lessons.sentences import sentence_ids
from lstm_core.sentiment.memory import remember
from lstm_core.sentiment.opened import open_up
from lstm_core.sentiment.reader import Reader

QUESTS = {quest.key: quest for quest in exercises.QUESTS}
CEREAL = lesson.EXAMPLES[exercises.CEREAL]
TRAIN = "The train leaves at three and the letter is in the box on the table by the door."
reader = cache(Reader.load)


@cache
def held(text=CEREAL, layer=0, direction="forward"):
    words, ids, _ = sentence_ids(reader(), text)
    both = {way: remember(reader(), ids, layer, way) for way in ("forward", "backward")}
    everything = lesson.both_ways(both["forward"], both["backward"])
    matters = both["forward"].matters
    return lesson.Held(words, everything, matters, both[direction], direction, both["backward"])


@pytest.mark.parametrize(
    ("key", "done"),
    [
        ("held-in-vain", (TRAIN,)),
        ("half-is-left", ("Amazing! a a a a a a a a a a a",)),
        (
            "decisive-and-gone",
            (
                "Two hours in a small town with a man who finds a letter, wonderful as it is, and "
                "then takes the train to the sea, and so on and so on",
                1,
            ),
        ),
    ],
)
def test_quests_are_open_at_first_and_can_be_done(key, done):
    quest = QUESTS[key]
    assert not quest.done(held())
    assert quest.done(held(*done))
    assert quest.told(held()) != quest.told(held(*done))


@pytest.mark.parametrize("key", QUESTS)
def test_a_short_text_does_no_quest(key):
    assert not QUESTS[key].done(held("It is three"))


MOVES = (
    {"memory_text": CEREAL.replace("Amazing!", "")},
    {"memory_direction": "backward"},
    {"memory_layer": "second"},
    {"memory_text": lesson.EXAMPLES[exercises.PLOT]},
    None,
)


@pytest.mark.parametrize(("card", "move"), list(zip(exercises.TOUR, MOVES, strict=True)))
def test_a_card_is_done_by_its_move_alone(card, move):
    if move is None:
        assert card.done is None
        return
    assert not card.done(dict(card.sets))
    assert card.done({**card.sets, **move})


@pytest.mark.parametrize("text", [CEREAL, TRAIN, "Good", "Good film", "a a a"])
@pytest.mark.parametrize(("layer", "direction"), [(0, "forward"), (1, "backward")])
def test_every_question_is_answered_from_the_screen(text, layer, direction):
    shown = held(text, layer, direction)
    survival, at_one, at_zero, read_last = exercises.quiz(shown)
    for question in (survival, at_one, at_zero, read_last):
        assert len(question.choices) == len(question.feedback)
        assert not question.mistakes or len(question.mistakes) == len(question.choices)
        assert all(question.mistakes[place] == "" for place in question.right if question.mistakes)
    largest = max(
        shown.memory.survived[int(choice.split(":")[0]) - 1] for choice in survival.choices
    )
    for place, choice in enumerate(survival.choices):
        left = shown.memory.survived[int(choice.split(":")[0]) - 1]
        assert (place in survival.right) == (left == largest)
    assert read_last.choices[read_last.right[0]] == f"1: {shown.words[0]}"
    # With forget gates of 1 the term of a word stays what was written; with i = 0 nothing is.
    cell_of = {"forget": 1.0}, {"input": 0.0}
    ids = sentence_ids(reader(), text)[1]
    kept, empty = (open_up(reader(), ids, layer, direction, held=gates).trace for gates in cell_of)
    np.testing.assert_allclose(kept.cell_state[-1], kept.written.sum(axis=0), atol=1e-12)
    assert not empty.cell_state.any()
    assert at_one.choices[at_one.right[0]] == "All of it"
    assert at_zero.choices[at_zero.right[0]] == "Nothing"


def test_named_mistakes_are_the_wrong_choices():
    named = [set(question.mistakes) - {""} for question in exercises.quiz(held())]
    assert named == [
        set(), {"forget-one-forgets"}, {"remember-with-closed-input"}, {"bilstm-last-step"},
    ]  # fmt: skip
