"""The remedies page's tour, quests and questions: reachable, and right by another computation."""

from dataclasses import replace

import numpy as np
import pytest

from lstm_core.gradient_flow import Experiment, follow
from lstm_core.lessons import remedies
from lstm_core.lessons.exercises import remedies as exercises
from lstm_core.lessons.remedies import PRESETS, Switches

FIRST = PRESETS["Explosion, clipped"]


def state(experiment=FIRST.experiment, rate=0.01, updates=40, switches=FIRST.switches, limit=0.05):
    before, after = remedies.run_both(experiment, rate, updates, switches)
    flow = follow(experiment)
    found = tuple(remedies.versions(flow, 1.0, limit))
    return exercises.State(experiment, rate, switches, before, after, flow, 1.0, found)


VANISHING = replace(PRESETS["Vanishing, an LSTM"].experiment, steps=80)
REACHED = {
    "learns-unclipped": lambda: state(switches=Switches(window=4)),
    "brought-alive": lambda: state(VANISHING, 0.05, 100, Switches(lstm=5.0)),
    "cut-but-not-turned": lambda: state(
        limit=0.95 * max(abs(g).max() for g in follow(FIRST.experiment).gradient.parameters.values())
    ),
}  # fmt: skip


@pytest.mark.parametrize("quest", exercises.QUESTS, ids=lambda quest: quest.key)
def test_a_quest_is_open_at_first_and_can_be_reached(quest):
    first, reached = state(), REACHED[quest.key]()
    assert not quest.done(first)
    assert quest.done(reached)
    assert quest.told(reached) != quest.told(first)


@pytest.mark.parametrize("name", PRESETS)
def test_no_preset_fulfils_a_quest(name):
    preset = PRESETS[name]
    shown = state(preset.experiment, preset.rate, preset.updates, preset.switches)
    assert not any(quest.done(shown) for quest in exercises.QUESTS)


MOVES = (
    {"remedy_norm": True}, {"remedy_window": 4}, {"remedy_start": True}, {"remedy_which": "L2"},
    {"arrow_limit": 1000.0}, {"cliff_norm": 100.0}, {"echo_radius": 0.5},
)  # fmt: skip


@pytest.mark.parametrize(("card", "move"), zip(exercises.TOUR, MOVES, strict=True))
def test_a_card_waits_until_the_visitor_acts(card, move):
    assert card.cue in move
    assert not card.done(card.sets)
    assert card.done(card.sets | move)
    assert not card.done({})


ENDLESS = Experiment("linear", gain=10.0, steps=200)


@pytest.mark.parametrize(
    "shown",
    [
        state,
        lambda: state(VANISHING, 0.05, 3, Switches(norm=1.0)),
        lambda: state(ENDLESS, 1000.0, 2, Switches()),
        lambda: state(Experiment(steps=1), 0.01, 0, Switches(window=1)),
    ],
)
def test_every_choice_has_its_feedback(shown):
    for question in exercises.quiz(shown()):
        assert len(question.feedback) == len(question.choices)
        assert len(set(question.choices)) == len(question.choices)
        assert question.right
        assert len(question.mistakes) in {0, len(question.choices)}


def test_clipping_after_the_update_is_too_late():
    shown = state(rate=0.5)
    question = exercises.clipped_too_late(shown)
    assert question.right == (0,)
    parameters = shown.flow.cell.parameters
    moved = [
        parameters[name] - 0.5 * gradient - parameters[name]
        for name, gradient in shown.flow.gradient.parameters.items()
    ]
    length = np.sqrt(sum((part**2).sum() for part in moved))
    assert f"{length:.3g}" in question.choices[0]
    assert question.mistakes[1] == "clip-after-step"


@pytest.mark.parametrize(
    ("experiment", "window", "right"),
    [
        (FIRST.experiment, 8, 1),
        (FIRST.experiment, None, 1),
        (FIRST.experiment, 40, 2),
        (replace(FIRST.experiment, gain=0.0), 8, 0),
        (Experiment(steps=1), 1, 2),
    ],
)
def test_what_truncation_leaves_of_the_first_step(experiment, window, right):
    question = exercises.what_truncation_leaves(
        state(experiment, updates=1, switches=Switches(window=window))
    )
    assert question.right == (right,)
    cell, inputs = experiment.cell(), experiment.inputs()
    changed = inputs.copy()
    changed[0] = 0.0
    difference = np.linalg.norm(
        cell.run(inputs).hidden_state[-1] - cell.run(changed).hidden_state[-1]
    )
    assert (difference != 0) == (right > 0)
    assert f"{difference:.2e}" in question.feedback[0]


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_is_what_its_controls_say(name):
    preset, values = PRESETS[name], remedies.controls(PRESETS[name])
    assert [key for key in remedies.REMEDIES if values[f"remedy_{key}"]] == preset.switches.on
    assert values["remedy_length"] == preset.experiment.steps
    assert None not in values.values()
