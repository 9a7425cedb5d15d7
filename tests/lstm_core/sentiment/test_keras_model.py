"""The file for Keras: what other versions do not know is left out, and nothing that counts."""

import json
import zipfile

import pytest

from lstm_core.sentiment.keras_model import make_portable, portable
from lstm_core.sentiment.reader import ASSETS

NEW = {
    "module": "keras.layers",
    "class_name": "Embedding",
    "config": {
        "name": "embedding",
        "dtype": {"module": "keras", "class_name": "DTypePolicy", "config": {"name": "float32"}},
        "input_dim": 7,
        "mask_zero": False,
        "embeddings_initializer": {"module": "keras.initializers", "config": {"seed": None}},
        "quantization_config": None,
        "sparse": False,
    },
}
OPERATION = {"module": "keras.src.ops.core", "config": {"name": "cast_2", "dtype": "float32"}}


def test_what_only_some_versions_know_is_left_out():
    kept = {"name": "embedding", "dtype": "float32", "input_dim": 7, "mask_zero": False}
    assert portable(NEW)["config"] == kept
    assert portable([OPERATION])[0]["config"] == {"dtype": "float32"}
    model = {"module": "keras", "config": {"layers": [NEW], "input_layers": ["tokens", 0, 0]}}
    assert portable(model)["config"]["input_layers"] == [["tokens", 0, 0]]
    assert portable(portable(model)) == portable(model)


def test_the_file_that_ships_is_portable():
    with zipfile.ZipFile(ASSETS / "network.keras") as file:
        config = json.loads(file.read("config.json"))
    assert config == portable(config)


def test_a_file_is_rewritten_with_all_its_members(tmp_path):
    path = tmp_path / "network.keras"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("metadata.json", "{}")
        file.writestr("config.json", json.dumps(NEW))
        file.writestr("model.weights.h5", bytes(1000))
    make_portable(path)
    with zipfile.ZipFile(path) as file:
        assert file.namelist() == ["metadata.json", "config.json", "model.weights.h5"]
        assert json.loads(file.read("config.json")) == portable(NEW)
        assert file.read("model.weights.h5") == bytes(1000)
        assert file.getinfo("model.weights.h5").compress_type == zipfile.ZIP_DEFLATED
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("value", [None, 1, "text", [], {}])
def test_what_is_no_configuration_stays(value):
    assert portable(value) == value
