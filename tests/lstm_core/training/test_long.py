"""A long training: it ends, tells what it measured, and goes on after a stop to the same network."""

import json
import math

import numpy as np
import pytest

from lstm_core.series import __main__ as series_command
from lstm_core.series import training as series_training
from lstm_core.series.forecasting import Forecaster
from lstm_core.text import __main__ as text_command
from lstm_core.text import training as text_training
from lstm_core.text.characters import CharacterNetwork
from lstm_core.training import long

CHAPTERS = "".join(
    f'Chapter {number}\n\n"Ah," said the Cat; and sat on a mat.\n' for number in range(1, 62)
)


class Counting:
    """A training that only counts, and measures after every tenth update."""

    planned = 35

    def __init__(self):
        self.updates, self.log, self.saved = 0, [], []

    def advance(self, updates):
        for _ in range(min(updates, self.planned - self.updates)):
            self.updates += 1
            if self.updates % 10 == 0:
                self.log.append({"loss": 1 / self.updates})

    def save(self, path):
        self.saved.append(self.updates)
        path.write_text(json.dumps([self.updates, self.log]))

    def resume(self, path):
        if path.exists():
            self.updates, self.log = json.loads(path.read_text())
        return path.exists()


def test_it_is_kept_whenever_something_was_measured(tmp_path):
    training, lines = Counting(), []
    long.train_to_the_end(training, tmp_path / "kept", lines.append, at_once=4)
    assert training.updates == 35
    assert training.saved == [12, 20, 32]
    assert lines[1] == "update 20 of 35: {'loss': 0.05}"


def test_it_is_kept_after_a_while_without_a_measurement(tmp_path, monkeypatch):
    monkeypatch.setattr(long, "SECONDS_BETWEEN_CHECKPOINTS", -1.0)
    training = Counting()
    long.train_to_the_end(training, tmp_path / "kept", lambda _: None, at_once=15)
    assert training.saved == [15, 30, 35]


def test_it_goes_on_where_it_was_stopped(tmp_path):
    class Stopped(Counting):
        def advance(self, updates):
            if self.updates >= 20:
                raise KeyboardInterrupt
            super().advance(updates)

    with pytest.raises(KeyboardInterrupt):
        long.train_to_the_end(Stopped(), tmp_path / "kept", lambda _: None, at_once=10)
    training, lines = Counting(), []
    long.train_to_the_end(training, tmp_path / "kept", lines.append, at_once=10)
    assert lines[0] == "going on after update 20 of 35"
    assert (training.updates, len(training.log)) == (35, 3)


def test_the_rate_falls_along_half_a_cosine_to_a_fiftieth():
    assert long.falling_rate(0.5, 0, 100) == 0.5
    assert long.falling_rate(0.5, 50, 100) == pytest.approx(0.5 * 0.51)
    assert long.falling_rate(0.5, 100, 100) == pytest.approx(0.01)
    assert long.falling_rate(1.0, 25, 100) == pytest.approx(0.02 + 0.49 * (1 + math.sqrt(0.5)))


@pytest.fixture
def book(tmp_path, monkeypatch):
    path = tmp_path / "book.txt"
    path.write_text(CHAPTERS)
    monkeypatch.setattr(text_training, "BOOK", path)


@pytest.mark.usefixtures("book")
def test_the_character_network_is_trained_and_shipped_by_its_command(tmp_path, monkeypatch):
    recipe = text_training.Recipe(units=5, batch=4, steps=10, epochs=2)
    monkeypatch.setattr(text_command, "Recipe", lambda: recipe)
    monkeypatch.setattr(
        text_command, "ship", lambda *about: text_training.ship(*about, folder=tmp_path)
    )
    text_command.main(["--folder", str(tmp_path / "checkpoints")])
    assert (tmp_path / "checkpoints" / "characters.npz").exists()
    results = json.loads((tmp_path / "characters.json").read_text())
    network = CharacterNetwork.load(tmp_path / "characters.npz")
    assert results["command"] == "python -m lstm_core.text"
    assert results["parameters"] == network.count
    assert len(results["epochs"]) == 2
    held_out = text_training.parts(CHAPTERS).held_out
    bits = float(network.bits(held_out).mean())
    assert results["bits_per_character"]["held_out"] == pytest.approx(bits, abs=1e-3)
    # Run again, it finds nothing left to do and ships the same network.
    text_command.main(["--folder", str(tmp_path / "checkpoints")])
    again = CharacterNetwork.load(tmp_path / "characters.npz")
    for name, parameter in network.parameters.items():
        np.testing.assert_array_equal(parameter, again.parameters[name])


def test_the_forecaster_is_trained_and_shipped_by_its_command(tmp_path, monkeypatch):
    recipe = series_training.Recipe(units=4, length=12, batch=4, updates=6)
    monkeypatch.setattr(series_command, "Recipe", lambda: recipe)
    make_series = series_training.make_series
    monkeypatch.setattr(series_training, "make_series", lambda _, *about: make_series(2, *about))
    monkeypatch.setattr(
        series_command, "ship", lambda *about: series_training.ship(*about, folder=tmp_path)
    )
    series_command.main(["--folder", str(tmp_path / "checkpoints")])
    results = json.loads((tmp_path / "forecaster.json").read_text())
    assert results["command"] == "python -m lstm_core.series"
    assert results["recipe"]["updates"] == 6
    assert set(results["real"]) == {path.stem for path in series_training.SERIES.glob("*.csv")}
    network = Forecaster.load(tmp_path / "forecaster.npz")
    assert results["parameters"] == network.learner.count
