"""The lecture's network in Keras: Embedding, two bidirectional LSTMs, pooling, Dense.

The network learns in PyTorch (``torch_model``), and ships as a Keras file, which courses open.
Keras is imported inside the functions: serving reads the same weights with ``lstm_core`` alone.
"""

from __future__ import annotations

import json
import os
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from lstm_core.sentiment.opened import DIRECTIONS, LAYERS
from lstm_core.sentiment.tokenizer import PADDING_ID

if TYPE_CHECKING:
    import keras

    from lstm_core.sentiment.recipes import Recipe

LATER = {"optional", "ragged", "sparse"}
"""Arguments that older versions of Keras do not have; all are False where nobody asks for them."""
PARAMETERS = ("kernel", "recurrent_kernel", "bias")


def build(recipe: Recipe, arrays: Sequence[NDArray[np.float32]] | None = None) -> keras.Model:
    """Build the network that a recipe describes.

    Token ids (batch, time) go in, padded with ``PADDING_ID`` at the end; two numbers come out,
    (batch, 2): the logit of "positive", and that of the stars, which are 1 + 9 sigmoid(it). Every
    layer is Keras' own, so that the saved file opens anywhere.

    Args:
        recipe: sizes and dropout rates.
        arrays: its weights, as ``torch_model.arrays`` lists them; untrained if None.
    """
    quiet_tensorflow()
    import keras
    from keras import layers, ops

    keras.utils.set_random_seed(recipe.seed)
    tokens = keras.Input((None,), dtype="int32", name="tokens")
    embedding = layers.Embedding(
        recipe.vocabulary, recipe.features, mask_zero=True, name="embedding"
    )
    reading = layers.Dropout(recipe.embedding_dropout)(embedding(tokens))
    for layer in LAYERS:
        lstm = layers.LSTM(recipe.units, return_sequences=True)
        reading = layers.Bidirectional(lstm, name=layer)(reading)
        if layer == LAYERS[0]:
            reading = layers.Dropout(recipe.layer_dropout)(reading)
    is_word = ops.expand_dims(ops.cast(ops.not_equal(tokens, PADDING_ID), "float32"), -1)
    # A hidden state lies in (-1, 1), so that a padded step lowered by 2 never is the largest.
    largest = ops.max(reading + 2.0 * (is_word - 1.0), axis=1)
    mean = ops.sum(reading * is_word, axis=1) / ops.sum(is_word, axis=1)
    pooled = layers.Dropout(recipe.head_dropout)(layers.Concatenate()([largest, mean]))
    model = keras.Model(tokens, layers.Dense(2, name="head")(pooled), name="sentiment")
    if arrays is not None:
        model.set_weights(list(arrays))
    return model


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
    for layer in LAYERS:
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
