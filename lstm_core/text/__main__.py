"""Train the character network: `python -m lstm_core.text`.

Shows its progress; run it again to go on after a stop. Checkpoints are in build/applications:
delete it to begin afresh.
"""

from __future__ import annotations

from lstm_core.text.training import Recipe, ship, train
from lstm_core.training.long import folder_of, tell


def main(arguments: list[str] | None = None) -> None:
    """Train the network, and write it where the app finds it."""
    folder = folder_of("Train the network that writes letter by letter.", arguments)
    ship(train(Recipe(), folder, tell), "python -m lstm_core.text", tell)


if __name__ == "__main__":
    main()
