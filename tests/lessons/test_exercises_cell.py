"""Tour, quests and questions of the cell page are checked on the numbers that they speak of."""

import dataclasses

import numpy as np
import pytest

from lstm_core.lessons import cell as lesson
from lstm_core.lessons.exercises import cell as exercises
from lstm_core.lessons.sentences import SENTENCE, sentence_ids
from lstm_core.sentiment.opened import open_up

QUESTS = {quest.key: quest for quest in exercises.QUESTS}
# What stands in the misconceptions' file; a mistake that is none of them would never be told.
MISTAKES = {
    "forget-one-forgets", "cell-state-bounded", "tanh-misdrawn", "hidden-is-output",
    "remember-with-closed-input", "two-biases", "concatenation-is-addition", "gates-are-scalars",
    "units-are-steps", "",
}  # fmt: skip


def run(name, t=0, unit=0, units=1, change=None):
    """Run a preset as the page does."""
    preset = lesson.PRESETS[name]
    cell = preset.cell(units, 1)
    if change:
        cell = change(cell)
    parse = lesson.parse_words if preset.words else lesson.parse_numbers
    return exercises.Run(cell, cell.run(parse(preset.text)[1]), t, unit)


def biases(**values):
    def change(cell):
        bias = cell.bias.copy()
        for gate, value in values.items():
            bias[cell.columns(gate)] = value
        return cell.with_parameters({**cell.parameters, "bias": bias})

    return change


@pytest.fixture(scope="module")
def opened(reader):
    _, ids, _ = sentence_ids(reader, SENTENCE)
    return lambda held: open_up(reader, ids, 0, "backward", held)


@pytest.fixture(scope="module")
def reader():
    from lstm_core.sentiment.reader import Reader

    return Reader.load()


@pytest.mark.parametrize("name", lesson.PRESETS)
def test_no_quest_is_done_by_opening_a_preset(name):
    for quest in exercises.QUESTS:
        assert not quest.done(run(name)), quest.key
        assert quest.told(run(name))


def test_the_bit_survives_with_two_biases_and_with_no_other_change():
    quest = QUESTS["bit-survives"]
    both = biases(forget=8.0, input=-8.0)
    fading = run(exercises.FADING, change=both)
    assert quest.done(fading)
    c = fading.trace.cell_state[:, 0]
    assert f"{c[0]:.3f}" in quest.told(fading)
    assert f"{c[20]:.3f}" in quest.told(fading)
    assert not quest.done(run(exercises.FADING, change=biases(forget=8.0))), "noise comes in"
    assert not quest.done(run(exercises.FADING, change=biases(input=-8.0))), "it fades"
    assert not quest.done(run("Keep a bit")), "another cell"
    assert "A bit that fades" in quest.told(run("Keep a bit"))


def test_a_cell_keeps_silent_when_its_output_gate_is_shut():
    quest = QUESTS["silent"]
    shut = run("Leave the squash", change=lambda cell: cell.clamped({"output": 0.05}))
    assert abs(shut.trace.cell_state[-1, 0]) > 5
    assert quest.done(shut)
    assert not quest.done(run("Leave the squash"))


def test_the_verdict_turns_by_a_held_gate(opened):
    quest = QUESTS["verdict-turned"]
    plain, held = opened({}), opened({"candidate": 1.0})
    shown = exercises.Run(plain.cell, plain.trace, 0, 0, plain)
    assert not quest.done(shown)
    assert quest.done(dataclasses.replace(shown, opened=held))
    assert f"{held.changed:.1%}" in quest.told(dataclasses.replace(shown, opened=held))
    assert "reads reviews" in quest.told(run("Count"))


RIGHT_MOVES = (
    {"step": 4},
    {"step": 25},
    {"hold_forget": True, "hold_forget_at": 0.5},
    {"units": 4},
    {"cell_source": lesson.TRAINED},
    {"cell_off": [38]},
)


@pytest.mark.parametrize(("card", "move"), list(zip(exercises.TOUR, RIGHT_MOVES, strict=True)))
def test_each_card_waits_for_its_own_move(card, move):
    assert not card.done(dict(card.sets))
    assert not card.done({})
    assert card.done({**card.sets, **move})
    assert card.cue


@pytest.mark.parametrize("preset", lesson.PRESETS)
@pytest.mark.parametrize("t", [0, 3])
@pytest.mark.parametrize("units", [1, 3])
def test_every_question_has_one_feedback_a_choice_and_the_computed_answer(preset, t, units):
    if units > 1 and not lesson.PRESETS[preset].random:
        pytest.skip("this preset has one unit")
    shown = run(preset, t, units - 1, units)
    asked = exercises.quiz(shown)
    for question in asked:
        assert len(question.choices) == len(set(question.choices)) >= 2
        assert len(question.feedback) == len(question.mistakes) == len(question.choices)
        assert all(question.feedback)
        assert set(question.mistakes) <= MISTAKES
        assert len(question.right) == 1
        assert question.mistakes[question.right[0]] == ""
    right = [float(question.choices[question.right[0]]) for question in asked]
    trace, unit = shown.trace, shown.unit
    held = shown.cell.clamped({"forget": 1.0}, [unit])
    state = trace.hidden_state[t - 1] if t else np.zeros(units)
    memory = trace.cell_state[t - 1] if t else np.zeros(units)
    assert right[0] == pytest.approx(
        held.step(trace.inputs[t], (state, memory)).cell_state[unit], abs=6e-4
    )
    assert right[1] == pytest.approx(trace.hidden_state[t, unit], abs=6e-4)
    empty = shown.cell.clamped({"forget": 1.0, "input": 0.0}, [unit])
    kept = empty.step(trace.inputs[t], (state, np.where(np.arange(units) == unit, 0.0, memory)))
    assert right[2] == pytest.approx(kept.cell_state[unit], abs=6e-4)
    assert right[3] == sum(array.size for array in shown.cell.parameters.values())
