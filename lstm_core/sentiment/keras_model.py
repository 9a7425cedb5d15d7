"""The lecture's network in Keras: Embedding, two bidirectional LSTMs, pooling, Dense.

This module and ``training`` are the only ones that import Keras, and they do so inside their
functions: serving reads the same weights with ``lstm_core`` alone.
"""

from __future__ import annotations

import json
import os
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from lstm_core.sentiment.tokenizer import PADDING_ID

if TYPE_CHECKING:
    import keras

    from lstm_core.sentiment.recipes import Recipe

LATER = {"optional", "ragged", "sparse"}
"""Arguments that older versions of Keras do not have; all are False where nobody asks for them."""
DIRECTIONS = ("forward", "backward")
PARAMETERS = ("kernel", "recurrent_kernel", "bias")


def build(
    recipe: Recipe, vectors: NDArray[np.float32] | None = None, perturbed: bool = False
) -> keras.Model:
    """Build the network that a recipe describes, untrained.

    Token ids (batch, time) go in, padded with ``PADDING_ID`` at the end; two numbers come out,
    (batch, 2): the logit of "positive", and that of the stars, which are 1 + 9 sigmoid(it). Every
    layer is Keras' own, so that the saved file opens anywhere.

    Args:
        recipe: sizes and dropout rates.
        vectors: initial embedding, shape (vocabulary, features); random if None.
        perturbed: whether there is a second input (batch, time, features) that is added to the
            word vectors, for ``training_step``. The weights are the same either way.
    """
    quiet_tensorflow()
    import keras
    from keras import layers, ops

    keras.utils.set_random_seed(recipe.seed)
    tokens = keras.Input((None,), dtype="int32", name="tokens")
    embedding = layers.Embedding(
        recipe.vocabulary, recipe.features, mask_zero=True, name="embedding"
    )
    inputs, reading = [tokens], embedding(tokens)
    if perturbed:
        inputs.append(keras.Input((None, recipe.features), name="perturbation"))
        reading = layers.Add()([reading, inputs[-1]])
    reading = layers.Dropout(recipe.embedding_dropout)(reading)
    for layer in ("first", "second"):
        lstm = layers.LSTM(recipe.units, return_sequences=True)
        reading = layers.Bidirectional(lstm, name=layer)(reading)
        if layer == "first":
            reading = layers.Dropout(recipe.layer_dropout)(reading)
    is_word = ops.expand_dims(ops.cast(ops.not_equal(tokens, PADDING_ID), "float32"), -1)
    # A hidden state lies in (-1, 1), so that a padded step lowered by 2 never is the largest.
    largest = ops.max(reading + 2.0 * (is_word - 1.0), axis=1)
    mean = ops.sum(reading * is_word, axis=1) / ops.sum(is_word, axis=1)
    pooled = layers.Dropout(recipe.head_dropout)(layers.Concatenate()([largest, mean]))
    answers = layers.Dense(2, name="head")(pooled)
    model = keras.Model(inputs if perturbed else tokens, answers, name="sentiment")
    if vectors is not None:
        embedding.set_weights([vectors])
    return model


def training_steps(
    model: keras.Model, radius: float, stars_weight: float
) -> tuple[Callable[..., Any], Callable[..., Any]]:
    """Compile one step of plain and one of adversarial training.

    The loss is the cross-entropy of "positive" plus ``stars_weight`` times that of the stars. In
    adversarial training the loss of the same reviews is added with their word vectors moved by
    ``radius`` in the direction that raises it most. Miyato, Dai and Goodfellow: Adversarial
    Training Methods for Semi-Supervised Text Classification, 2017.

    Args:
        model: of ``build(perturbed=True)``, compiled with an optimizer.
        radius: Euclidean length of the perturbation of a whole review.
        stars_weight: what the stars count beside "positive".

    Returns:
        Two functions of token ids (batch, time) and targets between 0 and 1, (batch, 2), NaN where
        unknown. Each makes one update and returns the loss on the texts as they are.
    """
    import tensorflow as tf

    weights = model.trainable_variables
    importance = tf.constant([1.0, stars_weight])

    def gradients(tokens: Any, targets: Any, perturbation: Any) -> tuple[Any, Any, Any]:
        known = tf.math.is_finite(targets)
        with tf.GradientTape() as tape:
            tape.watch(perturbation)
            answers = model([tokens, perturbation], training=True)
            wanted = tf.where(known, targets, tf.sigmoid(tf.stop_gradient(answers)))
            loss = tf.nn.sigmoid_cross_entropy_with_logits(wanted, answers)
            loss = tf.where(known, loss, tf.zeros_like(loss)) * importance
            loss = tf.reduce_mean(tf.reduce_sum(loss, axis=1))
        *to_weights, to_words = tape.gradient(loss, [*weights, perturbation])
        return loss, [tf.convert_to_tensor(g) for g in to_weights], to_words

    def unmoved(tokens: Any) -> Any:
        return tf.zeros((*tf.unstack(tf.shape(tokens)), model.input_shape[1][-1]))

    @tf.function(reduce_retracing=True)
    def plain(tokens: Any, targets: Any) -> Any:
        loss, total, _ = gradients(tokens, targets, unmoved(tokens))
        model.optimizer.apply(total, weights)
        return loss

    @tf.function(reduce_retracing=True)
    def adversarial(tokens: Any, targets: Any) -> Any:
        loss, total, to_words = gradients(tokens, targets, unmoved(tokens))
        length = tf.sqrt(tf.reduce_sum(to_words**2, axis=(1, 2), keepdims=True))
        worst = tf.stop_gradient(radius * to_words / (length + 1e-12))
        _, more, _ = gradients(tokens, targets, worst)
        model.optimizer.apply([a + b for a, b in zip(total, more, strict=True)], weights)
        return loss

    return plain, adversarial


def quiet_tensorflow() -> None:
    """Keep TensorFlow's start-up notices out of the terminal; call it before the import."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("KERAS_BACKEND", "tensorflow")


def weights(model: keras.Model) -> dict[str, NDArray[np.float32]]:
    """Name every weight of a trained network, as the file that ``reader`` loads names them.

    Returns:
        ``embedding`` (vocabulary, features); for each layer and direction, such as
        ``first_forward_kernel``, the three LSTM parameters in Keras' layout; ``head_kernel``
        (4 units, 2) and ``head_bias`` (2,).
    """
    named = {"embedding": model.get_layer("embedding").get_weights()[0]}
    for layer in ("first", "second"):
        arrays = iter(model.get_layer(layer).get_weights())
        for direction in DIRECTIONS:
            for parameter in PARAMETERS:
                named[f"{layer}_{direction}_{parameter}"] = next(arrays)
    named["head_kernel"], named["head_bias"] = model.get_layer("head").get_weights()
    return named


def logit_of(keras_file: Path, ids: NDArray[np.int32]) -> float:
    """Read one text of token ids, (time,), with the network of a ``.keras`` file."""
    quiet_tensorflow()
    import keras

    model = keras.models.load_model(keras_file)
    return float(model.predict_on_batch(ids[np.newaxis])[0, 0])


def export(model: keras.Model, keras_file: Path, weights_file: Path) -> None:
    """Ship a trained network: a ``.keras`` file for Keras and an ``.npz`` for ``lstm_core``.

    Weights are rounded to half precision first, so that both files hold the same numbers to
    the last bit at half the size. What only training needs (the optimizer's state) is left out.
    """
    import keras

    halves = [array.astype(np.float16) for array in model.get_weights()]
    shipped = keras.models.clone_model(model)
    shipped.set_weights([array.astype(np.float32) for array in halves])
    named = {name: array.astype(np.float16) for name, array in weights(shipped).items()}
    # Who looks into the old file meanwhile goes on with the old file.
    fresh = weights_file.with_name(f"fresh-{weights_file.name}")
    np.savez(fresh, **named)  # type: ignore[arg-type]  # NumPy types the flag, not the arrays.
    fresh.replace(weights_file)
    shipped.save(keras_file)
    make_portable(keras_file)


def make_portable(path: Path) -> None:
    """Rewrite a ``.keras`` file so that older versions of Keras open it, with its members deflated.

    Keras writes every argument of a layer, also those that only its own version has, and an older
    one refuses what it does not know. What stands at its default is therefore left out.
    """
    packed = path.with_suffix(".packing")
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(packed, "w") as target:
        for item in source.infolist():
            content = source.read(item)
            if item.filename == "config.json":
                content = json.dumps(portable(json.loads(content))).encode()
            target.writestr(item, content, zipfile.ZIP_DEFLATED, 9)
    packed.replace(path)


def portable(config: Any) -> Any:
    """Leave out of a model's configuration what only some versions of Keras know.

    Arguments that are None, or that say no to what came later, stand at their default anyway. The
    initializers, whose names changed, have no part in a trained network. An operation such as Cast
    had no name of its own; the model's list of layers names it. A policy of data types becomes its
    name, and what goes in and comes out stands in a list, as it did.
    """
    if isinstance(config, list):
        return [portable(item) for item in config]
    if not isinstance(config, dict):
        return config
    if config.get("class_name") == "DTypePolicy":
        return config["config"]["name"]
    kept = {name: portable(value) for name, value in config.items()}
    if "module" in kept and isinstance(kept.get("config"), dict):
        operation = kept["module"].startswith("keras.src.ops")
        kept["config"] = {
            name: value
            for name, value in kept["config"].items()
            if value is not None
            and not (name in LATER and value is False)
            and not name.endswith("_initializer")
            and not (operation and name == "name")
        }
        for ends in ("input_layers", "output_layers"):
            layers = kept["config"].get(ends)
            if layers and isinstance(layers[0], str):
                kept["config"][ends] = [layers]
    return kept
