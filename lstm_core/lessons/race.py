"""The training race: what is said of it, the question, and the programs that repeat it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lstm_core.language import say
from lstm_core.learner import parameter_count
from lstm_core.lessons.questions import Question
from lstm_core.race import Setting
from lstm_core.recorded_races import Track
from lstm_core.tasks import Task

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
        say("loss"): [told_loss(track) for track in tracks.values()],
        say("share of the baseline"): [
            "–" if track.broken is not None else f"{track.losses[-1] / task.baseline:.1%}"
            for track in tracks.values()
        ],
        say("gradient at step 1"): [f"{track.norms[0]:.1e}" for track in tracks.values()],
    }


def told_loss(track: Track) -> str:
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
            told = f"{name} ({track.losses[-1]:.3g})"
            (learned if has_learned(track, task) else stuck).append(told)
    parts = [
        say(
            "Without a memory the loss is at least **{baseline:.4g}** ({why}).",
            baseline=task.baseline,
            why=task.baseline_says,
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
    told = sentence(tracks, task).replace("**", "")
    return say("Loss over the updates on a log axis. {told}", told=told)


def norms_alt(tracks: Mapping[str, Track]) -> str:
    """The gradients in words."""
    told = "; ".join(
        say(
            "{name} {last:.1e} at the last step and {first:.1e} at the first",
            name=name,
            last=track.norms[-1],
            first=track.norms[0],
        )
        for name, track in tracks.items()
    )
    return say("Length of the gradient at each time step on a log axis: {told}.", told=told)


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
        tuple(f"{name}: {told_loss(track)}." for name, track in tracks.items()),
    )


@dataclass(frozen=True)
class Programs:
    """Programs that repeat a race, by library."""

    own: str
    keras: str
    torch: str


def programs(setting: Setting, updates: int) -> Programs:
    """Write what repeats a race: lstm_core to the last bit, the others from the same start.

    Each leaves in ``result`` the losses on unseen sequences of every network, one for each look.
    """
    start = f"setting = {setting!r}\nupdates = {updates}"
    return Programs(
        f"""import numpy as np
from lstm_core.race import Race, Setting

{start}
race = Race(setting)
race.advance(updates)
result = {{name: np.array(runner.losses) for name, runner in race.runners.items()}}
for name, runner in race.runners.items():
    print(name, runner.learner.count, runner.losses[-1])
""",
        f"""import keras
import numpy as np
from lstm_core.race import LOOK_EVERY, Race, Setting

{start}
race = Race(setting)  # the same start and the same sequences
task, unseen = race.task, race.unseen
layers = {{"RNN": keras.layers.SimpleRNN, "LSTM": keras.layers.LSTM, "GRU": keras.layers.GRU}}
if task.classes:
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
else:
    loss = keras.losses.MeanSquaredError()
result = {{}}
for name, runner in race.runners.items():
    layer = layers[name](runner.learner.cell.units, return_sequences=task.every_step)
    model = keras.Sequential(
        [keras.Input((None, task.features)), layer, keras.layers.Dense(task.outputs)]
    )
    model.set_weights(list(runner.learner.parameters.values()))
    model.compile({_KERAS[setting.optimizer].format(rate=setting.rate, clip=_keras_clip(setting))}, loss)
    looks = [model.evaluate(unseen.inputs, unseen.targets, batch_size=256, verbose=0)]
    for update in range(1, updates + 1):
        batch = task.draw(setting.batch, np.random.default_rng((setting.seed, update, 0)))
        model.train_on_batch(batch.inputs, batch.targets)
        if update % LOOK_EVERY == 0:
            looks.append(model.evaluate(unseen.inputs, unseen.targets, batch_size=256, verbose=0))
    result[name] = np.array(looks)
    print(name, model.count_params(), looks[-1])
""",
        f"""import numpy as np
import torch
from lstm_core.race import LOOK_EVERY, Race, Setting

{start}
race = Race(setting)  # the same start and the same sequences
task = race.task
layers = {{"RNN": torch.nn.RNN, "LSTM": torch.nn.LSTM, "GRU": torch.nn.GRU}}


def columns(name, array):
    # Keras' GRU: update, reset, candidate; PyTorch's: reset, update, new. The LSTMs agree.
    blocks = np.split(array, 3 if name == "GRU" else 1, axis=-1)
    blocks[:2] = blocks[1::-1]
    return torch.from_numpy(np.concatenate(blocks, axis=-1).T.copy())


def loss_of(batch):
    states, _ = layer(torch.from_numpy(batch.inputs.astype(np.float32)))
    answers = readout(states if task.every_step else states[:, -1])
    targets = torch.from_numpy(batch.targets)
    if task.classes:
        return torch.nn.functional.cross_entropy(answers.flatten(0, -2), targets.flatten())
    return torch.nn.functional.mse_loss(answers, targets.float())


result = {{}}
for name, runner in race.runners.items():
    start = runner.learner
    layer = layers[name](task.features, start.cell.units, batch_first=True)
    readout = torch.nn.Linear(start.cell.units, task.outputs)
    with torch.no_grad():
        layer.weight_ih_l0.copy_(columns(name, start.cell.kernel))
        layer.weight_hh_l0.copy_(columns(name, start.cell.recurrent_kernel))
        # Two biases add up in PyTorch. A GRU needs both; of the others one stays zero.
        of_input, of_state = (
            start.cell.bias if name == "GRU" else (start.cell.bias, 0 * start.cell.bias)
        )
        layer.bias_ih_l0.copy_(columns(name, of_input))
        layer.bias_hh_l0.copy_(columns(name, of_state))
        readout.weight.copy_(torch.from_numpy(start.kernel.T.copy()))
        readout.bias.copy_(torch.from_numpy(start.bias))
    layer.bias_hh_l0.requires_grad_(name == "GRU")
    learned = [p for p in (*layer.parameters(), *readout.parameters()) if p.requires_grad]
    # PyTorch adds its eps elsewhere: in the end the fourth digit differs.
    optimizer = {_TORCH[setting.optimizer].format(rate=setting.rate)}
    looks = [loss_of(race.unseen).item()]
    for update in range(1, updates + 1):
        rng = np.random.default_rng((setting.seed, update, 0))
        optimizer.zero_grad()
        loss_of(task.draw(setting.batch, rng)).backward()
{_torch_clip(setting)}        optimizer.step()
        if update % LOOK_EVERY == 0:
            looks.append(loss_of(race.unseen).item())
    result[name] = np.array(looks)
    print(name, sum(p.numel() for p in learned), looks[-1])
""",
    )


_KERAS = {
    "Adam": "keras.optimizers.Adam({rate}{clip})",
    "RMSprop": "keras.optimizers.RMSprop({rate}{clip})",
    "SGD with momentum": "keras.optimizers.SGD({rate}, momentum=0.9{clip})",
    "SGD": "keras.optimizers.SGD({rate}{clip})",
}
_TORCH = {
    "Adam": "torch.optim.Adam(learned, {rate}, eps=1e-7)",
    "RMSprop": "torch.optim.RMSprop(learned, {rate}, alpha=0.9, eps=1e-7)",
    "SGD with momentum": "torch.optim.SGD(learned, {rate}, momentum=0.9)",
    "SGD": "torch.optim.SGD(learned, {rate})",
}
"""The optimisers of ``lstm_core.optimizers`` in the other libraries."""


def _keras_clip(setting: Setting) -> str:
    return "" if setting.max_norm is None else f", global_clipnorm={setting.max_norm}"


def _torch_clip(setting: Setting) -> str:
    if setting.max_norm is None:
        return ""
    return f"        torch.nn.utils.clip_grad_norm_(learned, {setting.max_norm})\n"
