"""The lecture's network as PyTorch learns it, on a GPU where there is one.

The layers are those of ``keras_model``, which ships what is learned here: ``arrays`` gives the
weights in Keras' order and layout.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lstm_core.sentiment.encoder import library
from lstm_core.sentiment.opened import DIRECTIONS, LAYERS
from lstm_core.sentiment.recipes import Recipe
from lstm_core.sentiment.tokenizer import PADDING_ID


def build(recipe: Recipe, vectors: NDArray[np.float32] | None = None) -> Any:
    """Build the network that a recipe describes, untrained.

    Kernels start as Keras starts them: Glorot's uniform, an orthogonal recurrent kernel, zero
    biases, but one for the forget gate.

    Args:
        recipe: sizes and the seed.
        vectors: initial embedding, shape (vocabulary, features); random if None.

    Returns:
        A ``torch.nn.ModuleDict``, which ``answer`` reads texts with, on the CPU.
    """
    torch = library("torch")
    nn, init = torch.nn, torch.nn.init
    torch.manual_seed(recipe.seed)
    network = nn.ModuleDict({"embedding": nn.Embedding(recipe.vocabulary, recipe.features)})
    for layer, width in zip(LAYERS, (recipe.features, 2 * recipe.units), strict=True):
        for direction in DIRECTIONS:
            lstm = network[f"{layer}_{direction}"] = nn.LSTM(width, recipe.units)
            init.xavier_uniform_(lstm.weight_ih_l0)
            init.orthogonal_(lstm.weight_hh_l0)
            init.zeros_(lstm.bias_ih_l0)
            # PyTorch has two biases that are added; Keras has one.
            init.zeros_(lstm.bias_hh_l0).requires_grad_(False)
            with torch.no_grad():
                lstm.bias_ih_l0[recipe.units : 2 * recipe.units] = 1.0
    head = network["head"] = nn.Linear(4 * recipe.units, 2)
    init.xavier_uniform_(head.weight)
    init.zeros_(head.bias)
    init.uniform_(network["embedding"].weight, -0.05, 0.05)
    if vectors is not None:
        network["embedding"].weight.data.copy_(torch.from_numpy(vectors))
    return network


def answer(
    network: Any, tokens: Any, recipe: Recipe | None = None, perturbation: Any = None
) -> Any:
    """Read texts.

    Args:
        network: from ``build``.
        tokens: ids, padded with ``PADDING_ID`` at the end, (texts, time).
        recipe: of the dropout while learning; None drops nothing.
        perturbation: what is added to the word vectors, (time, texts, features).

    Returns:
        The logits of "positive" and of the stars, which run from 0 (one) to 1 (ten), (texts, 2).
    """
    torch = library("torch")

    def drop(values: Any, name: str) -> Any:
        return torch.nn.functional.dropout(values, getattr(recipe, name)) if recipe else values

    tokens = tokens.T
    is_word = (tokens != PADDING_ID)[..., None]
    lengths, at = is_word.sum(0).T, torch.arange(len(tokens), device=tokens.device)[:, None]
    # Padding stays at the end: a text alone is turned round.
    turned = torch.where(at < lengths, lengths - 1 - at, at)[..., None]
    reading = network["embedding"](tokens)
    if perturbation is not None:
        reading = reading + perturbation
    reading = drop(reading, "embedding_dropout")
    for layer in LAYERS:
        forward, _ = network[f"{layer}_forward"](reading)
        backward, _ = network[f"{layer}_backward"](_gathered(reading, turned))
        reading = torch.cat([forward, _gathered(backward, turned)], dim=-1)
        if layer == LAYERS[0]:
            reading = drop(reading, "layer_dropout")
    # A hidden state lies in (-1, 1), so that a padded step lowered by 2 never is the largest.
    largest = (reading - 2.0 * ~is_word).amax(0)
    mean = (reading * is_word).sum(0) / lengths.T
    pooled = torch.cat([largest, mean], dim=-1)
    return network["head"](drop(pooled, "head_dropout"))


def _gathered(values: Any, places: Any) -> Any:
    return values.gather(0, places.expand(-1, -1, values.shape[-1]))


def learning_step(network: Any, optimizer: Any, recipe: Recipe) -> Callable[..., Any]:
    """Return a function that makes one update.

    The loss is the cross-entropy of "positive" plus ``stars_weight`` times that of the stars. In
    adversarial training the loss of the same texts is added with their word vectors moved by
    ``adversarial_radius`` in the direction that raises it most. Miyato, Dai and Goodfellow:
    Adversarial Training Methods for Semi-Supervised Text Classification, 2017.

    Args:
        network: from ``build``.
        optimizer: of its parameters.
        recipe: every choice.

    Returns:
        A function of token ids (texts, time), targets between 0 and 1, (texts, 2), NaN where
        unknown, and whether to train adversarially. It returns the loss on the texts as they
        are, a tensor, so that nobody waits for a GPU until it is read.
    """
    torch = library("torch")
    device = network["head"].weight.device
    importance = torch.tensor([1.0, recipe.stars_weight], device=device)

    def loss_of(tokens: Any, targets: Any, perturbation: Any) -> Any:
        with torch.autocast(device.type, torch.bfloat16, enabled=recipe.half_precision):
            answers = answer(network, tokens, recipe, perturbation)
        losses = torch.nn.functional.binary_cross_entropy_with_logits(
            answers.float(), targets.nan_to_num(), reduction="none"
        )
        return (losses * targets.isfinite() * importance).sum(1).mean()

    def step(tokens: Any, targets: Any, adversarial: bool) -> Any:
        tokens = torch.from_numpy(tokens).to(device)
        targets = torch.from_numpy(targets).to(device)
        shape = (*tokens.T.shape, recipe.features)
        unmoved = torch.zeros(shape, device=device, requires_grad=adversarial)
        optimizer.zero_grad()
        loss = loss_of(tokens, targets, unmoved)
        loss.backward()
        if adversarial:
            to_words = unmoved.grad
            length = to_words.square().sum((0, 2), keepdim=True).sqrt()
            loss_of(
                tokens, targets, recipe.adversarial_radius * to_words / (length + 1e-12)
            ).backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimizer.step()
        return loss.detach()

    return step


def arrays(network: Any) -> list[NDArray[np.float32]]:
    """List the weights as ``keras_model.build`` orders and shapes them."""
    ordered = [network["embedding"].weight]
    for layer in LAYERS:
        for direction in DIRECTIONS:
            lstm = network[f"{layer}_{direction}"]
            ordered += [lstm.weight_ih_l0.T, lstm.weight_hh_l0.T, lstm.bias_ih_l0]
    ordered += [network["head"].weight.T, network["head"].bias]
    return [weight.detach().cpu().numpy() for weight in ordered]
