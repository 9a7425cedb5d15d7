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


WORDS = {
    "The lecture's box of cereal": ({"amazing", "perfectly", "definitely"}, {"of", "a", "as"}),
    "A film that turns": ({"superbly", "terrific", "disappointed", "no"}, {"the", "in"}),
    "Mostly plot": ({"wonderful", "quiet"}, {"the", "to", "in"}),
}


@pytest.mark.parametrize("name", WORDS)
def test_wherever_they_stand_the_words_of_judgement_are_held_most(name):
    """The lecture's own words are the claim: amazing, perfectly, definitely."""
    seen = screen(lesson.EXAMPLES[name])
    most, least = WORDS[name]
    order = np.argsort(-seen.anywhere)
    assert {seen.words[place] for place in order[: len(most)]} == most
    assert least <= {seen.words[place] for place in order[-6:]}
    said = lesson.kept_sentence(seen).split("most,")[0]
    assert all(f"**{seen.words[place]}**" in said for place in order[:2])


@pytest.mark.parametrize("name", WORDS)
def test_the_place_explains_more_than_the_word(name):
    seen = screen(lesson.EXAMPLES[name])
    place, word = seen.explained
    assert place > word > 0.2
    assert f"{place:.0%}" in lesson.kept_sentence(seen)
    # Of one half alone, the words read last are held most, whichever they are.
    assert (
        seen.moved["forward"].by_place[-1]
        > 5 * seen.moved["forward"].by_place[len(seen.words) // 2]
    )
    assert seen.moved["backward"].by_place[0] > 5 * seen.moved["backward"].by_place[-1]


def test_both_halves_add_up_to_what_is_held():
    seen = screen()
    np.testing.assert_allclose(seen.halves["forward"] + seen.halves["backward"], seen.held)
    assert seen.words[int(seen.halves["backward"].argmax())] == "amazing"
    assert seen.words[int(seen.halves["forward"].argmax())] == "definitely"


def test_a_single_word_has_sentences_too():
    seen = screen("Good")
    assert "**good**" in lesson.kept_sentence(seen)
    assert lesson.agreement_sentence(seen.anywhere, seen.matters)
    assert lesson.fading_sentence(seen, 26)
    assert lesson.needed_alt(seen)
    memory.two_halves(seen.words, seen.halves, seen.moved, LIGHT)
    memory.held_and_matters(seen.anywhere, seen.matters, seen.words, LIGHT)


def test_every_word_is_named_in_the_pictures():
    seen = screen()
    halves = memory.two_halves(seen.words, seen.halves, seen.moved, LIGHT)
    assert list(halves.layout.xaxis.ticktext) == [word[:14] for word in seen.words]
    figure = memory.memory_map(seen.memory, seen.order, DARK)
    assert list(figure.layout.xaxis.ticktext) == list(seen.words)
    rows = figure.layout.yaxis.ticktext
    assert len(rows) == len(figure.data[0].z) == memory.ROWS
    assert {"amazing", "perfectly", "definitely"} <= set(rows)


def test_a_visitors_words_are_escaped_in_the_pictures():
    held = Memory(np.array([[0.4, 0.0], [0.2, 0.3]]), np.array([1.0, -1.0]))
    figure = memory.memory_map(held, ["<i>", "b"], DARK)
    assert np.isnan(figure.data[0].z[1][0])
    assert figure.data[0].z[0][1] == pytest.approx(0.2)
    assert figure.layout.xaxis.ticktext[0] == "&lt;i&gt;"
    points = memory.held_and_matters(np.array([0.1, 0.3]), np.ones(2), ["<i>", "b"], DARK)
    assert "&lt;i&gt;" in points.data[0].text


def test_presets_leave_the_layer_and_the_direction_as_they_are():
    assert [set(preset.sets) for preset in lesson.PRESETS.values()] == [{"memory_text"}] * 3
