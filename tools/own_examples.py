"""Train and save the small networks that can be opened at once: `python -m tools.own_examples`.

They are made by the real libraries, in the kinds of files that people bring. It takes about a
minute, and needs the packages of requirements-dev.txt.
"""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np

ASSETS = Path(__file__).parents[1] / "assets" / "own"
SEED = 1
WORDS = (
    "",
    "the",
    "a",
    "film",
    "plot",
    "cast",
    "was",
    "is",
    "and",
    "but",
    "not",
    "never",
    "very",
    "good",
    "great",
    "warm",
    "funny",
    "lovely",
    "bad",
    "dull",
    "cold",
    "boring",
    "awful",
)
"""The vocabulary of the example that reads words; a word's token is its place."""
TURNS = (10, 11)


def counts() -> None:
    """Save an LSTM of one unit that counts ones, by Keras."""
    import keras

    model = keras.Sequential([keras.layers.Input((None, 1)), keras.layers.LSTM(1, name="counter")])
    weights, bias = np.array([(10, -5), (0, 8), (4, 0), (0, 4)], np.float32).T
    model.set_weights([weights[np.newaxis], np.zeros((1, 4), np.float32), bias])
    model.save(ASSETS / "counts.keras")


def wave() -> None:
    """Train a GRU to go on with a wave, and save it as PyTorch's weights."""
    import torch
    from safetensors.torch import save_file

    torch.manual_seed(SEED)

    class Wave(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.gru = torch.nn.GRU(1, 8, batch_first=True)
            self.fc = torch.nn.Linear(8, 1)

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return self.fc(self.gru(x)[0])

    model = Wave()
    optimiser = torch.optim.Adam(model.parameters(), 0.02)
    t = torch.arange(41)
    for _ in range(300):
        period = 8 + 8 * torch.rand(32, 1)
        waves = torch.sin(2 * torch.pi * (t / period + torch.rand(32, 1)))[..., None]
        loss = torch.nn.functional.mse_loss(model(waves[:, :-1]), waves[:, 1:])
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    print(f"wave: loss {float(loss):.4f}")
    save_file(model.state_dict(), ASSETS / "wave.safetensors")


def sentences(rng: np.random.Generator, count: int, steps: int) -> tuple[np.ndarray, np.ndarray]:
    """Make short sentences, and say of each whether it praises: "not" and "never" turn the next word."""
    tokens, praise = np.zeros((count, steps), int), np.zeros(count)
    for row in range(count):
        sign, place = 0, 0
        while place < steps:
            kind = rng.integers(6)
            if kind < 3:
                tokens[row, place] = rng.integers(1, 10)
            elif kind == 3 and place + 1 < steps:
                tokens[row, place] = rng.choice(TURNS)
                is_good = bool(rng.integers(2))
                tokens[row, place + 1] = rng.integers(*((13, 18) if is_good else (18, 23)))
                sign += -1 if is_good else 1
                place += 1
            else:
                is_good = bool(rng.integers(2))
                tokens[row, place] = rng.integers(*((13, 18) if is_good else (18, 23)))
                sign += 1 if is_good else -1
            place += 1
        praise[row] = float(sign > 0) if sign else 0.5
    return tokens, praise


def reviews() -> None:
    """Train two bidirectional layers on made-up sentences, and save them by Keras."""
    import keras

    keras.utils.set_random_seed(SEED)
    layers = keras.layers
    model = keras.Sequential(
        [
            layers.Input((None,), dtype="int32"),
            layers.Embedding(len(WORDS), 8, name="words"),
            layers.Bidirectional(layers.LSTM(8, return_sequences=True), name="lower"),
            layers.Bidirectional(layers.LSTM(8), name="upper"),
            layers.Dense(1, activation="sigmoid", name="praise"),
        ]
    )
    model.compile(keras.optimizers.Adam(0.01), "binary_crossentropy")
    tokens, praise = sentences(np.random.default_rng(SEED), 4_000, 8)
    model.fit(tokens, praise, batch_size=64, epochs=8, verbose=0)
    test, wanted = sentences(np.random.default_rng(SEED + 1), 500, 8)
    sure = wanted != 0.5
    right = (model.predict(test, verbose=0)[:, 0] > 0.5) == (wanted > 0.5)
    print(f"reviews: {right[sure].mean():.3f} right")
    model.save(ASSETS / "reviews.keras")
    (ASSETS / "reviews.txt").write_text("\n".join(("[pad]", *WORDS[1:])) + "\n", encoding="utf-8")


def adding() -> None:
    """Train 64 units to add up what is marked, and save them as Keras 2 did."""
    import keras

    keras.utils.set_random_seed(SEED)
    rng = np.random.default_rng(SEED)
    values = rng.uniform(-1, 1, (2_000, 30))
    marked = rng.random((2_000, 30)) < 0.15
    total = np.cumsum(values * marked, axis=1)
    inputs = np.stack([values, marked], axis=-1).astype(np.float32)
    model = keras.Sequential(
        [
            keras.layers.Input((None, 2)),
            keras.layers.LSTM(64, return_sequences=True, name="adder"),
            keras.layers.Dense(1, name="sum"),
        ]
    )
    model.compile(keras.optimizers.Adam(0.005), "mse")
    history = model.fit(inputs, total[..., None], batch_size=64, epochs=12, verbose=0)
    print(f"adding: loss {history.history['loss'][-1]:.4f}")
    model.save(ASSETS / "adding.h5", include_optimizer=False)


def main() -> None:
    """Write every file."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    ASSETS.mkdir(parents=True, exist_ok=True)
    for make in (counts, wave, reviews, adding):
        make()


if __name__ == "__main__":
    main()
