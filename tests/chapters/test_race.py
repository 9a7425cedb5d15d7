"""The race: answers by another computation, what its tour and its programs promise, its pictures."""

from dataclasses import asdict, replace

import numpy as np
import pytest

from lstm_core.training.learner import parameter_count
from lstm_core.training.optimizers import OPTIMIZERS
from lstm_core.training.race import Setting
from lstm_core.training.recorded_races import SETTINGS, Track, recorded
from lstm_core.training.tasks import Adding
from pages._book.programs import programs
from pages._book.style import DARK, LIGHT
from pages.race import figures, lesson
from pages.race.exercises import QUESTS, TOUR, quiz
from tests.chapters.samples.race import (
    SHORT,
    STATES,
    TAKEN_HOME,
    UNCLIPPED,
    UPDATES,
    live,
    losses,
    of_record,
    own,
)


def result(program):
    names = {}
    exec(compile(program, "program", "exec"), names)
    return names["result"]


@pytest.mark.parametrize("task", SETTINGS)
def test_no_recorded_race_fulfils_a_quest(task):
    for quest in QUESTS:
        assert not quest.done(of_record(task))


@pytest.mark.parametrize(
    ("quest", "setting"),
    [
        (QUESTS[0], Setting("temporal order", 5, 500)),
        (QUESTS[1], UNCLIPPED),
        (QUESTS[2], Setting("adding", 30, 1000)),
    ],
    ids=[quest.key for quest in QUESTS],
)
def test_a_race_that_has_only_begun_fulfils_no_quest(quest, setting):
    begun = own(0, setting)
    assert not quest.done(begun)
    assert quest.progress(begun) != quest.progress(of_record("adding"))


@pytest.mark.parametrize(
    ("place", "too_little"),
    [(1, (0, SHORT)), (2, (25, SHORT)), (3, (0, UNCLIPPED)), (4, (25, UNCLIPPED))],
)
def test_a_card_waits_for_more_than_a_start(place, too_little):
    card = TOUR[place]
    assert not card.done(card.sets | live(*too_little))


def test_the_short_race_of_the_tour_teaches_the_rnn_too():
    sets = TOUR[1].sets
    setting = Setting(sets["race_task"], sets["race_length"], sets["race_budget"])
    state = own(sets["race_goal"], setting)
    baseline = state.setting.made_task().baseline
    assert all(track.losses[-1] < baseline / 2 for track in state.tracks.values())


@pytest.mark.parametrize("state", STATES)
def test_every_question_is_answered_by_the_numbers(state):
    ahead, many, units, clipping = questions = quiz(state)
    assert not any("nan" in text for question in questions for text in question.feedback)
    last = [np.inf if t.broken is not None else t.losses[-1] for t in state.tracks.values()]
    assert ahead.right == tuple(np.flatnonzero(np.array(last) == min(last)))
    task, lstm = state.setting.made_task(), state.tracks["LSTM"]
    assert many.right == (sum(loss < task.baseline / 2 for loss in last),)
    counts = {u: parameter_count("LSTM", task.features, u, task.outputs) for u in range(1, 200)}
    nearest = min(counts, key=lambda u: abs(counts[u] - state.setting.budget))
    assert lstm.units == nearest
    assert units.right == (1,)
    assert f"{nearest} units" in units.feedback[0]
    ratios = {n: t.norms[0] / t.norms[-1] for n, t in state.tracks.items()}
    faded = min(ratios, key=ratios.get)
    assert clipping.text.startswith(f"The {faded}'s")
    assert f"their ratio stays {lesson.plain_number(ratios[faded])}." in clipping.feedback[0]


def test_the_program_with_lstm_core_repeats_the_race_to_the_last_bit():
    repeated = result(lesson.repeated(SHORT, UPDATES).lstm_core)
    for name, ours in losses(SHORT).items():
        np.testing.assert_array_equal(repeated[name], ours)
        assert len(ours) == 3


ARITHMETIC = [
    *TAKEN_HOME,
    *(replace(SHORT, optimizer=name, max_norm=norm) for name in OPTIMIZERS for norm in (None, 0.1)),
]


@pytest.mark.parametrize(
    "setting", ARITHMETIC, ids=lambda one: f"{one.task}-{one.optimizer}-{one.max_norm}"
)
def test_pytorch_does_the_same_arithmetic(setting):
    """In double precision rounding has no time to grow: what is left would be another formula."""
    program = programs("race", updates=UPDATES, precision="float64", **asdict(setting)).torch
    theirs = result(program)
    for name, ours in losses(setting, "float64").items():
        np.testing.assert_allclose(theirs[name], ours, rtol=1e-10, err_msg=name)


def test_a_race_says_who_learned_and_who_blew_up():
    track = Track(10, 100, np.array([0, 25]), np.array([1.0, 0.001]), np.ones(5), None)
    stuck = Track(10, 100, np.array([0, 25]), np.array([1.0, 0.16]), np.ones(5), None)
    broken = Track(10, 100, np.array([0]), np.array([1.0]), np.ones(5), 7)
    text = lesson.sentence({"LSTM": track, "RNN": stuck, "GRU": broken}, Adding(5))
    assert "Well below it: **LSTM (0.0010)**" in text
    assert "Not below half of it: RNN" in text
    assert "GRU (after update 7)" in text
    question = lesson.who_is_ahead({"RNN": stuck, "LSTM": track, "GRU": broken}, "This race")
    assert question.right == (1,)
    assert "NaN after update 7" in question.feedback[2]


def test_a_race_is_drawn_beside_its_baseline():
    shown = recorded("adding")
    figure = figures.losses(shown, 1 / 6, LIGHT)
    assert figure.data[-1].line.dash == "dash"
    assert set(figure.data[-1].y) == {1 / 6}
    assert set(figure.data[-2].y) == {lesson.FINISH / 6}
    named = " ".join(one.text for one in figure.layout.annotations)
    assert f"LSTM {lesson.plain_number(shown['LSTM'].losses[-1])}" in named


def test_the_gradient_of_a_race_goes_back_from_right_to_left_as_in_its_own_chapter():
    figure = figures.gradient_norms(recorded("adding"), DARK)
    assert len(figure.data) == 3
    first, last = figure.layout.xaxis.range
    assert first < 1 < last == len(figure.data[0].y)
    assert {name.xanchor for name in figure.layout.annotations} == {"left"}


@pytest.mark.parametrize("task", SETTINGS)
def test_a_network_arrives_where_its_loss_is_below_the_finish_line_to_stay(task):
    data = figures.racing(recorded(task), SETTINGS[task], LIGHT)
    finish = SETTINGS[task].made_task().baseline * lesson.FINISH
    assert data["finish"] == pytest.approx(finish)
    for one in data["networks"]:
        losses = np.array(one["losses"])
        below = [look for look in range(len(losses)) if np.all(losses[look:] < finish)]
        assert one["arrives"] == (below[0] if below else None)
        assert bool(one["place"]) == bool(below)
    arrived = sorted(
        (one for one in data["networks"] if one["place"]), key=lambda one: one["place"]
    )
    assert [one["arrives"] for one in arrived] == sorted(one["arrives"] for one in arrived)
    assert len(data["looks"]) == len(losses)


def test_crossing_the_line_for_a_while_is_no_arrival():
    losses = np.array([1.0, 0.001, 1.0])
    track = Track(10, 100, np.array([0, 25, 50]), losses, np.ones(5), None)
    assert lesson.arrival(track, Adding(5)) is None
    assert lesson.arrival(replace(track, losses=losses[:2]), Adding(5)) == 1
    assert lesson.arrival(replace(track, losses=losses[:2], broken=30), Adding(5)) is None


def test_what_is_bet_on_is_not_told_before():
    for task, setting in SETTINGS.items():
        text = lesson.race_alt(recorded(task), setting.made_task())
        assert text.count("LSTM") == text.count("GRU") == text.count("RNN") == 1


@pytest.mark.parametrize(
    ("value", "written"),
    [(0.19421, "0.19"), (0.00021, "0.00021"), (12.34, "12"), (2.2e-6, "2.2·10⁻⁶"), (0.0, "0")],
)
def test_numbers_are_written_plainly(value, written):
    assert lesson.plain_number(value) == written
