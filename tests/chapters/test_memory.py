"""The page on memory: its answers follow from runs with a gate held, and its pictures are safe."""

import numpy as np
import pytest

from lstm_core.sentiment.memory import Memory
from lstm_core.sentiment.opened import LAYERS, open_up
from pages._book.sentences import sentence_ids
from pages._book.style import DARK, LIGHT
from pages.memory import exercises, lesson
from pages.memory import figures as memory
from tests.chapters.samples.memory import CEREAL, TRAIN, reader, screen

QUESTS = {quest.key: quest for quest in exercises.QUESTS}


@pytest.mark.parametrize("key", QUESTS)
def test_a_short_text_does_no_quest(key):
    assert not QUESTS[key].done(screen("It is three"))


@pytest.mark.parametrize("text", [CEREAL, TRAIN, "Good film", "a a a"])
@pytest.mark.parametrize(("layer", "direction"), [("first", "forward"), ("second", "backward")])
def test_every_question_is_answered_from_the_screen(text, layer, direction):
    seen = screen(text, layer, direction)
    survival, at_one, at_zero, read_last = exercises.quiz(seen)
    for question in (survival, at_one, at_zero, read_last):
        assert all(question.mistakes[place] == "" for place in question.right if question.mistakes)
    left = [seen.memory.survived[int(choice.split(":")[0]) - 1] for choice in survival.choices]
    assert survival.right == tuple(place for place, share in enumerate(left) if share == max(left))
    assert read_last.choices[read_last.right[0]] == f"1: {seen.words[0]}"
    # With forget gates of 1 the term of a word stays what was written; with i = 0 nothing is.
    ids = sentence_ids(reader(), text)[1]
    kept, empty = (
        open_up(reader(), ids, LAYERS.index(layer), direction, held=gates).trace
        for gates in ({"forget": 1.0}, {"input": 0.0})
    )
    np.testing.assert_allclose(kept.cell_state[-1], kept.written.sum(axis=0), atol=1e-12)
    assert not empty.cell_state.any()
    assert at_one.choices[at_one.right[0]] == "All of it"
    assert at_zero.choices[at_zero.right[0]] == "Nothing"


def test_of_one_word_only_the_gates_are_asked():
    assert len(exercises.quiz(screen("Good"))) == 2


def test_named_mistakes_are_the_wrong_choices():
    named = [set(question.mistakes) - {""} for question in exercises.quiz(screen())]
    assert named == [
        set(),
        {"forget-one-forgets"},
        {"remember-with-closed-input"},
        {"bilstm-last-step"},
    ]


def test_the_network_keeps_of_the_lectures_review_what_the_lecture_keeps():
    """The lecture's own words are the claim: amazing, perfectly, definitely, buying again."""
    seen = screen(CEREAL)
    order = np.argsort(-seen.held)
    most = {seen.words[place] for place in order[:10]}
    assert {"amazing", "definitely", "perfectly", "buying", "again"} <= most
    least = {seen.words[place] for place in order[-12:]}
    assert {"of", "i", "all", "be"} <= least


def test_words_are_escaped_where_their_memory_is_shown():
    html = memory.words_kept(["<script>", "b"], np.array([0.2, 0.1]), np.array([1.0, -0.04]), LIGHT)
    assert "<script>" not in html
    assert "-0.0<" not in html
    held = Memory(np.array([[0.4, 0.0], [0.2, 0.3]]), np.array([1.0, -1.0]))
    figure = memory.memory_map(held, ["<i>", "b"], DARK)
    assert np.isnan(figure.data[0].z[1][0])
    assert figure.data[0].z[0][1] == pytest.approx(0.2)
    assert "&lt;i&gt;" in figure.data[0].x[0]


def test_presets_leave_the_layer_and_the_direction_as_they_are():
    assert [set(preset.sets) for preset in lesson.PRESETS.values()] == [{"memory_text"}] * 3
