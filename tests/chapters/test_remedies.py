"""The page on remedies: its answers by another computation, its words and its pictures."""

from dataclasses import replace

import numpy as np
import pytest

from lstm_core.gradients.cliff import Cliff
from lstm_core.gradients.descent import descend
from lstm_core.gradients.echo_state import remember
from lstm_core.gradients.flow import Experiment, follow
from lstm_core.gradients.remedies import Remedies
from pages._book.log_axes import readable
from pages._book.style import LIGHT
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
    assert readable(length, 3) in question.choices[0]
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
    assert readable(difference, 3) in question.feedback[question.right[0]]


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


def drawn(before, after, window=None, when=lesson.WHENS[0]):
    sides = [(run, lesson.drawn_flow(run, when)) for run in (before, after)]
    return figures.before_and_after(*sides, window, when, LIGHT)


def test_both_runs_are_drawn_with_what_was_lost():
    exploding = Experiment("relu", gain=1.5, steps=40)
    before = descend(exploding, 0.01, 10)
    after = descend(exploding, 0.01, 10, Remedies(max_norm=1.0, window=8))
    figure = drawn(before, after, 8)
    assert figure.layout.shapes[0].x1 == 32.5
    assert np.isnan(np.asarray(figure.data[1].y)[:32]).all()
    assert not drawn(before, after).layout.shapes
    said = [mark.text for mark in figure.layout.annotations]
    assert "<b>without remedies: NaN after 2</b>" in said


def test_clipping_does_not_change_the_gradient_that_it_clips():
    """What the page once said, a factor of 10^69 against 38, was measured after a ruinous update."""
    runs = lesson.trial_of(START).run()
    np.testing.assert_array_equal(runs.before.first.norms, runs.after.first.norms)
    assert runs.before.first.ratio == pytest.approx(37.6, abs=0.1)
    assert "The first gradient is the same" in lesson.sentence(runs)
    said = [mark.text for mark in drawn(*runs).layout.annotations]
    assert "<b>without and with remedies: the same</b>" in said
    # After the updates there is no number left of the run without remedies.
    later = drawn(*runs, when=lesson.WHENS[1])
    assert [line.name for line in later.data] == [
        "with remedies",
        "without remedies",
        "with remedies",
    ]


def test_one_step_lands_where_descent_goes():
    trial = lesson.trial_of(START)
    step = lesson.first_step(trial.experiment, 0.01, 1.0, 0.05)
    for landing, remedies in zip(
        step.landings,
        (Remedies(), Remedies(max_norm=1.0), Remedies(limit=0.05)),
        strict=True,
    ):
        descent = descend(trial.experiment, 0.01, 1, remedies)
        assert landing.loss == pytest.approx(descent.losses[1])
    assert step.landings[1].length == pytest.approx(0.01)
    # The clipped step goes down a little, the whole one far up.
    assert step.landings[1].loss < step.flow.loss < 1e-100 * step.landings[0].loss
    assert "28,900 long" in step.sentence
    assert "<b>38</b>, clipped or not" in step.note
    nearest = np.abs(np.log(step.lengths / 0.01)).argmin()
    assert step.losses[nearest] == pytest.approx(step.landings[1].loss, rel=0.2)


def test_where_nothing_is_clipped_both_steps_are_the_same():
    step = lesson.first_step(Experiment(gain=0.9, steps=60), 0.01, 1e3, 1e3)
    assert step.landings[0] == pytest.approx(step.landings[1])
    assert "nothing is clipped" in step.sentence


def test_a_gradient_that_is_none_has_no_step_to_draw():
    dead = lesson.first_step(
        Experiment("relu", gain=0.0, steps=40, seed=3, units=1), 0.01, 1.0, 1.0
    )
    endless = lesson.first_step(Experiment("linear", gain=10.0, steps=200), 1.0, 1.0, 1.0)
    assert not len(endless.lengths) or np.isfinite(endless.versions[0].norm)
    assert len(dead.lengths) == 0 or dead.versions[0].norm > 0


def test_a_walk_that_leaves_the_map_says_where_it_went():
    cliff = Cliff()
    plain = cliff.walk((5.5, -2.2), 2.0, 60)
    clipped = cliff.walk((5.5, -2.2), 2.0, 60, 0.5)
    figure = figures.cliff_walks(cliff, plain, clipped, LIGHT)
    left, stays = figure.layout.annotations[0].text.split("<br>")
    assert "without clipping</b>: to w = 83.5, b = 157" in left
    assert "with clipping" in stays
    assert "to w" not in stays
    assert len(figure.frames) == 61
    assert [len(line.x) for line in figure.frames[3].data] == [4, 4]
    # It is drawn to its first point outside, and no further.
    assert len(figure.frames[-1].data[0].x) == 15
    assert len(figure.frames[-1].data[1].x) == 61


def test_echoes_fill_the_chosen_delay():
    echo = remember(20, 0.9, 6, 1)
    figure = figures.echoes(echo, 3, LIGHT)
    assert figure.data[0].marker.color[2] == LIGHT.second
    np.testing.assert_array_equal(figure.data[1].y, echo.wanted[: figures.SHOWN, 2])


def test_arrows_have_one_scale_on_both_axes():
    whole = np.array([3.0, 0.1])
    looks = ("#000000", "dash", "circle")
    versions = [
        figures.Arrow("as it is", whole, 0.03, 5.0, *looks),
        figures.Arrow("clipped by value", np.array([1.0, 0.1]), 0.01, 1.0, *looks),
        figures.Arrow("nothing", np.zeros(2), 0.0, 2.0, *looks),
    ]
    along = np.array([0.001, 0.1]), np.array([2.0, np.inf])
    figure = figures.one_update(whole, versions, 2.0, along, "", LIGHT)
    assert figure.layout.yaxis.scaleanchor == "x"
    x, y = figure.data[4].x[1], figure.data[4].y[1]
    assert np.degrees(np.arctan2(y, x)) == pytest.approx(3.8, abs=0.05)
    assert figure.data[3].text[0].startswith("<b>as it is</b>: 3")
    # First the gradient alone, then the steps, then the landings.
    first, second, third = (frame.data for frame in figure.frames)
    assert first[2].x[0] is None
    assert second[2].x[0] == 0.0
    assert "loss" not in second[7].text[0]
    assert third[7].text[0].endswith("loss 5 ")


def test_the_program_prints_where_numbers_end(capsys):
    exec(lesson.taken_home(lesson.trial_of(START | {"remedy_updates": 3})).lstm_core, {})
    assert "Breakdown(update=2" in capsys.readouterr().out


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_is_found_by_its_trial(name):
    trial = lesson.trial_of(PRESETS[name].sets)
    assert lesson.preset_of(trial) is PRESETS[name]
    assert lesson.preset_of(trial._replace(updates=1)) is None
