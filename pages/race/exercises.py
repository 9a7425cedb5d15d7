"""Tour, quests and questions of the training race."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lstm_core.training.learner import units_for
from lstm_core.training.race import Setting
from lstm_core.training.recorded_races import Track
from pages._book.exercises import Card, Quest
from pages._book.language import decimal, mark, plural, say
from pages._book.questions import Question
from pages.race.lesson import (
    LEARNED,
    START,
    has_learned,
    loss_text,
    plain_number,
    who_is_ahead,
    whose_race,
)


@dataclass(frozen=True)
class State:
    """The race on the screen, its setting, and whether it is the visitor's own, not a recorded one."""

    tracks: Mapping[str, Track]
    setting: Setting
    own: bool


SMALL = 1_000
FAR = 30
WELL = 0.1
"""Parameters, steps and share of the baseline that a quest asks for."""


def _own_race(values: Mapping[str, Any]) -> Any:
    """Return the visitor's own race, None without one."""
    live = values.get("race_live")
    return None if live is None else live.race


def _has_run(values: Mapping[str, Any], updates: int) -> bool:
    race = _own_race(values)
    return race is not None and race.updates >= updates


def _burst(values: Mapping[str, Any]) -> bool:
    race = _own_race(values)
    return race is not None and any(one.broken is not None for one in race.runners.values())


_SHORT = START | {"race_length": 5, "race_budget": 500, "race_goal": 200}
_TOO_LONG_STEPS = {"race_optimizer": "SGD", "race_rate": 10.0, "race_clip": False}
TOUR = (
    Card(
        mark("What memory is worth"),
        mark(
            "Three networks of equal size learn to add two numbers that stand far apart. The dashed "
            "line is the smallest loss that can be had without a memory. Place a bet and watch who gets "
            "below the finish line. Then **choose another task** and bet again."
        ),
        sets=START,
        cue="race_task",
        done=lambda values: (values.get("race_task") or START["race_task"]) != START["race_task"],
        panel="race",
    ),
    Card(
        mark("A race of your own"),
        mark(
            "That was recorded. Now one that is computed for you: two symbols to remember over 5 steps, "
            "500 parameters each. **Press “Start a race”** and watch the three losses fall, the RNN's "
            "too: over so few steps it needs no gates."
        ),
        sets=_SHORT | {"race_task": "temporal order"},
        cue="race_start",
        done=lambda values: _has_run(values, 25),
        panel="own",
    ),
    Card(
        mark("More steps to remember"),
        mark(
            "**Set the steps to remember to 60 or more, and start again.** The panel “Gradients” shows "
            "why it gets hard: how small the gradient is at the first step, compared with the last."
        ),
        sets=_SHORT,
        cue="race_length",
        done=lambda values: _has_run(values, 25) and _own_race(values).setting.length >= 60,
        panel="own",
    ),
    Card(
        mark("Too long a step"),
        mark(
            "With plain SGD, a learning rate of 10 and no clipping the steps are far too long. **Start "
            "it**: within a few updates the loss is NaN, whatever the cell."
        ),
        sets=_SHORT | _TOO_LONG_STEPS,
        cue="race_start",
        done=_burst,
        panel="own",
    ),
    Card(
        mark("What clipping does for it"),
        mark(
            "Now the same with clipping. **Switch “Clip by norm” on, under “More”, and start again**: no "
            "step is longer than the learning rate, and nothing blows up. It does not learn either: "
            "clipping bounds the steps, but a learning rate of 10 is still too large."
        ),
        sets=_SHORT | _TOO_LONG_STEPS,
        cue="race_clip",
        done=lambda values: _has_run(values, 25) and _own_race(values).setting.max_norm is not None,
        panel="own",
    ),
)


def rnn_is_ahead(state: State) -> bool:
    """Whether in a race of one's own the RNN has learned something and is before the LSTM."""
    rnn, lstm = state.tracks["RNN"], state.tracks["LSTM"]
    if not state.own or not has_learned(rnn, state.setting.made_task()):
        return False
    return lstm.broken is not None or bool(rnn.losses[-1] < lstm.losses[-1])


def burst(state: State) -> list[str]:
    """Name the networks of one's own race that have no numbers left."""
    return [n for n, track in state.tracks.items() if state.own and track.broken is not None]


def small_and_far(state: State) -> list[str]:
    """Name the networks of a small race over many steps that are well below the baseline."""
    setting = state.setting
    if not state.own or setting.budget > SMALL or setting.length < FAR:
        return []
    task = setting.made_task()
    return [name for name, track in state.tracks.items() if has_learned(track, task, WELL)]


def _rnn_progress(state: State) -> str:
    if not state.own:
        return say("The race on the screen is a recorded one; start one of your own.")
    return say(
        "RNN {rnn}, LSTM {lstm}; half of the baseline is {half:.4g}.",
        rnn=loss_text(state.tracks["RNN"]),
        lstm=loss_text(state.tracks["LSTM"]),
        half=LEARNED * state.setting.made_task().baseline,
    )


def _burst_progress(state: State) -> str:
    if not state.own:
        return say("The race on the screen is a recorded one; start one of your own.")
    if names := burst(state):
        return say("A loss of NaN: {names}.", names=", ".join(names))
    return say("All three losses are still finite.")


def _small_progress(state: State) -> str:
    if not state.own:
        return say("The race on the screen is a recorded one; start one of your own.")
    setting, task = state.setting, state.setting.made_task()
    shares = [
        float(track.losses[-1]) / task.baseline
        for track in state.tracks.values()
        if track.broken is None
    ]
    if not shares:
        return say("Every loss is NaN.")
    return say(
        "{budget:,} parameters, {length} steps; the best network is at {share:.1%} of the baseline.",
        budget=setting.budget,
        length=setting.length,
        share=min(shares),
    )


QUESTS = (
    Quest[State](
        "rnn-ahead",
        mark(
            "In a race of your own, let the RNN be ahead of the LSTM, below half of the baseline."
        ),
        rnn_is_ahead,
        _rnn_progress,
        mark("What is an LSTM made for, and when is that not needed? Few steps, an early stop."),
    ),
    Quest[State](
        "burst",
        mark("Let a network explode: its loss becomes NaN."),
        lambda state: bool(burst(state)),
        _burst_progress,
        mark("Adam and RMSprop bound their steps by themselves, and clipping does it for all."),
    ),
    Quest[State](
        "small-and-far",
        mark(
            "With at most 1,000 parameters each and 30 steps or more to remember, get below a tenth of "
            "the baseline."
        ),
        lambda state: bool(small_and_far(state)),
        _small_progress,
        mark("Adding can be learned with a handful of units; give it some hundred updates."),
    ),
)


def quiz(state: State) -> tuple[Question, ...]:
    """Ask who is ahead, how many remember, what the units come from, and what clipping cures."""
    return (
        who_is_ahead(state.tracks, whose_race(state.setting, state.own)),
        _how_many_remember(state),
        _where_units_come_from(state),
        _does_clipping_help(state),
    )


def _how_many_remember(state: State) -> Question:
    task = state.setting.made_task()
    shares = {
        name: None if track.broken is not None else float(track.losses[-1]) / task.baseline
        for name, track in state.tracks.items()
    }
    count = sum(has_learned(track, task) for track in state.tracks.values())
    listed = ", ".join(
        f"{name} NaN" if share is None else f"{name} {decimal(share, '.1%')}"
        for name, share in shares.items()
    )
    fact = say(
        "Shares of the baseline {baseline:.4g}: {listed}.", baseline=task.baseline, listed=listed
    )
    text = say(
        "{race}: how many of the three networks end below half of the smallest loss without a memory, "
        "and so must remember something?",
        race=whose_race(state.setting, state.own),
    )
    choices = (
        say("None of them"),
        *(
            plural("{count} network", "{count} networks", n)
            for n in range(1, len(state.tracks) + 1)
        ),
    )
    half = say(
        "Half of {baseline:.4g} is {half:.4g}. How many of the lines end below it?",
        baseline=task.baseline,
        half=LEARNED * task.baseline,
    )
    feedback = tuple(fact if place == count else half for place in range(len(choices)))
    return Question(text, choices, (count,), feedback)


def _where_units_come_from(state: State) -> Question:
    setting, track = state.setting, state.tracks["LSTM"]
    twice = Setting(setting.task, 2 * setting.length, setting.budget)
    unchanged = units_for("LSTM", twice.made_task(), setting.budget)
    rnn = state.tracks["RNN"]
    text = say(
        "The LSTM of this race has {units} units, and the task has {length} steps to remember. What "
        "decides the number of units?",
        units=track.units,
        length=setting.length,
    )
    choices = (
        say("The steps: one unit for each"),
        say("The parameters that each network may have"),
        say("It is the same for all three networks"),
    )
    by_steps = say(
        "One and the same cell is used at every step: with {steps} steps it would have {units} units.",
        steps=twice.length,
        units=unchanged,
    )
    budget = say(
        "{units} units make {parameters:,} parameters, as near to {budget:,} as an LSTM comes.",
        units=track.units,
        parameters=track.parameters,
        budget=setting.budget,
    )
    same = say(
        "The RNN has {rnn} units and the LSTM {lstm}: with three gates and a candidate a unit has four times the "
        "weights.",
        rnn=rnn.units,
        lstm=track.units,
    )
    return Question(text, choices, (1,), (by_steps, budget, same), ("units-are-steps", "", ""))


def _does_clipping_help(state: State) -> Question:
    name, track = min(state.tracks.items(), key=lambda item: _first_over_last(item[1]))
    first, last = float(track.norms[0]), float(track.norms[-1])
    text = say(
        "The {name}'s gradient is {first} long at step 1 and {last} at the last step. An "
        "update's gradient is the sum of what all steps add. Would clipping it to half its length "
        "give step 1 a larger part in it?",
        name=name,
        first=plain_number(first),
        last=plain_number(last),
    )
    choices = (
        say("No, it only shortens"),
        say("Yes, it brings the small one back up"),
        say("Yes, all steps become equally long"),
    )
    halved = say(
        "Clipping multiplies the whole gradient by one factor, here 1/2: {first} counts as "
        "{shorter}, {last} as {last_shorter}, and their ratio stays {ratio}.",
        first=plain_number(first),
        shorter=plain_number(first / 2),
        last=plain_number(last),
        last_shorter=plain_number(last / 2),
        ratio=plain_number(_first_over_last(track)),
    )
    feedback = (
        halved,
        say("Clipping multiplies by a factor of at most 1. Does that make a number larger?"),
        say("All steps are multiplied by the same factor. Does that change their ratio?"),
    )
    return Question(text, choices, (0,), feedback, ("", "clipping-cures-vanishing", ""))


def _first_over_last(track: Track) -> float:
    """The gradient's length at step 1 as a share of that at the last step."""
    last = float(track.norms[-1])
    return float(track.norms[0]) / last if last > 0 else float("inf")
