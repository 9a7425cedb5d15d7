"""The page on memory: its texts, and what is said of a reading."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lstm_core.arrays import Array
from lstm_core.language import mark, say
from lstm_core.lessons.markdown import plain
from lstm_core.lessons.questions import Question
from lstm_core.sentiment.memory import Memory, rank_correlation
from lstm_core.sentiment.opened import LAYERS

EXAMPLES = {
    mark("The lecture's box of cereal"): (
        "Amazing! This box of cereal gave me a perfectly balanced breakfast, as all things should "
        "be. I only ate half of it but will definitely be buying again!"
    ),
    mark("A film that turns"): (
        "The first half hour is terrific and superbly acted. Then it falls apart: the twist makes "
        "no sense and in the end I left the cinema disappointed."
    ),
    mark("Mostly plot"): (
        "A man in a small town in the north finds a letter from his brother, takes the night train "
        "to the coast and waits there for three days. It is a quiet, wonderful film."
    ),
}


@dataclass(frozen=True)
class Held:
    """What stands on the page.

    Attributes:
        words: in the order of the text.
        held: what both readings hold of each at their ends, (time,).
        matters: change of the logit by each, (time,).
        memory: of the direction that is shown, in its order of reading.
        direction: "forward" or "backward".
        backward: of the backward direction, in its order of reading.
    """

    words: Sequence[str]
    held: Array
    matters: Array
    memory: Memory
    direction: str
    backward: Memory

    @property
    def order(self) -> Sequence[str]:
        """The words as the direction that is shown reads them."""
        return self.words if self.direction == "forward" else self.words[::-1]

    @property
    def agreement(self) -> float:
        """Spearman's rank correlation of what is held and what matters."""
        return rank_correlation(self.held, np.abs(self.matters))


def both_ways(forward: Memory, backward: Memory) -> Array:
    """Add what both readings hold at their ends, in the order of the text, (time,)."""
    return np.asarray(forward.at_the_end + backward.at_the_end[::-1])


def kept_sentence(words: Sequence[str], held: Array, matters: Array) -> str:
    """Name the words that are held most and least, and those that matter most."""
    count = max(1, min(5, len(words) // 3))

    def named(order: NDArray[np.intp]) -> str:
        distinct = list(dict.fromkeys(words[place][:40] for place in order))
        return ", ".join(f"**{plain(word)}**" for word in distinct[:count])

    most = np.argsort(-held, kind="stable")
    matter = np.argsort(-np.abs(matters), kind="stable")
    return say(
        "Held most: {held}. Let go: {let_go}. Taken out one by one, these move the verdict most: "
        "{matter}.",
        held=named(most), let_go=named(most[::-1]), matter=named(matter),
    )  # fmt: skip


def agreement_sentence(held: Array, matters: Array) -> str:
    """Say how far memory and importance agree, and what neither of them is."""
    both = rank_correlation(held, np.abs(matters))
    strength = mark("closely") if both > 0.7 else mark("in part") if both > 0.3 else mark("hardly")
    return say(
        "What is held at the end and what matters agree **{strength}**: Spearman's rank correlation "
        "over {count} words is {both:.2f}. They are two questions. A word can act while it is read, "
        "through the largest hidden state that the verdict looks at, and be forgotten; and a word can "
        "be held and not be asked for.",
        strength=say(strength), count=len(held), both=both,
    )  # fmt: skip


def survival_question(memory: Memory, words: Sequence[str]) -> Question:
    """Ask of which word most of what was written is left."""
    written = np.diagonal(memory.held)
    places = np.argsort(-written, kind="stable")[:4]
    places = np.sort(places)
    left = memory.survived[places]
    choices = tuple(numbered(place, words) for place in places)
    feedback = tuple(
        say(
            "“{word}” was written with {written:.3f}, and {left:.1%} of that is left: the forget gates "
            "after it multiply.",
            word=words[place][:30], written=written[place], left=memory.survived[place],
        )
        for place in places
    )  # fmt: skip
    right = tuple(k for k, share in enumerate(left) if share == left.max())
    text = say("Of which of these words is the largest part of what was written left at the end?")
    return Question(text, choices, right, feedback)


def numbered(place: int, words: Sequence[str]) -> str:
    """Name a word with its place, counted from 1."""
    return say("{place}: {word}", place=place + 1, word=words[place][:30])


def code(text: str, layer: int, direction: str) -> str:
    """Write the Python that reproduces the page's numbers."""
    return f"""from lstm_core.sentiment.memory import remember
from lstm_core.sentiment.reader import Reader

reader = Reader.load()
memory = remember(reader, reader.ids({text!r}), layer={layer}, direction={direction!r})
result = {{
    "held": memory.at_the_end,  # What the last step holds of each word, in the order of reading.
    "matters": memory.matters,  # How much each word moves the logit.
}}
print(result)
"""


def keras_code(text: str, layer: int, direction: str) -> str:
    """Write the same with Keras' LSTM cells, stepped by hand, for a layer does not show its gates."""
    turned = "[::-1]" if direction == "backward" else ""
    return f"""import keras
import numpy as np
import tensorflow as tf
from lstm_core.sentiment.reader import ASSETS, Reader

weights = {{name: array.astype("float64") for name, array in np.load(ASSETS / "network.npz").items()}}
ids = Reader.load().ids({text!r})


def cell(name):
    made = keras.layers.LSTMCell(64, dtype="float64")
    made.build((None, 128))
    made.set_weights([weights[f"{{name}}_{{part}}"] for part in ("kernel", "recurrent_kernel", "bias")])
    return made


cells = {{
    (layer, way): cell(f"{{layer}}_{{way}}")
    for layer in ("first", "second")
    for way in ("forward", "backward")
}}


def run(made, vectors):
    h = c = tf.zeros((len(vectors[0]), 64), "float64")
    shown = []
    for x in vectors:
        h, (_, c) = made(x, [h, c])
        shown.append(h)
    return shown


def read(texts):
    # Texts of one length, (batch, time); what each LSTM read and showed, in its order, and the logit.
    sequence = list(tf.unstack(tf.constant(weights["embedding"][texts]), axis=1))
    seen = {{}}
    for layer in ("first", "second"):
        ahead = run(cells[layer, "forward"], sequence)
        back = run(cells[layer, "backward"], sequence[::-1])
        seen[layer, "forward"], seen[layer, "backward"] = (sequence, ahead), (sequence[::-1], back)
        sequence = [tf.concat(both, -1) for both in zip(ahead, back[::-1])]
    hidden = tf.stack(sequence, 1)
    pooled = tf.concat([tf.reduce_max(hidden, 1), tf.reduce_mean(hidden, 1)], -1)
    return seen, (pooled @ weights["head_kernel"] + weights["head_bias"])[:, 0]


which = ({LAYERS[layer]!r}, {direction!r})
with tf.GradientTape() as tape:
    tape.watch([variable.value for variable in cells[which].weights])
    seen, logit = read(ids[np.newaxis])
inputs, shown = seen[which]
slopes = tape.gradient(logit, shown)
importance = sum(abs(h * slope) for h, slope in zip(shown, slopes))[0].numpy()
importance /= importance.sum()
kernel, recurrent_kernel, bias = (variable.numpy() for variable in cells[which].weights)
before = [np.zeros((1, 64)), *(h.numpy() for h in shown[:-1])]
shares = np.zeros((0, 64))
for x, h in zip(inputs, before):
    i, f, g, o = np.split(x.numpy() @ kernel + h @ recurrent_kernel + bias, 4, axis=-1)
    f, written = 1 / (1 + np.exp(-f)), np.tanh(g) / (1 + np.exp(-i))
    shares = np.concatenate([shares * f, written])

without = np.repeat(ids[np.newaxis], len(ids), axis=0)
np.fill_diagonal(without, 1)  # 1 stands for every unknown word.
matters = (logit - read(without)[1]).numpy(){turned}
result = {{"held": abs(shares) @ importance, "matters": matters}}
print(result)
"""


def torch_code(text: str, layer: int, direction: str) -> str:
    """Write the same with PyTorch's LSTM cells; their matrices stand transposed."""
    turned = ".flip(0)" if direction == "backward" else ""
    return f"""import numpy as np
import torch
from lstm_core.sentiment.reader import ASSETS, Reader

weights = {{
    name: torch.tensor(array.astype("float64"))
    for name, array in np.load(ASSETS / "network.npz").items()
}}
ids = torch.tensor(Reader.load().ids({text!r}), dtype=torch.long)


def cell(name):
    # Keras' order of gates, input, forget, candidate, output, is PyTorch's too.
    made = torch.nn.LSTMCell(128, 64, dtype=torch.float64)
    with torch.no_grad():
        made.weight_ih.copy_(weights[f"{{name}}_kernel"].T)
        made.weight_hh.copy_(weights[f"{{name}}_recurrent_kernel"].T)
        made.bias_ih.copy_(weights[f"{{name}}_bias"])
        made.bias_hh.zero_()
    return made


cells = {{
    (layer, way): cell(f"{{layer}}_{{way}}")
    for layer in ("first", "second")
    for way in ("forward", "backward")
}}


def run(made, vectors):
    h = c = torch.zeros((len(vectors[0]), 64), dtype=torch.float64)
    shown = []
    for x in vectors:
        h, c = made(x, (h, c))
        shown.append(h)
    return shown


def read(texts):
    # Texts of one length, (batch, time); what each LSTM read and showed, in its order, and the logit.
    sequence = list(weights["embedding"][texts].unbind(1))
    seen = {{}}
    for layer in ("first", "second"):
        ahead = run(cells[layer, "forward"], sequence)
        back = run(cells[layer, "backward"], sequence[::-1])
        seen[layer, "forward"], seen[layer, "backward"] = (sequence, ahead), (sequence[::-1], back)
        sequence = [torch.cat(both, -1) for both in zip(ahead, back[::-1])]
    hidden = torch.stack(sequence, 1)
    pooled = torch.cat([hidden.amax(1), hidden.mean(1)], -1)
    return seen, (pooled @ weights["head_kernel"] + weights["head_bias"])[:, 0]


which = ({LAYERS[layer]!r}, {direction!r})
seen, logit = read(ids[None])
inputs, shown = seen[which]
slopes = torch.autograd.grad(logit[0], shown)
importance = sum((h * slope).abs() for h, slope in zip(shown, slopes))[0]
importance = importance / importance.sum()
shares = torch.zeros((0, 64), dtype=torch.float64)
before = [torch.zeros_like(shown[0]), *shown[:-1]]
made = cells[which]
for x, h in zip(inputs, before):
    i, f, g, o = (x @ made.weight_ih.T + h @ made.weight_hh.T + made.bias_ih).chunk(4, -1)
    shares = torch.cat([shares * f.sigmoid(), i.sigmoid() * g.tanh()])

without = ids.repeat(len(ids), 1).fill_diagonal_(1)  # 1 stands for every unknown word.
matters = (logit - read(without)[1]){turned}
result = {{
    "held": (shares.abs() @ importance).detach().numpy(),
    "matters": matters.detach().numpy(),
}}
print(result)
"""
