"""The page on remedies: its answers by another computation, its words and its pictures."""

from dataclasses import replace

import numpy as np
import pytest

from lstm_core.gradients.cliff import Cliff
from lstm_core.gradients.descent import descend
from lstm_core.gradients.echo_state import remember
from lstm_core.gradients.flow import Experiment, follow
from lstm_core.gradients.remedies import Remedies
from pages._book.style import DARK, LIGHT
from pages.remedies import exercises, figures, lesson
from pages.remedies.lesson import PRESETS, START
from tests.chapters.samples.remedies import state_of

FIRST = lesson.trial_of(START).experiment


def test_clipping_after_the_update_is_too_late():
    shown = state_of(rate=0.5)
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
        (FIRST, 8, 1),
        (FIRST, None, 1),
        (FIRST, 40, 2),
        (replace(FIRST, gain=0.0), 8, 0),
        (Experiment(steps=1), 1, 2),
    ],
)
def test_what_truncation_leaves_of_the_first_step(experiment, window, right):
    question = exercises.what_truncation_leaves(
        state_of(experiment, updates=1, remedies=Remedies(window=window))
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


@pytest.mark.parametrize("max_norm", [1e-3, 1e9])
def test_the_answer_about_clipping_is_computed(max_norm):
    question = lesson.does_clipping_help(follow(Experiment(gain=0.9, steps=60)), max_norm)
    assert question.right == ((0,) if max_norm < 1 else (1,))


@pytest.mark.parametrize("name", PRESETS)
def test_both_runs_are_told_without_nan(name):
    assert "nan" not in lesson.sentence(lesson.trial_of(PRESETS[name].sets).run())


@pytest.mark.parametrize(
    ("changed", "remedies"),
    [
        ({}, Remedies(max_norm=1.0)),
        ({"remedy_norm": False}, Remedies()),
        ({"remedy_truncate": True, "remedy_window": 5}, Remedies(max_norm=1.0, window=5)),
        ({"remedy_truncate": True, "remedy_length": 3}, Remedies(max_norm=1.0, window=3)),
        ({"remedy_value": True, "remedy_limit": 0.2}, Remedies(max_norm=1.0, limit=0.2)),
        (
            {"remedy_penalty": True, "remedy_which": "L1", "remedy_strength": 2.0},
            Remedies(max_norm=1.0, penalty="L1", strength=2.0),
        ),
        ({"remedy_start": True}, Remedies(max_norm=1.0, start=("orthogonal", 1.5))),
        ({"remedy_lstm": True}, Remedies(max_norm=1.0, forget_bias=4.0)),
        # The number of a remedy that is off says nothing.
        ({"remedy_limit": 7.0, "remedy_strength": 7.0}, Remedies(max_norm=1.0)),
    ],
)
def test_a_remedy_is_what_its_controls_say(changed, remedies):
    assert lesson.trial_of(START | changed).remedies == remedies


def test_the_network_in_trouble_is_what_its_controls_say():
    changed = {
        "remedy_activation": "tanh",
        "remedy_kernel": "PyTorch",
        "remedy_gain": 2.0,
        "remedy_length": 7,
        "remedy_seed": 3,
        "remedy_rate": 0.5,
        "remedy_updates": 9,
    }
    trial = lesson.trial_of(START | changed)
    assert trial.experiment == Experiment("tanh", "PyTorch", 2.0, 32, 7, 3)
    assert (trial.rate, trial.updates) == (0.5, 9)


def test_remedies_that_exclude_each_other_are_named():
    both = START | {
        "remedy_norm": False,
        "remedy_length": 5,
        "remedy_updates": 2,
        "remedy_penalty": True,
        "remedy_lstm": True,
    }
    assert "left out" in lesson.problem(both)
    assert lesson.problem(both | {"remedy_which": "L2"}) == ""
    assert lesson.problem(both | {"remedy_lstm": False}) == ""
    trial = lesson.trial_of(both)
    assert trial.remedies == Remedies(forget_bias=4.0)
    assert len(trial.run().after.losses) == 3
    told = lesson.what_is_on(both)
    assert [name for name in ("norm", "penalty", "lstm") if lesson.REMEDIES[name].name in told] == [
        "penalty",
        "lstm",
    ]


def test_without_a_remedy_both_runs_are_the_same():
    off = START | {"remedy_norm": False}
    runs = lesson.trial_of(off).run()
    np.testing.assert_array_equal(runs.before.losses, runs.after.losses)
    assert "both runs are the same" in lesson.what_is_on(off)


def test_both_runs_are_drawn_with_what_was_lost():
    exploding = Experiment("relu", gain=1.5, steps=40)
    before = descend(exploding, 0.01, 10)
    after = descend(exploding, 0.01, 10, Remedies(max_norm=1.0, window=8))
    figure = figures.gradient_before_and_after(before, after, 8, LIGHT)
    assert figure.layout.shapes[0].x1 == 32.5
    assert np.isnan(np.asarray(figure.data[1].y)[:32]).all()
    assert not figures.gradient_before_and_after(before, after, None, LIGHT).layout.shapes
    losses = figures.loss_before_and_after(before, after, DARK)
    assert [mark.text for mark in losses.layout.annotations] == ["without remedies: NaN after 2"]


def test_a_walk_that_leaves_the_map_says_where_it_went():
    cliff = Cliff()
    plain = cliff.walk((5.5, -2.2), 2.0, 60)
    clipped = cliff.walk((5.5, -2.2), 2.0, 60, 0.5)
    figure = figures.cliff_walks(cliff, plain, clipped, LIGHT)
    (said,) = figure.layout.annotations
    assert said.text.startswith("without clipping: to w = ")
    assert not figures.cliff_walks(cliff, clipped, clipped, LIGHT).layout.annotations


def test_echoes_fill_the_chosen_delay():
    echo = remember(20, 0.9, 6, 1)
    figure = figures.recall_over_delays(echo, 3, LIGHT)
    assert figure.data[0].marker.color[2] == LIGHT.second
    signal = figures.echo_and_input(echo, 3, LIGHT)
    np.testing.assert_array_equal(signal.data[0].y, echo.wanted[: figures.SHOWN, 2])


def test_arrows_have_one_scale_on_both_axes():
    whole = np.array([3.0, 0.1])
    drawn = [
        figures.Arrow("as it is", whole, "#000000", "dot"),
        figures.Arrow("clipped by value", np.array([1.0, 0.1]), "#000000", "dash"),
        figures.Arrow("nothing", np.zeros(2), "#000000", "dash"),
    ]
    figure = figures.arrows(whole, drawn, LIGHT)
    assert figure.layout.yaxis.scaleanchor == "x"
    x, y = figure.data[1].x[1], figure.data[1].y[1]
    assert np.degrees(np.arctan2(y, x)) == pytest.approx(3.8, abs=0.05)
    assert "3" in figure.data[0].name


def test_the_program_prints_where_numbers_end(capsys):
    exec(lesson.taken_home(lesson.trial_of(START | {"remedy_updates": 3})).lstm_core, {})
    assert "Breakdown(update=2" in capsys.readouterr().out


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_is_found_by_its_trial(name):
    trial = lesson.trial_of(PRESETS[name].sets)
    assert lesson.preset_of(trial) is PRESETS[name]
    assert lesson.preset_of(trial._replace(updates=1)) is None
