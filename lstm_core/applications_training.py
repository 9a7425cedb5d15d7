"""Train the two small networks of the page on applications.

    python -m lstm_core.applications_training characters
    python -m lstm_core.applications_training forecaster
    python -m lstm_core.applications_training            (both)

Shows its progress; run it again to go on after a stop. Checkpoints are in build/applications:
delete it to begin afresh.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from lstm_core import character_training, forecaster_training

FOLDER = Path("build") / "applications"
COMMAND = "python -m lstm_core.applications_training"


def tell(message: str) -> None:
    """Report progress, with the time of day."""
    sys.stdout.write(f"{time.strftime('%H:%M:%S')} {message}\n")
    sys.stdout.flush()


def main(arguments: list[str] | None = None) -> None:
    """Train what is asked for, and write it where the app finds it."""
    parser = argparse.ArgumentParser(description="Train the networks of the applications page.")
    parser.add_argument("which", nargs="*", help="characters, forecaster; both if none is named")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where checkpoints are kept")
    given = parser.parse_args(arguments)
    for which in given.which or ("characters", "forecaster"):
        if which == "characters":
            training = character_training.train(character_training.Recipe(), given.folder, tell)
            character_training.ship(training, f"{COMMAND} characters", tell)
        elif which == "forecaster":
            forecaster = forecaster_training.train(forecaster_training.Recipe(), given.folder, tell)
            forecaster_training.ship(forecaster, f"{COMMAND} forecaster", tell)
        else:
            parser.error(f"{which!r} is neither characters nor forecaster")


if __name__ == "__main__":
    main()
