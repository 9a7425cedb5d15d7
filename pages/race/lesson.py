"""The training race: where its controls stand, what is said of it, and what repeats it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict

from lstm_core.training.learner import parameter_count
from lstm_core.training.race import Race, Setting
from lstm_core.training.recorded_races import SETTINGS, UPDATES, Track
from lstm_core.training.tasks import Task
from pages._book.exercises import Step
from pages._book.language import decimal, mark, say
from pages._book.programs import Programs, programs
from pages._book.questions import Question

_FIRST = SETTINGS["adding"]
START = {
    "race_task": _FIRST.task,
    "race_length": _FIRST.length,
    "race_budget": _FIRST.budget,
    "race_goal": UPDATES,
    "race_optimizer": _FIRST.optimizer,
    "race_rate": _FIRST.rate,
    "race_clip": _FIRST.max_norm is not None,
    "race_max_norm": _FIRST.max_norm or 1.0,
    "race_seed": _FIRST.seed,
    "race_live": None,
    "race_step": Step(0),
}
"""The page's controls by their keys, with what they stand at to begin with.

``race_live`` is the visitor's own race, of which there is none then.
"""
LEARNED = 0.5
"""A network has learned something of the task if its loss is below this share of the baseline."""
FINISH = 0.05
"""The finish line of a race, as a share of the baseline."""


def has_learned(track: Track, task: Task, share: float = LEARNED) -> bool:
    """Whether a network still has numbers, and its loss is below a share of the baseline."""
    return track.broken is None and bool(track.losses[-1] < share * task.baseline)


def arrival(track: Track, task: Task) -> int | None:
    """Return the look from which on a network's loss stays below the finish line.

    None if it is above it at the end, or has no loss any more.
    """
    above = [look for look, loss in enumerate(track.losses) if not loss < FINISH * task.baseline]
    look = above[-1] + 1 if above else 0
    return look if track.broken is None and look < len(track.losses) else None


def places(tracks: Mapping[str, Track], task: Task) -> list[str]:
    """Name the networks that arrive, the first one first."""
    arrivals = {name: arrival(track, task) for name, track in tracks.items()}
    arrived = [name for name, look in arrivals.items() if look is not None]
    return sorted(arrived, key=lambda name: arrivals[name] or 0)


def plain_number(value: float) -> str:
    """Write a positive number with two digits that count, as a power of ten only where it must be."""
    if not math.isfinite(value) or value == 0:
        return decimal(value, "g")
    power = math.floor(math.log10(abs(value)))
    if -5 <= power < 5:
        return decimal(value, f",.{min(max(1 - power, 0), 6)}f")
    raised = str(power).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
    return f"{decimal(value / 10.0**power, '.1f')}·10{raised}"


def about_the_task(task: Task) -> str:
    """Say in Markdown what has to be learned."""
    return f"**{say(task.says)}**"


def race_alt(tracks: Mapping[str, Track], task: Task) -> str:
    """Describe the picture of a race in words, without its outcome: that is bet on."""
    return say(
        "Loss of {names} over the updates on a log axis, with a finish line at {finish:.4g}",
        names=", ".join(tracks),
        finish=FINISH * task.baseline,
    )


def rows(tracks: Mapping[str, Track], task: Task) -> dict[str, list[str]]:
    """Tabulate the networks: units, parameters by formula and by object, and how far they are."""
    return {
        say("network"): list(tracks),
        say("units"): [str(track.units) for track in tracks.values()],
        say("parameters, formula"): [
            decimal(parameter_count(kind, task.features, track.units, task.outputs), ",")
            for kind, track in tracks.items()
        ],
        say("parameters, object"): [decimal(track.parameters, ",") for track in tracks.values()],
        say("loss"): [loss_text(track) for track in tracks.values()],
        say("share of the baseline"): [
            "–" if track.broken is not None else decimal(track.losses[-1] / task.baseline, ".1%")
            for track in tracks.values()
        ],
        say("gradient at step 1"): [plain_number(track.norms[0]) for track in tracks.values()],
    }


def loss_text(track: Track) -> str:
    """Write the loss of a network, or that it has none left."""
    if track.broken is not None:
        return say("NaN after update {update}", update=track.broken)
    return decimal(track.losses[-1], ".4g")


def sentence(tracks: Mapping[str, Track], task: Task) -> str:
    """Say who has learned the task so far."""
    learned: list[str] = []
    stuck: list[str] = []
    broken: list[str] = []
    for name, track in tracks.items():
        if track.broken is not None:
            broken.append(say("{name} (after update {update})", name=name, update=track.broken))
        else:
            names = learned if has_learned(track, task) else stuck
            names.append(f"{name} ({plain_number(track.losses[-1])})")
    parts = [
        say(
            "Without a memory the loss is at least **{baseline:.4g}** ({why}).",
            baseline=task.baseline,
            why=say(task.baseline_says),
        )
    ]
    if learned:
        parts.append(say("Well below it: **{names}**.", names=", ".join(learned)))
    if stuck:
        parts.append(say("Not below half of it: {names}.", names=", ".join(stuck)))
    if broken:
        parts.append(say("Blown up: {names}; the others go on.", names=", ".join(broken)))
    return " ".join(parts)


HOW_IT_IS_RUN = mark(
    "Every update reads 32 fresh sequences, the same for all three networks. The loss is measured on "
    "256 others. The same seed gives the same race."
)


def about_recorded(setting: Setting) -> str:
    """Say in Markdown what was recorded, and what its lines mean."""
    task = setting.made_task()
    return say(
        "Three networks of equal size learn from the same sequences, with {length} steps to remember. "
        "Without a memory the loss is at least {baseline:.4g} ({why}). Below {share:.0%} of that is the "
        "finish line.\n\n{optimizer}, learning rate {rate:g}, gradients clipped to the norm {norm:g}. {how}",
        length=setting.length,
        baseline=task.baseline,
        why=say(task.baseline_says),
        share=FINISH,
        optimizer=say(setting.optimizer),
        rate=setting.rate,
        norm=setting.max_norm or math.inf,
        how=say(HOW_IT_IS_RUN),
    )


def sizes(tracks: Mapping[str, Track], task: Task) -> dict[str, list[str]]:
    """Tabulate the networks' sizes, which tell nothing of the outcome: a column a list."""
    table = rows(tracks, task)
    return dict(list(table.items())[:4])


def of_whom(setting: Setting, own: bool) -> str:
    """Say in Markdown whose race is shown: the visitor's own, or a recorded one."""
    values = {"task": say(setting.task), "length": setting.length}
    if own:
        return say("Shown: **your race**, {task}, {length} steps to remember", **values)
    return say("Shown: the **recorded** race, {task}, {length} steps to remember", **values)


def losses_alt(tracks: Mapping[str, Track], task: Task) -> str:
    """The losses in words."""
    text = sentence(tracks, task).replace("**", "")
    return say("Loss over the updates on a log axis. {told}", told=text)


COMPARE_STEPS = mark(
    "A network that has learned the task has a small loss, and so small gradients at every step. So "
    "compare the steps of one line, not the lines."
)


def norms_sentence(tracks: Mapping[str, Track]) -> str:
    """Say in Markdown how much of the gradient reaches the first step in the networks that differ most."""
    known = {name: track for name, track in tracks.items() if track.norms[-1] > 0}
    if not known:
        return say("No network has a gradient any more.")
    shares = {name: float(track.norms[0] / track.norms[-1]) for name, track in known.items()}
    least, most = min(shares, key=shares.__getitem__), max(shares, key=shares.__getitem__)
    return say(
        "The gradient at step 1, as a share of that at the last step: {least} **{least_share}**, {most} "
        "**{most_share}**.",
        most=most,
        least=least,
        most_share=plain_number(shares[most]),
        least_share=plain_number(shares[least]),
    )


def norms_alt(tracks: Mapping[str, Track]) -> str:
    """The gradients in words."""
    networks = "; ".join(
        say(
            "{name} {last} at the last step and {first} at the first",
            name=name,
            last=plain_number(track.norms[-1]),
            first=plain_number(track.norms[0]),
        )
        for name, track in tracks.items()
    )
    return say("Length of the gradient at each time step on a log axis: {told}.", told=networks)


def whose_race(setting: Setting, own: bool) -> str:
    """Name a race in a question: the visitor's own, or a recorded one."""
    values = {"task": say(setting.task), "length": setting.length}
    if own:
        return say("Your race ({task}, {length} steps)", **values)
    return say("The recorded race ({task}, {length} steps)", **values)


def who_is_ahead(tracks: Mapping[str, Track], race: str) -> Question:
    """Ask which network has the smallest loss at the end of a race, which ``race`` names."""
    losses = {
        name: float("inf") if track.broken is not None else float(track.losses[-1])
        for name, track in tracks.items()
    }
    best = min(losses.values())
    return Question(
        say(
            "{race}: which network has the smallest loss on unseen sequences at the end?", race=race
        ),
        tuple(tracks),
        tuple(place for place, loss in enumerate(losses.values()) if loss == best),
        tuple(f"{name}: {loss_text(track)}." for name, track in tracks.items()),
    )


def how_far(race: Race, goal: int) -> str:
    """Say how many updates of how many are made, and how long they took."""
    return say(
        "{done:,} of {goal:,} updates, {sequences:,} sequences, {seconds:.0f} s of computing",
        done=race.updates,
        goal=goal,
        sequences=race.updates * race.setting.batch,
        seconds=race.seconds,
    )


def repeated(setting: Setting, updates: int) -> Programs:
    """Write what repeats a race; each leaves the losses on unseen sequences, one for each look."""
    return programs("race", updates=updates, **asdict(setting))
