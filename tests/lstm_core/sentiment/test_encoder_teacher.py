"""The encoder that teaches, as a tiny one that knows nothing, on reviews of made-up pieces."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from lstm_core.sentiment import encoder_teacher
from lstm_core.sentiment.encoder_teacher import (
    FIRST,
    LAST,
    EncoderRecipe,
    EncoderShape,
    Pieces,
    answer,
    build_encoder,
    filled,
    fine_tune,
    head_and_tail,
    judge,
    rate_at,
)

SHAPE = EncoderShape(vocabulary=110, positions=16, width=8, layers=2, heads=2)
RECIPE = EncoderRecipe(pieces=16, batch_size=12, steps=8, warm_up=2, body_rate=1e-2, head_rate=1e-2)
GOOD, BAD, END = 7, 8, 5


def silent(_line):
    pass


@pytest.fixture(autouse=True)
def one_thread():
    """So small an encoder only waits for its second thread."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture
def reviews():
    """Return 60 labelled reviews, in which one piece tells the label, and 20 unlabelled ones."""
    rng = np.random.default_rng(0)
    labels = np.array([0, 1] * 30 + [-1] * 20)
    texts = [
        np.concatenate(
            [rng.integers(20, 100, rng.integers(2, 30)), [GOOD if label else BAD] * 3 + [END]]
        )
        for label in labels
    ]
    stars = np.where(labels == 1, 9, np.where(labels == 0, 2, 0))
    held = np.arange(80) % 7 == 0
    return Pieces(texts, labels, stars, held, np.array([END]))


def tiny():
    torch.manual_seed(1)
    return build_encoder(SHAPE)


def test_a_long_text_keeps_a_third_from_its_head_and_the_rest_from_its_tail():
    kept = head_and_tail(np.arange(1000), 32)
    assert kept.tolist() == [FIRST, *range(10), *range(980, 1000), LAST]
    assert head_and_tail(np.arange(30), 32).tolist() == [FIRST, *range(30), LAST]
    assert head_and_tail(np.array([], dtype=np.int32), 32).tolist() == [FIRST, LAST]


def test_the_rate_rises_and_then_falls_to_nothing():
    recipe = EncoderRecipe(steps=100, warm_up=20)
    rates = [rate_at(step, recipe) for step in range(101)]
    assert rates[19] == rates[20] == max(rates) == 1
    assert rates[0] == 1 / 20
    assert rates[60] == 0.5
    assert rates[100] == 0


def test_steps_go_over_the_reviews_to_learn_from_and_no_others(reviews):
    every = list(encoder_teacher._steps(reviews, RECIPE, 0, 10))
    first_pass = np.concatenate(every[:5])
    assert sorted(first_pass) == sorted(reviews.learned)
    assert sorted(np.concatenate(every[5:])) == sorted(reviews.learned)
    assert not reviews.is_development[first_pass].any()
    assert (reviews.labels[first_pass] >= 0).all()
    later = list(encoder_teacher._steps(reviews, RECIPE, 3, 10))
    assert all((a == b).all() for a, b in zip(every[3:], later, strict=True))
    whole = replace(RECIPE, batch_size=5)
    spread = [
        np.ptp([len(reviews.texts[row]) for row in rows])
        for rows in encoder_teacher._steps(reviews, whole, 0, 10)
    ]
    assert np.mean(spread) < 8


def test_padding_changes_no_answer():
    encoder = tiny()
    texts = [head_and_tail(np.arange(20, 20 + size), 16) for size in (1, 6, 14)]
    together = answer(encoder, filled(texts))
    alone = torch.cat([answer(encoder, filled([text])) for text in texts])
    torch.testing.assert_close(together, alone)


def test_the_encoder_is_a_bert():
    """Its layers give what PyTorch's own post-norm layers give with the same parameters."""
    width = SHAPE.width
    weights = {
        "embeddings.word_embeddings.weight": torch.randn(SHAPE.vocabulary, width),
        "embeddings.position_embeddings.weight": torch.randn(SHAPE.positions, width),
        "embeddings.token_type_embeddings.weight": torch.randn(2, width),
        "embeddings.LayerNorm.weight": torch.randn(width),
        "embeddings.LayerNorm.bias": torch.randn(width),
    }
    sizes = {
        "attention.self.query": (width, width),
        "attention.self.key": (width, width),
        "attention.self.value": (width, width),
        "attention.output.dense": (width, width),
        "attention.output.LayerNorm": (width,),
        "intermediate.dense": (4 * width, width),
        "output.dense": (width, 4 * width),
        "output.LayerNorm": (width,),
    }
    theirs = []
    for layer in range(SHAPE.layers):
        own = {
            f"{name}.{kind}": torch.randn(size if kind == "weight" else size[:1]) / 3
            for name, size in sizes.items()
            for kind in ("weight", "bias")
        }
        weights |= {f"encoder.layer.{layer}.{name}": value for name, value in own.items()}
        built = torch.nn.TransformerEncoderLayer(
            width, SHAPE.heads, 4 * width, 0.0, "gelu", layer_norm_eps=1e-12, batch_first=True
        )
        state = {}
        for kind in ("weight", "bias"):
            parts = [own[f"attention.self.{part}.{kind}"] for part in ("query", "key", "value")]
            state[f"self_attn.in_proj_{kind}"] = torch.cat(parts)
            state[f"self_attn.out_proj.{kind}"] = own[f"attention.output.dense.{kind}"]
            state[f"linear1.{kind}"] = own[f"intermediate.dense.{kind}"]
            state[f"linear2.{kind}"] = own[f"output.dense.{kind}"]
            state[f"norm1.{kind}"] = own[f"attention.output.LayerNorm.{kind}"]
            state[f"norm2.{kind}"] = own[f"output.LayerNorm.{kind}"]
        built.load_state_dict(state)
        theirs.append(built.eval())
    encoder = build_encoder(SHAPE, weights)

    ids = filled([head_and_tail(np.arange(30, 30 + size), 16) for size in (9, 3)])
    hidden = (
        weights["embeddings.word_embeddings.weight"][ids]
        + weights["embeddings.position_embeddings.weight"][: ids.shape[1]]
        + weights["embeddings.token_type_embeddings.weight"][0]
    )
    scale, shift = (weights[f"embeddings.LayerNorm.{kind}"] for kind in ("weight", "bias"))
    hidden = torch.nn.functional.layer_norm(hidden, (width,), scale, shift, 1e-12)
    with torch.no_grad():
        for layer in theirs:
            hidden = layer(hidden, src_key_padding_mask=ids == 0)
        read = (ids != 0)[..., None]
        wanted = encoder["head"]((hidden * read).sum(1) / read.sum(1))
        torch.testing.assert_close(answer(encoder, ids), wanted, rtol=1e-4, atol=1e-4)


def test_a_stopped_training_goes_on_as_if_it_had_not_stopped(reviews, tmp_path, monkeypatch):
    monkeypatch.setattr(encoder_teacher, "CHECKPOINT_EVERY", 3)
    straight, stopped, resumed = tiny(), tiny(), tiny()
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    fine_tune(straight, tmp_path / "a", RECIPE, reviews, silent)
    fine_tune(stopped, tmp_path / "b", RECIPE, reviews, silent, stop_after=5)
    said = []
    torch.manual_seed(99)
    fine_tune(resumed, tmp_path / "b", RECIPE, reviews, said.append)
    assert said[0] == "Going on from step 3."
    for name, value in straight.state_dict().items():
        assert torch.equal(value, resumed.state_dict()[name]), name
    again = tiny()
    fine_tune(again, tmp_path / "b", RECIPE, reviews, silent)
    assert torch.equal(again["head"].weight, straight["head"].weight)
    with pytest.raises(ValueError, match="other choices"):
        fine_tune(tiny(), tmp_path / "b", replace(RECIPE, steps=9), reviews, silent)


def test_the_encoder_learns_and_is_asked_in_chunks(reviews, tmp_path, monkeypatch):
    monkeypatch.setattr(encoder_teacher, "CHUNK", 16)
    encoder = tiny()
    fine_tune(encoder, tmp_path, replace(RECIPE, steps=120, dropout=0.0), reviews, silent)
    path = tmp_path / "judgements.npy"
    chunks = []

    def stop(line):
        chunks.append(line)
        if len(chunks) == 2:
            raise KeyboardInterrupt

    everything = np.arange(80)
    with pytest.raises(KeyboardInterrupt):
        judge(encoder, path, reviews.texts, everything, 16, stop, batch_size=8)
    halfway = np.load(path)
    assert np.isfinite(halfway[:, 0]).sum() == 32
    judge(encoder, path, reviews.texts, everything, 16, chunks.append, batch_size=8)
    assert chunks[2:] == [f"judgements.npy: {n} of 48 texts judged" for n in (16, 32, 48)]
    judged = np.load(path)
    assert judged.dtype == np.float16
    was_there = np.isfinite(halfway[:, 0])
    assert (judged[was_there] == halfway[was_there]).all()
    assert ((judged[:, 1] >= 1) & (judged[:, 1] <= 10)).all()
    for row in (0, 41, 79):
        ids = filled([head_and_tail(reviews.texts[row], 16)])
        assert answer(encoder, ids)[0, 0].item() == pytest.approx(float(judged[row, 0]), abs=0.1)
    labelled = reviews.labels >= 0
    assert ((judged[labelled, 0] > 0) == (reviews.labels[labelled] == 1)).mean() > 0.9
    assert len(judge(encoder, path, reviews.texts, everything, 16, silent)) == 80
