"""The gradients page's tour, quests and questions: reachable, and right by another computation."""

from dataclasses import replace

import numpy as np
import pytest

from lstm_core.activations import ACTIVATIONS
from lstm_core.descent import descend
from lstm_core.gradient_flow import Experiment
from lstm_core.lessons.exercises import gradients as exercises
from lstm_core.lessons.gradients import PRESETS, follow_all

FIRST = PRESETS["Vanishing"].experiment


def state(experiment=FIRST, rate=0.01, updates=20):
    with np.errstate(over="ignore", invalid="ignore"):
        return exercises.State(
            experiment, follow_all(experiment), descend(experiment, rate, updates)
        )


REACHED = {
    "keeps-its-length": state(Experiment(activation="linear", steps=101)),
    "stretches-and-vanishes": state(Experiment(initialisation="normal", gain=0.7, steps=60)),
    "learns-while-it-grows": state(Experiment(gain=1.8, steps=60), 0.003, 100),
}


@pytest.mark.parametrize("quest", exercises.QUESTS, ids=lambda quest: quest.key)
def test_a_quest_is_open_at_first_and_can_be_reached(quest):
    assert not quest.done(state())
    assert quest.done(REACHED[quest.key])
    assert quest.told(REACHED[quest.key]) != quest.told(state())


@pytest.mark.parametrize("name", PRESETS)
def test_no_preset_fulfils_a_quest(name):
    assert not any(quest.done(state(PRESETS[name].experiment)) for quest in exercises.QUESTS)


MOVES = (
    {"gain": 3.0}, {"gain": 1.5}, {"activation": "sigmoid"}, {"forget_bias": 4.0}, {"gain": 8.0},
    {"part": "the first tenth"},
)  # fmt: skip


@pytest.mark.parametrize(("card", "move"), zip(exercises.TOUR, MOVES, strict=True))
def test_a_card_waits_until_the_visitor_acts(card, move):
    assert card.cue in move
    assert not card.done(card.sets)
    assert card.done(card.sets | move)


@pytest.mark.parametrize(
    "experiment",
    [
        *(preset.experiment for preset in PRESETS.values()),
        Experiment(activation="linear", steps=12),
        Experiment(activation="linear", gain=10.0, steps=200),
        Experiment(activation="sigmoid", gain=0.0, steps=200, network="LSTM"),
        Experiment(steps=1),
    ],
)
def test_every_choice_has_its_feedback(experiment):
    for question in exercises.quiz(state(experiment)):
        assert len(question.feedback) == len(question.choices)
        assert len(set(question.choices)) == len(question.choices)
        assert question.right
        assert len(question.mistakes) in {0, len(question.choices)}


@pytest.mark.parametrize(
    ("experiment", "right"),
    [
        (Experiment(gain=0.9), 1),
        (Experiment(gain=1.5), 2),
        (Experiment(activation="sigmoid", gain=3.9), 1),
        (Experiment(activation="sigmoid", gain=4.5), 2),
        (Experiment(activation="linear", gain=1.2), 0),
        (Experiment(activation="linear", gain=1.0), 2),
        (Experiment(activation="linear", initialisation="normal", gain=1.0), 2),
    ],
)
def test_what_must_happen_to_a_gradient(experiment, right):
    shown = state(experiment)
    question = exercises.must_it_explode(shown)
    assert question.right == (right,)
    flow = shown.flows["RNN"]
    kernel = flow.cell.recurrent_kernel
    slope = ACTIVATIONS[experiment.activation].derivative
    slopes = slope(flow.trace.pre_activation[1:])
    # One step back is R' behind the slopes; its extremes bound what each step of it did.
    steps = [np.linalg.svd(kernel * row, compute_uv=False) for row in slopes]
    if right == 1:
        assert all(values[0] < 1 for values in steps)
    if right == 0:
        assert all(values[-1] > 1 for values in steps)


@pytest.mark.parametrize(("bias", "gain"), [(4.6, 1.0), (0.0, 1.0), (1.0, 8.0), (6.0, 0.0)])
def test_the_share_of_the_direct_path(bias, gain):
    experiment = Experiment(
        initialisation="PyTorch", gain=gain, steps=40, network="LSTM", forget_bias=bias
    )
    flow = state(experiment).flows["LSTM"]
    direct = flow.gradient.memory[-1].copy()
    for t in range(39, 0, -1):
        direct *= flow.trace.forget_gate[t]
    share = flow.norms[0] / np.linalg.norm(direct)
    question = exercises.direct_path(flow)
    assert question.right == ((0,) if share < 0.5 else (2,) if share > 2 else (1,))
    assert f"{np.linalg.norm(direct):.2e}" in question.text


def test_with_no_recurrent_kernel_the_direct_path_is_all():
    flow = state(Experiment(gain=0.0, steps=20, network="LSTM")).flows["LSTM"]
    assert exercises.direct_path(flow).right == (1,)


def test_an_rnn_has_no_direct_path():
    with pytest.raises(TypeError, match="LSTM"):
        exercises.direct_path(state().flows["RNN"])


def test_the_steps_that_move_the_weight_are_those_with_the_largest_sum():
    flow = state(replace(FIRST, steps=40)).front
    row, column = np.unravel_index(
        np.abs(flow.gradient.kernel).argmax(), flow.gradient.kernel.shape
    )
    shares = flow.trace.inputs[:, row] * flow.gradient.pre_activation[:, column]
    sums = [abs(shares[:4].sum()), abs(shares[4:36].sum()), abs(shares[36:].sum())]
    assert exercises.who_moves_the_weight(flow).right == (int(np.argmax(sums)),)


def test_with_a_single_step_the_first_and_the_last_are_the_same():
    assert exercises.who_moves_the_weight(state(Experiment(steps=1)).front).right == (0, 2)
