"""The races that ship with the app: `python -m lstm_core.training.recorded_races` runs and keeps them."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

import numpy as np

from lstm_core.cells.arrays import Array
from lstm_core.training.race import Race, Setting

RECORDED = Path(__file__).parents[2] / "assets" / "races.json"
UPDATES = 1_500
SETTINGS = {
    setting.task: setting
    for setting in (
        Setting("adding", 30),
        Setting("copying", 20),
        Setting("temporal order", 40),
        Setting("latching", 40),
    )
}


@dataclass(frozen=True)
class Track:
    """What is drawn of one network in a race; the same for a live and a recorded one.

    Attributes:
        units: of the cell.
        parameters: of cell and readout, counted on the object.
        looks: numbers of the updates after which it was looked at.
        losses: on unseen sequences, for each look.
        norms: |dL/dstate_t| at the last look, (time,).
        broken: the update after which its loss was no number; None while it is one.
    """

    units: int
    parameters: int
    looks: Array
    losses: Array
    norms: Array
    broken: int | None


def tracks(race: Race) -> dict[str, Track]:
    """Describe a race as it stands."""
    return {
        kind: Track(
            runner.learner.cell.units,
            runner.learner.count,
            np.array(runner.looks, dtype=float),
            np.array(runner.losses),
            runner.norms,
            runner.broken,
        )
        for kind, runner in race.runners.items()
    }


@cache
def recorded(task: str) -> dict[str, Track]:
    """Load the recorded race of a task."""
    kept = json.loads(RECORDED.read_text(encoding="utf-8"))["races"][task]["tracks"]
    return {
        kind: Track(
            row["units"],
            row["parameters"],
            np.array(row["looks"], dtype=float),
            np.array(row["losses"]),
            np.array(row["norms"]),
            row["broken"],
        )
        for kind, row in kept.items()
    }


def record(path: Path = RECORDED, updates: int = UPDATES) -> None:
    """Run every race of ``SETTINGS`` and write what was seen, with setting, time and command."""
    races = {}
    for name, setting in SETTINGS.items():
        race = Race(setting)
        race.advance(updates)
        races[name] = {
            "setting": asdict(setting),
            "updates": race.updates,
            "seconds": round(race.seconds, 1),
            "tracks": {kind: _rounded(track) for kind, track in tracks(race).items()},
        }
        ends = {kind: f"{track.losses[-1]:.3g}" for kind, track in tracks(race).items()}
        print(
            f"{name}: {ends}, baseline {race.task.baseline:.3g}, {race.seconds:.0f} s", flush=True
        )
    whole = {
        "command": "python -m lstm_core.training.recorded_races",
        "versions": {"numpy": np.__version__},
        "races": races,
    }
    path.write_text(json.dumps(whole, indent=1) + "\n", encoding="utf-8")


def _rounded(track: Track) -> dict[str, object]:
    """Four digits are enough to draw."""
    values = asdict(track)
    values["looks"] = [int(look) for look in track.looks]
    for name in ("losses", "norms"):
        values[name] = [float(f"{value:.4g}") for value in values[name]]
    return values


if __name__ == "__main__":
    record()
