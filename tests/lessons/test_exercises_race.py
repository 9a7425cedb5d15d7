"""Tour, quests and questions of the training race."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from lstm_core.learner import parameter_count
from lstm_core.lessons.exercises.race import QUESTS, TOUR, Seen, quiz
from lstm_core.race import Race, Setting
from lstm_core.recorded_races import SETTINGS, recorded, tracks

KNOWN = {"", "units-are-steps", "clipping-cures-vanishing"}


def own(updates, **changes):
    """A race of one's own, as the page shows it."""
    race = Race(Setting(**changes))
    race.advance(updates)
    return Seen(tracks(race), race.setting, own=True)


def of_record(task="adding"):
    return Seen(recorded(task), SETTINGS[task], own=False)


REACHED = {
    "rnn-ahead": (200, {"task": "temporal order", "length": 5, "budget": 500}),
    "burst": (
        50,
        {"length": 6, "budget": 500, "optimizer": "SGD", "rate": 10.0, "max_norm": None},
    ),
    "small-and-far": (500, {"length": 30, "budget": 1000}),
}


@pytest.mark.parametrize("quest", QUESTS, ids=lambda quest: quest.key)
def test_every_quest_can_be_reached_and_is_not_at_first(quest):
    updates, changes = REACHED[quest.key]
    seen = own(updates, **changes)
    assert quest.done(seen), quest.told(seen)
    assert not quest.done(own(0, **changes))
    assert not quest.done(of_record())
    assert quest.told(of_record()) != quest.told(seen) != quest.told(own(0, **changes))


@pytest.mark.parametrize("task", SETTINGS)
def test_no_recorded_race_fulfils_a_quest(task):
    for quest in QUESTS:
        assert not quest.done(of_record(task))


def live(race):
    return {"race_live": SimpleNamespace(race=race)}


def run(updates, setting):
    race = Race(setting)
    race.advance(updates)
    return live(race)


SHORT = Setting("adding", 6, 500)
UNCLIPPED = replace(SHORT, optimizer="SGD", rate=10.0, max_norm=None)
MOVES = (
    lambda: {"race_task": "copying"},
    lambda: run(25, replace(SHORT, task="temporal order")),
    lambda: run(25, replace(SHORT, length=60)),
    lambda: run(25, UNCLIPPED),
    lambda: run(25, replace(UNCLIPPED, max_norm=1.0)),
)
TOO_LITTLE = (
    dict,
    lambda: live(Race(SHORT)),
    lambda: run(25, SHORT),
    lambda: live(Race(UNCLIPPED)),
    lambda: run(25, UNCLIPPED),
)


@pytest.mark.parametrize("place", range(len(TOUR)))
def test_every_card_waits_for_its_move(place):
    card = TOUR[place]
    assert not card.done(card.sets)
    assert not card.done(card.sets | TOO_LITTLE[place]())
    assert card.done(card.sets | MOVES[place]())


def test_the_short_race_of_the_tour_teaches_the_rnn_too():
    sets = TOUR[1].sets
    seen = own(
        sets["race_goal"], task=sets["race_task"], length=sets["race_length"],
        budget=sets["race_budget"],
    )  # fmt: skip
    baseline = seen.setting.made_task().baseline
    assert all(track.losses[-1] < baseline / 2 for track in seen.tracks.values())


SEEN = [
    *(of_record(task) for task in SETTINGS),
    own(0, length=6, budget=500),
    own(50, **REACHED["burst"][1]),
]


@pytest.mark.parametrize("seen", SEEN)
def test_every_question_is_answered_by_the_numbers(seen):
    ahead, many, units, clipping = questions = quiz(seen)
    for question in questions:
        assert len(question.feedback) == len(question.choices) == len(set(question.choices))
        assert set(question.mistakes) <= KNOWN
        assert len(question.mistakes) in (0, len(question.choices))
        assert not any("nan" in text for text in question.feedback)
    losses = [np.inf if t.broken is not None else t.losses[-1] for t in seen.tracks.values()]
    assert ahead.right == tuple(np.flatnonzero(np.array(losses) == min(losses)))
    baseline = seen.setting.made_task().baseline
    assert many.right == (sum(loss < baseline / 2 for loss in losses),)
    task, lstm = seen.setting.made_task(), seen.tracks["LSTM"]
    counts = {u: parameter_count("LSTM", task.features, u, task.outputs) for u in range(1, 200)}
    nearest = min(counts, key=lambda u: abs(counts[u] - seen.setting.budget))
    assert lstm.units == nearest
    assert units.right == (1,)
    assert f"{nearest} units" in units.feedback[0]
    ratios = {n: t.norms[0] / t.norms[-1] for n, t in seen.tracks.items()}
    faded = min(ratios, key=ratios.get)
    assert clipping.text.startswith(f"The {faded}'s")
    assert f"{ratios[faded]:.1e}" in clipping.feedback[0]
