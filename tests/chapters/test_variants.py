"""The page on variants: counts, questions answered by another computation, figures."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lstm_core.cells import CELLS, cell_parameter_count
from lstm_core.cells.gru import GRUCell
from lstm_core.sentiment.halves import Halves
from pages._book.sentences import SENTENCE
from pages._book.style import LIGHT
from pages._book.walks import GRU
from pages.variants import exercises, figures, lesson
from tests.chapters.samples.variants import read, state

QUESTS = {quest.key: quest for quest in exercises.QUESTS}


def test_too_short_a_sentence_or_sequence_does_not_count():
    assert not QUESTS["readings-disagree"].done(state("Not bad, not good."))
    assert not QUESTS["gru-keeps"].done(state(numbers="-9 -9 -9 -9", seed=2))


def test_a_sequence_that_cannot_be_read_does_no_harm_to_the_tour():
    assert not exercises.TOUR[3].done({"gru_sequence": "nine nine"})
    assert len(GRU.stages) == exercises.STAGES


@settings(deadline=None)
@given(
    units=st.integers(1, 8),
    seed=st.integers(0, 50),
    step=st.integers(0, 7),
    data=st.data(),
    text=st.sampled_from([SENTENCE, "Good", "Not bad", "Great cast, awful script."]),
)
def test_every_question_is_answered_from_the_screen(units, seed, step, data, text):
    unit = data.draw(st.integers(0, units - 1))
    on_screen = state(text, units=units, seed=seed, unit=unit, step=step)
    writes, last, count = exercises.quiz(on_screen)
    mistakes = {
        "",
        "gru-z-or-one-minus-z",
        "gru-is-merged-lstm",
        "bilstm-last-step",
        "two-biases",
    }
    for question in (writes, last, count):
        assert len(question.choices) == len(set(question.choices)) == len(question.feedback)
        assert len(question.mistakes) == len(question.choices)
        assert all(question.mistakes[place] == "" for place in question.right)
        assert set(question.mistakes) <= mistakes
    z = on_screen.trace.update_gate[step, unit]
    assert writes.choices[writes.right[0]] == f"{1 - z:.1%}"
    assert last.choices[last.right[0]] == "1"
    counted = sum(p.size for p in on_screen.gru.parameters.values())
    assert count.choices[count.right[0]] == f"{counted:,}"


@given(t=st.integers(0, 4), seed=st.integers(0, 50))
def test_the_answer_about_the_update_gate_is_computed(t, seed):
    update = GRUCell.initialise(1, 2, seed).run(np.ones((5, 1))).update_gate
    question = lesson.which_gate_writes(update, t, 1)
    assert question.choices[question.right[0]] == f"{1 - update[t, 1]:.1%}"


def test_shares_of_a_gate_that_read_the_same_leave_the_right_one():
    question = lesson.which_gate_writes(np.array([[0.5]]), 0, 0)
    assert question.choices == ("50.0%", "100.0%")
    assert "writes the rest" in question.feedback[0]


def test_the_backward_state_at_the_last_word_has_read_that_word_alone():
    _, last = read(SENTENCE)
    assert last.backward == 0.0
    assert last.forward > 0.1
    _, alone = read("Good")
    assert alone.forward == alone.backward == 0.0


def test_the_table_of_parameters_agrees_with_itself():
    table = lesson.counts_table(3, 8)
    assert table["by the formula"] == table["by the object"]
    assert table["by the formula"][1] == table["parameters then"][1]


def test_both_readings_run_towards_each_other():
    split = Halves(np.array([1.0, 2.0, 3.0]), np.array([0.5, -0.5, 0.25]), 0.1, 6.35, (0.0, 0.0))
    figure = figures.meeting(split, ["a", "<b>", "c"], LIGHT)
    ahead, back, heads = figure.data
    assert [head.strip() for head in heads.text] == ["<b>+6.00</b>", "<b>+0.25</b>"]
    assert ahead.y[-1] == 6.0
    assert (back.x[0], back.x[-1]) == (3.5, 0.5)
    assert back.y[-1] == pytest.approx(0.25)
    assert [len(frame.data[0].x) for frame in figure.frames] == [1, 2, 3, 4]
    assert [step.args[0][0] for step in figure.layout.sliders[0].steps] == list("0123")
    assert figure.layout.sliders[0].active == 3
    assert "&lt;b&gt;" in figure.layout.xaxis.ticktext
    assert "6.00" in figures.meeting_alt(split, ["a", "b", "c"])


def test_layers_are_rows_of_units_from_the_bottom():
    states = {"first": np.array([[0.1, 0.2], [0.3, 0.4], [0.5, 0.6]]), "second": np.ones((3, 1))}
    units = {"first": [36, 4], "second": [7]}
    figure = figures.layers(states, units, ["a", "<b>", "c"], LIGHT)
    (heatmap,) = figure.data
    gap = [np.nan] * 3
    rows = [[0.2, 0.4, 0.6], [0.1, 0.3, 0.5], gap, [1, 1, 1], gap]
    np.testing.assert_allclose(heatmap.z, rows, rtol=1e-6)
    assert dict(zip(figure.layout.yaxis.tickvals, figure.layout.yaxis.ticktext, strict=True)) == {
        0: "unit 5",
        1: "unit 37",
        3: "unit 8",
    }
    assert [(head.y, head.text) for head in figure.layout.annotations] == [
        (2, "<b>first</b>"),
        (4, "<b>second</b>"),
    ]
    assert figure.layout.xaxis.ticktext[1] == "&lt;b&gt;"


def test_the_parameters_grow_as_they_are_counted():
    figure = figures.growth(1, 3, 8, LIGHT)
    assert len(figure.data) == len(CELLS)
    for kind, line in zip(CELLS, figure.data, strict=True):
        assert list(line.y) == [cell_parameter_count(kind, 1, count) for count in range(1, 9)]
        assert line.text[-1].strip() == kind
    assert f"LSTM: {cell_parameter_count('LSTM', 1, 3)} → " in figures.growth_alt(1, 3, 8)
