"""Pretrained encoders, as tiny ones with random parameters."""

import numpy as np
import torch

from lstm_core.sentiment.encoder import (
    BERT_NAMES,
    FIRST,
    LAST,
    MPNET_NAMES,
    EncoderShape,
    answer,
    buckets,
    build_encoder,
    filled,
    head_and_tail,
    renamed,
)

SHAPE = EncoderShape(vocabulary=110, positions=16, width=8, layers=2, heads=2)
WITH_DISTANCES = EncoderShape(110, 16, 8, 2, 2, distances=8, epsilon=1e-5)


def test_a_long_text_keeps_a_third_from_its_head_and_the_rest_from_its_tail():
    kept = head_and_tail(np.arange(1000), 32)
    assert kept.tolist() == [FIRST, *range(10), *range(980, 1000), LAST]
    assert head_and_tail(np.arange(30), 32).tolist() == [FIRST, *range(30), LAST]
    assert head_and_tail(np.array([], dtype=np.int32), 32).tolist() == [FIRST, LAST]


def test_padding_changes_no_answer():
    torch.manual_seed(1)
    encoder = build_encoder(SHAPE)
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
    encoder = build_encoder(SHAPE, renamed(weights, SHAPE))

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


def test_distances_are_numbered_one_by_one_and_then_ever_wider():
    numbers = buckets(300, 32)
    assert numbers.shape == (300, 300)
    before, after = numbers[200, :201].flip(0).tolist(), numbers[0].tolist()
    assert before[:8] == list(range(8))
    assert after[1:8] == list(range(17, 24))
    assert before == sorted(before)
    assert after[1:] == sorted(after[1:])
    assert before[128:] == [15] * 73
    assert after[128:] == [31] * 172
    widths = np.unique(before[8:128], return_counts=True)[1]
    assert widths[0] < widths[3] < widths[6]


def test_an_mpnet_attends_by_distance_too():
    """Its layers give what the equations give, written out for one text."""
    torch.manual_seed(3)
    width, heads = 8, 2
    weights = {
        "embeddings.word_embeddings.weight": torch.randn(115, width),
        "embeddings.position_embeddings.weight": torch.randn(18, width),
        "encoder.relative_attention_bias.weight": torch.randn(8, heads),
        **{f"embeddings.LayerNorm.{kind}": torch.randn(width) for kind in ("weight", "bias")},
    }
    for layer in range(2):
        for theirs, ours in MPNET_NAMES.items():
            rows = {"inner": 4 * width}.get(ours, width)
            shape = (width,) if ours.endswith("norm") else (rows, {"outer": 32}.get(ours, width))
            name = f"encoder.layer.{layer}.{theirs}"
            weights[f"{name}.weight"] = torch.randn(shape) / 3
            weights[f"{name}.bias"] = torch.randn(shape[0]) / 3
    encoder = build_encoder(WITH_DISTANCES, renamed(weights, WITH_DISTANCES))

    def linear(values, name):
        return values @ weights[f"{name}.weight"].T + weights[f"{name}.bias"]

    def normed(values, name):
        scale, shift = weights[f"{name}.weight"], weights[f"{name}.bias"]
        return torch.nn.functional.layer_norm(values, (width,), scale, shift, 1e-5)

    ids = np.array([30, 40, 50, 60])
    theirs = [0, *(ids + 4), 2]
    hidden = weights["embeddings.word_embeddings.weight"][theirs]
    hidden = hidden + weights["embeddings.position_embeddings.weight"][2:8]
    hidden = normed(hidden, "embeddings.LayerNorm")
    bias = weights["encoder.relative_attention_bias.weight"][buckets(6, 8)]
    for layer in range(2):
        at = f"encoder.layer.{layer}."
        parts = [linear(hidden, f"{at}attention.attn.{part}") for part in "qkv"]
        q, k, v = (part.view(6, heads, -1) for part in parts)
        scores = torch.einsum("ihd,jhd->ijh", q, k) / (width / heads) ** 0.5 + bias
        mixed = torch.einsum("ijh,jhd->ihd", scores.softmax(1), v).reshape(6, width)
        attended = linear(mixed, f"{at}attention.attn.o")
        hidden = normed(hidden + attended, f"{at}attention.LayerNorm")
        inner = torch.nn.functional.gelu(linear(hidden, f"{at}intermediate.dense"))
        hidden = normed(hidden + linear(inner, f"{at}output.dense"), f"{at}output.LayerNorm")
    wanted = encoder["head"](hidden.mean(0))
    longer = head_and_tail(np.arange(30, 40), 16)
    found = answer(encoder, filled([head_and_tail(ids, 16), longer]))[0]
    torch.testing.assert_close(found, wanted, rtol=1e-4, atol=1e-4)
    assert set(BERT_NAMES.values()) == set(MPNET_NAMES.values())
