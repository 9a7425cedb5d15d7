"""Train the forecaster: `python -m lstm_core.series`.

Shows its progress; run it again to go on after a stop. Checkpoints are in build/applications:
delete it to begin afresh.
"""

from __future__ import annotations

from lstm_core.series.training import Recipe, ship, train
from lstm_core.training.long import folder_of, tell


def main(arguments: list[str] | None = None) -> None:
    """Train the network, and write it where the app finds it."""
    folder = folder_of("Train the network that forecasts series.", arguments)
    ship(train(Recipe(), folder, tell), "python -m lstm_core.series", tell)


if __name__ == "__main__":
    main()
