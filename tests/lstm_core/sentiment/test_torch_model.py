"""The network that learns in PyTorch is the one that ships: against Keras, and in what it learns."""

from dataclasses import replace

import numpy as np
import torch

from lstm_core.sentiment import keras_model, torch_model
from lstm_core.sentiment.recipes import SMOKE

RECIPE = replace(SMOKE, vocabulary=40, features=6, units=5)


def network():
    """Return a network whose every weight matters."""
    made = torch_model.build(RECIPE)
    rng = np.random.default_rng(0)
    for weight in made.parameters():
        if weight.requires_grad:
            weight.data.copy_(torch.from_numpy(rng.normal(0, 0.5, tuple(weight.shape))))
    return made


def texts():
    tokens = np.random.default_rng(1).integers(1, 40, (4, 9)).astype(np.int32)
    tokens[1, 6:] = tokens[2, 3:] = tokens[3, 1:] = 0
    return tokens


def test_keras_answers_the_same_with_the_same_weights():
    made = network()
    ours = torch_model.answer(made, torch.from_numpy(texts())).detach().numpy()
    theirs = keras_model.build(RECIPE, torch_model.arrays(made)).predict_on_batch(texts())
    np.testing.assert_allclose(ours, theirs, atol=1e-6)


def test_it_starts_as_keras_starts():
    weights = torch_model.arrays(torch_model.build(RECIPE))
    started = keras_model.build(RECIPE).get_weights()
    assert [weight.shape for weight in weights] == [weight.shape for weight in started]
    for weight, their in zip(weights[1:], started[1:], strict=True):
        if weight.ndim == 1:
            assert (weight == their).all()
        else:
            assert 0.7 < weight.std() / their.std() < 1.4
    vectors = np.arange(40 * 6, dtype=np.float32).reshape(40, 6)
    assert (torch_model.arrays(torch_model.build(RECIPE, vectors))[0] == vectors).all()


def loss(made, targets):
    answers = torch_model.answer(made, torch.from_numpy(texts()))
    known = np.isfinite(targets)
    losses = torch.nn.functional.binary_cross_entropy_with_logits(
        answers, torch.from_numpy(np.nan_to_num(targets)), reduction="none"
    )
    return float((losses.detach().numpy() * known * [1.0, RECIPE.stars_weight]).sum(1).mean())


def test_one_update_lowers_the_loss_that_it_returns_and_leaves_the_unknown_alone():
    dry = replace(RECIPE, embedding_dropout=0.0, layer_dropout=0.0, head_dropout=0.0)
    targets = np.array([[1, 1], [0, np.nan], [1, 0.5], [0, np.nan]], dtype=np.float32)
    for adversarial, half in ((False, False), (True, False), (False, True), (True, True)):
        made = network()
        learned = [weight for weight in made.parameters() if weight.requires_grad]
        recipe = replace(dry, half_precision=half)
        step = torch_model.learning_step(made, torch.optim.SGD(learned, 0.05), recipe)
        before = loss(made, targets)
        off = abs(float(step(texts(), targets, adversarial)) - before)
        # In half precision the products are computed with eight bits.
        assert 0 < off < 0.05 if half else off < 1e-6
        assert loss(made, targets) < before
        assert all(np.isfinite(weight).all() for weight in torch_model.arrays(made))


def test_words_are_moved_where_it_hurts_most():
    """The adversarial gradient is that of the loss plus that of the loss with words moved."""
    dry = replace(RECIPE, embedding_dropout=0.0, layer_dropout=0.0, head_dropout=0.0)
    targets = np.array([[1, 1], [0, 0], [1, 1], [0, 0]], dtype=np.float32)
    tokens = torch.from_numpy(texts())
    moved = {}
    for radius in (0.0, 2.0):
        made = network()
        words = torch.zeros((9, 4, 6), requires_grad=True)
        answers = torch_model.answer(made, tokens, None, words)
        torch.nn.functional.binary_cross_entropy_with_logits(
            answers, torch.from_numpy(targets), reduction="sum"
        ).backward()
        lengths = words.grad.square().sum((0, 2)).sqrt()
        worst = radius * words.grad / lengths[None, :, None]
        with torch.no_grad():
            hurt = torch_model.answer(made, tokens, None, worst)
        moved[radius] = float(
            torch.nn.functional.binary_cross_entropy_with_logits(hurt, torch.from_numpy(targets))
        )
        step = torch_model.learning_step(
            made,
            torch.optim.SGD(made["head"].parameters(), 0.0),
            replace(dry, adversarial_radius=radius),
        )
        step(texts(), targets, True)
        moved[radius, "gradient"] = made["head"].weight.grad.clone()
    assert moved[2.0] > moved[0.0]
    assert not torch.allclose(moved[0.0, "gradient"], moved[2.0, "gradient"])
