"""The encoder that teaches, as a tiny one that knows nothing, on reviews of made-up pieces."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from lstm_core.sentiment import encoder_teacher
from lstm_core.sentiment.encoder import EncoderShape, answer, build_encoder, filled, head_and_tail
from lstm_core.sentiment.encoder_teacher import (
    EncoderRecipe,
    Pieces,
    fine_tune,
    judge,
    learn_and_judge,
    rate_at,
)

SHAPE = EncoderShape(vocabulary=110, positions=16, width=8, layers=2, heads=2)
RECIPE = EncoderRecipe(
    pieces=16, batch_size=12, rules=4, steps=8, warm_up=2, body_rate=1e-2, head_rate=1e-2
)
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
    rules = [np.array([GOOD, END]), np.array([BAD, END]), np.array([30, END])]
    wanted = np.where(labels[:, None] >= 0, np.stack([labels, (stars - 1) / 9], axis=1), np.nan)
    p_rules = np.array([0.97, 0.03, 0.5])
    return Pieces(texts, labels, stars, wanted, held, np.array([END]), rules, p_rules)


def tiny():
    torch.manual_seed(1)
    return build_encoder(SHAPE)


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


def test_a_stopped_training_goes_on_as_if_it_had_not_stopped(reviews, tmp_path, monkeypatch):
    monkeypatch.setattr(encoder_teacher, "CHECKPOINT_EVERY", 3)
    straight, stopped, resumed = tiny(), tiny(), tiny()
    fine_tune(straight, tmp_path / "a.pt", RECIPE, reviews, silent)
    fine_tune(stopped, tmp_path / "b.pt", RECIPE, reviews, silent, stop_after=5)
    said = []
    torch.manual_seed(99)
    fine_tune(resumed, tmp_path / "b.pt", RECIPE, reviews, said.append)
    assert said[0] == "Going on from step 3."
    for name, value in straight.state_dict().items():
        assert torch.equal(value, resumed.state_dict()[name]), name
    again = tiny()
    fine_tune(again, tmp_path / "b.pt", RECIPE, reviews, silent)
    assert torch.equal(again["head"].weight, straight["head"].weight)
    with pytest.raises(ValueError, match="other choices"):
        fine_tune(tiny(), tmp_path / "b.pt", replace(RECIPE, steps=9), reviews, silent)


def test_the_encoder_learns_and_is_asked_in_chunks(reviews, tmp_path, monkeypatch):
    monkeypatch.setattr(encoder_teacher, "CHUNK", 16)
    encoder = tiny()
    fine_tune(
        encoder, tmp_path / "one.pt", replace(RECIPE, steps=120, dropout=0.0), reviews, silent
    )
    path = tmp_path / "judgements.npy"
    chunks = []

    def stop(line):
        chunks.append(line)
        if len(chunks) == 2:
            raise KeyboardInterrupt

    everything = np.arange(80)
    with pytest.raises(KeyboardInterrupt):
        judge(encoder, path, reviews.texts, everything, 16, stop)
    halfway = np.load(path)
    assert np.isfinite(halfway[:, 0]).sum() == 32
    judge(encoder, path, reviews.texts, everything, 16, chunks.append)
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


def test_members_learn_apart_and_answer_together(reviews, tmp_path, monkeypatch):
    monkeypatch.setitem(encoder_teacher.SHAPES, RECIPE.encoder, SHAPE)
    packed = encoder_teacher._packed
    np.savez(
        tmp_path / "pieces.npz",
        **packed(reviews.texts),
        labels=reviews.labels,
        stars=reviews.stars,
        is_development=reviews.is_development,
        sentence_ends=reviews.sentence_ends,
    )
    np.savez(tmp_path / "rules-pieces.npz", **packed(reviews.rules), p=reviews.p_rules)
    np.savez(tmp_path / "short-pieces.npz", **packed(reviews.rules))
    sets, labels = np.array(["one", "two"] * 10), reviews.labels[:20]
    np.savez(
        tmp_path / "transfer-pieces.npz", **packed(reviews.texts[:20]), labels=labels, sets=sets
    )
    recipe = replace(RECIPE, members=2, steps=60, dropout=0.0)
    learned = []
    monkeypatch.setattr(
        encoder_teacher,
        "_learn",
        lambda *given, learn=encoder_teacher._learn: learned.append(given[4]) or learn(*given),
    )
    trial = learn_and_judge(tmp_path, recipe, None, silent)
    from_labels, from_all = (
        np.unique(np.concatenate(rows)) for rows in (learned[:60], learned[60:])
    )
    assert from_labels.tolist() == reviews.learned.tolist()
    assert from_all.tolist() == np.flatnonzero(~reviews.is_development).tolist()
    one, two, both = (np.load(tmp_path / f"short{which}.npy") for which in ("-1", "-2", ""))
    assert (one != two).all()
    np.testing.assert_allclose(both, (one.astype(float) + two) / 2, rtol=2e-3)
    assert both[0, 0] > both[2, 0] > both[1, 0], "what was written by rule is learned"
    judged = np.load(tmp_path / "judgements.npy")
    first, second = (np.load(tmp_path / f"judgements-{member}.npy") for member in (1, 2))
    by_heart = reviews.learned
    assert np.isnan(first[by_heart]).all()
    assert (judged[by_heart] == second[by_heart]).all()
    assert np.isfinite(judged).all()
    assert trial["one"] > 0.8
    assert trial["two"] > 0.8
    assert 0.8 < trial["development"] <= 1
    for checkpoint in tmp_path.glob("*.pt"):
        checkpoint.unlink()
    learned.clear()
    assert learn_and_judge(tmp_path, recipe, None, silent) == trial
    assert not learned, "judgements of another machine are taken as they are"
