"""The training race: where its controls stand, what is said of it, and what repeats it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict

from lstm_core.training.learner import parameter_count
from lstm_core.training.race import Race, Setting
from lstm_core.training.recorded_races import SETTINGS, UPDATES, Track
from lstm_core.training.tasks import Task
from pages._book.language import say
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
}
"""The page's controls by their keys, with what they stand at to begin with.

``race_live`` is the visitor's own race, of which there is none then.
"""
LEARNED = 0.5
"""A network has learned something of the task if its loss is below this share of the baseline."""


def has_learned(track: Track, task: Task, share: float = LEARNED) -> bool:
    """Whether a network still has numbers, and its loss is below a share of the baseline."""
    return track.broken is None and bool(track.losses[-1] < share * task.baseline)


def rows(tracks: Mapping[str, Track], task: Task) -> dict[str, list[str]]:
    """Tabulate the networks: units, parameters by formula and by object, and how far they are."""
    return {
        say("network"): list(tracks),
        say("units"): [str(track.units) for track in tracks.values()],
        say("parameters, formula"): [
            f"{parameter_count(kind, task.features, track.units, task.outputs):,}"
            for kind, track in tracks.items()
        ],
        say("parameters, object"): [f"{track.parameters:,}" for track in tracks.values()],
        say("loss"): [loss_text(track) for track in tracks.values()],
        say("share of the baseline"): [
            "–" if track.broken is not None else f"{track.losses[-1] / task.baseline:.1%}"
            for track in tracks.values()
        ],
        say("gradient at step 1"): [f"{track.norms[0]:.1e}" for track in tracks.values()],
    }


def loss_text(track: Track) -> str:
    """Write the loss of a network, or that it has none left."""
    if track.broken is not None:
        return say("NaN after update {update}", update=track.broken)
    return f"{track.losses[-1]:.4g}"


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
            names.append(f"{name} ({track.losses[-1]:.3g})")
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


def losses_alt(tracks: Mapping[str, Track], task: Task) -> str:
    """The losses in words."""
    text = sentence(tracks, task).replace("**", "")
    return say("Loss over the updates on a log axis. {told}", told=text)


def norms_alt(tracks: Mapping[str, Track]) -> str:
    """The gradients in words."""
    networks = "; ".join(
        say(
            "{name} {last:.1e} at the last step and {first:.1e} at the first",
            name=name,
            last=track.norms[-1],
            first=track.norms[0],
        )
        for name, track in tracks.items()
    )
    return say("Length of the gradient at each time step on a log axis: {told}.", told=networks)


def who_is_ahead(tracks: Mapping[str, Track]) -> Question:
    """Ask which network has the smallest loss on the screen."""
    losses = {
        name: float("inf") if track.broken is not None else float(track.losses[-1])
        for name, track in tracks.items()
    }
    best = min(losses.values())
    return Question(
        say("Which network has the smallest loss on unseen sequences now?"),
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
