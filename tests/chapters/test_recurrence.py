"""The page on recurrence: letters, counts, questions answered by another computation, figures."""

from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lstm_core.cells.rnn import RNNCell
from lstm_core.training.positions import compare
from pages._book.log_axes import readable
from pages._book.style import DARK, LIGHT
from pages._book.walks import RNN
from pages.recurrence import exercises, figures, lesson
from tests.chapters.samples.recurrence import read, swing

QUESTS = {quest.key: quest for quest in exercises.QUESTS}


def test_letters_are_steps_and_too_many_are_refused():
    labels, vectors = lesson.letters("to be")
    assert labels == ["t", "o", "␣", "b", "e"]
    assert vectors.shape == (5, 3)
    assert lesson.letters("नमस्ते")[0] == ["न", "म", "स्", "ते"]
    for text in ("", "   ", "a" * 61):
        with pytest.raises(ValueError, match="letter"):
            lesson.letters(text)


def test_the_tour_counts_the_stages_of_the_player():
    assert len(RNN.stages) == exercises.STAGES


def test_a_letter_that_comes_again_is_pointed_out():
    banana = read("banana")
    sentence = lesson.repeated_letter(banana)
    assert "“a” is read at steps 2 and 4" in sentence
    assert np.array_equal(banana.inputs[1], banana.inputs[3])
    assert f"{banana.trace.hidden_state[1, 0]:.3f}" in sentence
    assert f"{banana.trace.hidden_state[3, 0]:.3f}" in sentence
    assert "comes twice" in lesson.repeated_letter(read("abc"))


@given(letters=st.integers(1, 60), units=st.integers(1, 8))
def test_the_answer_about_weights_is_the_cells_own_count(letters, units):
    question = lesson.how_many_weights(letters, units)
    counted = sum(p.size for p in RNNCell.initialise(3, units, 0).parameters.values())
    assert question.choices[question.right[0]] == f"{counted:,}"
    assert len(set(question.choices)) == len(question.feedback)


@pytest.mark.parametrize("gain", [0.5, 1.0, 3.0])
def test_tanh_keeps_the_range_and_nothing_else_does(gain):
    largest = lesson.squashed_or_not(gain, 1)
    assert largest["squashed by tanh"].max() <= 1
    assert (largest["not squashed"].max() > 1e6) == (gain > 2)
    assert readable(largest["not squashed"].max()) in lesson.range_sentence(largest, gain)


def test_more_than_one_state_fulfils_a_quest_and_less_does_not():
    assert QUESTS["same-letter-far-apart"].done(read("mississippi"))
    assert not QUESTS["swings"].done(read(swing()[:4]))
    assert not QUESTS["plain-is-smaller"].done(read("a"))
    assert QUESTS["same-letter-far-apart"].progress(read("abc")) == "No letter comes twice."


@settings(deadline=None)
@given(
    text=st.text("abcxyz", min_size=1, max_size=12),
    units=st.integers(1, 8),
    seed=st.integers(0, 20),
    data=st.data(),
)
def test_every_question_is_answered_from_the_screen(text, units, seed, data):
    shown = read(text, units, seed, data.draw(st.integers(0, units - 1)))
    weights, joined, order = exercises.quiz(shown)
    for question in (weights, joined, order):
        assert len(question.choices) == len(set(question.choices)) == len(question.feedback)
        assert not question.mistakes or len(question.mistakes) == len(question.choices)
        assert set(question.mistakes) <= {"", "units-are-steps", "concatenation-is-addition"}
        assert all(question.mistakes[place] == "" for place in question.right if question.mistakes)
    counted = sum(p.size for p in shown.cell.parameters.values())
    assert weights.choices[weights.right[0]] == f"{counted:,}"
    both = np.concatenate([shown.inputs[-1], shown.trace.previous_hidden_state[-1]])
    assert f"{len(both)} numbers" in joined.choices[joined.right[0]]
    stacked = np.concatenate([shown.cell.kernel, shown.cell.recurrent_kernel])
    value = (both @ stacked + shown.cell.bias)[shown.unit]
    # Two roundings of the same sum may differ in the last digit.
    told = joined.feedback[0].replace("−", "-")
    assert any(f"= {value + nudge:.3f}." in told for nudge in (0, 1e-12, -1e-12))
    assert order.choices[order.right[0]] == by_hand(shown)


def by_hand(shown):
    h = np.zeros(shown.cell.units)
    for x in shown.inputs[::-1]:
        h = np.tanh(x @ shown.cell.kernel + h @ shown.cell.recurrent_kernel + shown.cell.bias)
    ahead, back = shown.trace.hidden_state[-1, shown.unit], h[shown.unit]
    if np.isclose(ahead, back):
        return "The same, for the letters are the same"
    return "The same with the other sign" if np.isclose(ahead, -back) else "Another one"


def test_a_word_that_reads_the_same_from_both_ends_leaves_the_same_state():
    order = exercises.quiz(read("anna"))[2]
    assert order.right == (0,)
    assert "both ends" in order.feedback[0]
    order = exercises.quiz(read("banana"))[2]
    assert "order counts" in order.feedback[order.right[0]]


def test_every_copy_of_the_unrolled_cell_has_the_same_weights():
    cell = RNNCell.initialise(3, 2, 0)
    run = cell.run(np.ones((4, 3)))
    drawn = figures.folded_and_unrolled(cell, run, ["<", "b", "c", "d"], 0, LIGHT)
    patterns = [
        ElementTree.tostring(group).split(b">", 1)[1]
        for group in ElementTree.fromstring(drawn).iter("g")
        if group.get("transform")
    ]
    assert len(patterns) == 1 + 4, "folded, and a copy for each step"
    assert len(set(patterns)) == 1
    assert patterns[0].count(b"<rect") == 10
    many = cell.run(np.ones((30, 3)))
    long = figures.folded_and_unrolled(cell, many, ["<"] * 30, 1, DARK)
    assert long.count("translate(") == 1 + figures.COPIES
    assert "…" in "".join(ElementTree.fromstring(long).itertext())


def test_the_bars_are_the_recall_and_training_is_shaded():
    comparison = compare(3, 2, seed=0)
    figure = figures.recall_by_position(comparison, DARK)
    for bar, shares in zip(figure.data, comparison.recall.values(), strict=True):
        np.testing.assert_array_equal(bar.y, shares)
    assert len({bar.marker.pattern.shape for bar in figure.data}) == 3
    assert figure.layout.shapes[0].x1 == 2.5
    plain = ", ".join(f"{share:.0%}" for share in comparison.recall["plain"])
    assert f"plain network: {plain}" in figures.recall_by_position_alt(comparison)
    sentence = lesson.spotting_sentence(comparison)
    assert f"the plain network finds **{comparison.recall['plain'][2]:.0%}**" in sentence


def test_ranges_are_drawn_on_a_logarithmic_axis_without_zeros():
    largest = {"squashed by tanh": np.array([0.0, 0.5]), "not squashed": np.array([1.0, 1e9])}
    figure = figures.ranges(largest, LIGHT)
    assert figure.layout.yaxis.type == "log"
    assert np.isnan(figure.data[0].y[0])
    assert figure.data[1].y[1] == 1e9
    assert "not squashed: 1e+09" in figures.ranges_alt(largest)
