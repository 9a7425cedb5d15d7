"""What is written of each version of Keras; the environments themselves take minutes each."""

import json

from lstm_core.sentiment.reader import ASSETS, Reader
from tools import keras_versions


def test_a_version_is_said_to_open_the_network_only_if_it_answers_alike():
    same = {"keras": "3.1", "opens": True, "why": "", "logits": [1.0, -2.0]}
    assert keras_versions.compared(dict(same), [1.0, -2.00001])["opens"]
    other = keras_versions.compared(dict(same), [1.0, -1.0])
    assert not other["opens"]
    assert other["why"]
    failed = {"keras": "3.0", "opens": False, "why": "unknown argument"}
    assert keras_versions.compared(dict(failed), [1.0, -1.0]) == failed


def test_every_version_is_asked_and_written_down(tmp_path, monkeypatch):
    for name in ("network.npz", "vocabulary.txt", "calibration.json"):
        (tmp_path / name).symlink_to(ASSETS / name)
    reader = Reader.load()
    asked = []

    def tried(package, *_):
        asked.append(package)
        return {
            "keras": package,
            "opens": True,
            "why": "",
            "logits": reader.score(keras_versions.TEXTS).logit.tolist(),
        }

    monkeypatch.setattr(keras_versions, "tried", tried)
    assert keras_versions.main(["--folder", str(tmp_path)]) == 0
    record = json.loads((tmp_path / "keras_versions.json").read_text())
    assert asked == [row["keras"] for row in record["versions"]] == list(keras_versions.VERSIONS)
    assert all(row["opens"] for row in record["versions"])
