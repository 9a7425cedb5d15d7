"""The training race: what is said of it, the question, and the code that repeats it."""

from __future__ import annotations

from collections.abc import Mapping

from lstm_core.learner import parameter_count
from lstm_core.lessons.questions import Question
from lstm_core.race import Setting
from lstm_core.recorded_races import Track
from lstm_core.tasks import Task

LEARNED = 0.5
"""A network has learned something of the task if its loss is below this share of the baseline."""


def rows(tracks: Mapping[str, Track], task: Task) -> dict[str, list[str]]:
    """Tabulate the networks: units, parameters by formula and by object, and how far they are."""
    return {
        "network": list(tracks),
        "units": [str(track.units) for track in tracks.values()],
        "parameters, formula": [
            f"{parameter_count(kind, task.features, track.units, task.outputs):,}"
            for kind, track in tracks.items()
        ],
        "parameters, object": [f"{track.parameters:,}" for track in tracks.values()],
        "loss": [_loss(track) for track in tracks.values()],
        "share of the baseline": [
            "–" if track.broken is not None else f"{track.losses[-1] / task.baseline:.1%}"
            for track in tracks.values()
        ],
        "gradient at step 1": [f"{track.norms[0]:.1e}" for track in tracks.values()],
    }


def _loss(track: Track) -> str:
    if track.broken is not None:
        return f"NaN after update {track.broken}"
    return f"{track.losses[-1]:.4g}"


def sentence(tracks: Mapping[str, Track], task: Task) -> str:
    """Say who has learned the task so far."""
    learned, stuck, broken = [], [], []
    for name, track in tracks.items():
        if track.broken is not None:
            broken.append(f"{name} (after update {track.broken})")
        elif track.losses[-1] < LEARNED * task.baseline:
            learned.append(f"{name} ({track.losses[-1]:.3g})")
        else:
            stuck.append(f"{name} ({track.losses[-1]:.3g})")
    parts = [
        f"Without a memory the loss is at least **{task.baseline:.4g}** ({task.baseline_says})."
    ]
    if learned:
        parts.append(f"Well below it: **{', '.join(learned)}**.")
    if stuck:
        parts.append(f"Not below half of it: {', '.join(stuck)}.")
    if broken:
        parts.append(f"Blown up: {', '.join(broken)}; the others go on.")
    return " ".join(parts)


def losses_alt(tracks: Mapping[str, Track], task: Task) -> str:
    """The losses in words."""
    return f"Loss over the updates on a log axis. {sentence(tracks, task)}".replace("**", "")


def norms_alt(tracks: Mapping[str, Track]) -> str:
    """The gradients in words."""
    said = "; ".join(
        f"{name} {track.norms[-1]:.1e} at the last step and {track.norms[0]:.1e} at the first"
        for name, track in tracks.items()
    )
    return f"Length of the gradient at each time step on a log axis: {said}."


def who_is_ahead(tracks: Mapping[str, Track]) -> Question:
    """Ask which network has the smallest loss on the screen."""
    losses = {
        name: float("inf") if track.broken is not None else float(track.losses[-1])
        for name, track in tracks.items()
    }
    best = min(losses.values())
    return Question(
        "Which network has the smallest loss on unseen sequences now?",
        tuple(tracks),
        tuple(place for place, loss in enumerate(losses.values()) if loss == best),
        tuple(f"{name}: {_loss(track)}." for name, track in tracks.items()),
    )


def code(setting: Setting, updates: int) -> str:
    """Write the Python that repeats a race to the last bit."""
    return f"""from lstm_core.race import Race, Setting

race = Race({setting!r})
race.advance({updates})
for name, runner in race.runners.items():
    print(name, runner.learner.count, runner.losses[-1])
"""
