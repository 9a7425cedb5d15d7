"""The shipped network: lstm_core against Keras on the same weights, forward and back."""

import numpy as np
import pytest

from lstm_core.gradients.bptt import disagreement
from lstm_core.gradients.finite_differences import numerical_gradient
from lstm_core.sentiment.archive import read_reviews
from lstm_core.sentiment.explanations import integrated_gradients
from lstm_core.sentiment.network import mapped
from lstm_core.sentiment.reader import ASSETS
from lstm_core.sentiment.tokenizer import pad
from tests.lstm_core.sentiment.texts import REVIEWS, TORN


@pytest.fixture(scope="module")
def keras_network():
    import keras

    return keras.models.load_model(ASSETS / "network.keras")


def own_texts():
    """Texts of our own of 1 to 1,500 words, so that the test never depends on the data set."""
    words = " ".join(REVIEWS).split()
    for length in (1, 2, 3, 10, 60, 200, 400, 1000, 1500):
        yield " ".join((words * 10)[:length])


def reviews_of(archive):
    """Texts as an archive has them, markup and all: some whole, some run together, 1 to 1,500 words."""
    reviews = list(read_reviews(archive, ("train",)))[::8]
    lengths = np.linspace(1, 1500, len(reviews)).astype(int)
    whole = " ".join(review.text for review in reviews).split()
    for place, length in enumerate(lengths):
        yield " ".join((whole * 10)[place * 50 : place * 50 + length])
    yield from (review.text for review in reviews)


def assert_agrees(texts, reader, keras_network):
    for text in texts:
        ids = reader.ids(text)
        ours = float(reader.network.run(reader.network.embed(ids)).logit)
        theirs = float(keras_network.predict_on_batch(ids[np.newaxis])[0, 0])
        assert ours == pytest.approx(theirs, abs=1e-5, rel=1e-5), text[:80]


def test_both_agree_on_texts_of_every_length(reader, keras_network):
    assert_agrees(own_texts(), reader, keras_network)


@pytest.mark.slow
def test_both_agree_on_reviews_of_an_archive(reader, keras_network, archive):
    assert_agrees(reviews_of(archive), reader, keras_network)


def test_a_padded_batch_agrees_with_keras(reader, keras_network):
    rows = [reader.ids(text) for text in own_texts()][:6]
    lengths = np.array([len(row) for row in rows])
    ids = np.zeros((len(rows), lengths.max()), dtype=np.int32)
    for place, row in enumerate(rows):
        ids[place, : len(row)] = row
    ours = reader.network.run(reader.network.embed(ids), lengths).logit
    np.testing.assert_allclose(ours, keras_network.predict_on_batch(ids)[:, 0], atol=1e-5)


def test_both_files_hold_the_same_weights(keras_network):
    from lstm_core.sentiment.keras_model import weights

    with np.load(ASSETS / "network.npz") as stored:
        for name, array in weights(keras_network).items():
            np.testing.assert_array_equal(stored[name].astype(np.float32), array, err_msg=name)


def test_gradients_at_the_words_agree_with_tensorflow(reader, keras_network):
    import keras
    import tensorflow as tf

    ids = reader.ids(REVIEWS[0])
    ours = reader.network.backward(reader.network.run(reader.network.embed(ids))).inputs
    embedding = keras_network.get_layer("embedding")
    below = keras.Model(keras_network.input, keras_network.output)
    with tf.GradientTape() as tape:
        logit = below(tf.constant(ids[np.newaxis]))[:, 0]
    slices = tape.gradient(logit, embedding.trainable_weights[0])
    dense = tf.convert_to_tensor(slices).numpy()
    # The gradient of a row of the embedding is the sum over all places where its word stands.
    summed = np.zeros_like(dense)
    np.add.at(summed, ids, ours)
    scale = np.abs(dense).max()
    np.testing.assert_allclose(summed, dense, atol=1e-4 * scale)


def test_gradients_at_the_words_agree_with_finite_differences(reader):
    network = reader.network.in_double()
    vectors = network.embed(reader.ids("A truly great little film.")).astype(np.float64)
    gradient = network.backward(network.run(vectors)).inputs
    some = vectors[:, :4].copy()

    def logit():
        return float(network.run(np.concatenate([some, vectors[:, 4:]], axis=1)).logit)

    np.testing.assert_allclose(gradient[:, :4], numerical_gradient(logit, some), atol=1e-6)


def test_the_way_back_to_the_words_alone_is_the_whole_one(reader):
    network = reader.network.in_double()
    vectors = network.embed(reader.ids(TORN)).astype(np.float64)
    start, places = network.embed(np.zeros(len(vectors), np.int32)).astype(np.float64), np.arange(3)
    points = [start + place * (vectors - start) for place in places]
    whole = sum(network.backward(network.run(point)).inputs for point in points)
    alone = network.slope_along(start, vectors - start, places)
    np.testing.assert_allclose(alone, whole, atol=1e-12 * np.abs(whole).max() * len(vectors))


@pytest.mark.parametrize("layer", [0, 1])
@pytest.mark.parametrize("direction", ["forward", "backward"])
def test_one_lstm_of_the_network_can_be_gone_back_through_alone(reader, layer, direction):
    network = reader.network.in_double()
    vectors = network.embed(reader.ids("Not a good film at all.")).astype(np.float64)
    way = network.way_back(vectors, layer, direction)
    np.testing.assert_allclose(
        way.cell.backward(way.trace, way.direct).kernel, way.gradient.kernel, atol=1e-10
    )
    for group in ("W_f", "R_o"):
        loss = disagreement(way, lambda: float(network.run(vectors).logit), group, places=2)
        assert loss < 1e-5


def test_contributions_add_up_to_the_logit(reader):
    vectors = reader.network.embed(reader.ids(TORN))
    logit = float(reader.network.run(vectors).logit)
    rough = integrated_gradients(reader.network, vectors, logit, steps=4)
    fine = integrated_gradients(reader.network, vectors, logit, steps=128)
    assert abs(fine.gap) < 0.02 * abs(logit - fine.baseline_logit) + 0.02
    assert abs(fine.gap) <= abs(rough.gap) + 1e-3
    unknown = reader.network.embed(np.ones(len(vectors), dtype=np.int32))
    assert fine.baseline_logit == pytest.approx(float(reader.network.run(unknown).logit), abs=1e-4)
    total = fine.baseline_logit + fine.words.sum() + fine.gap
    assert total == pytest.approx(logit, abs=1e-4)


def test_nothing_to_read_is_refused(reader):
    with pytest.raises(ValueError, match="nothing to read"):
        reader.network.run(np.zeros((0, reader.network.embedding.shape[1]), np.float32))


def test_an_unknown_word_adds_nothing(reader):
    reading = reader.read("A gnarfle film, great blorft.")
    shares = reading.contributions.words
    assert (shares[~reading.known] == 0).all()
    assert np.abs(shares[reading.known]).max() > 0.1


def test_the_answers_alone_are_those_of_the_whole_run(reader):
    rows = [reader.ids(text) for text in own_texts()][:6]
    lengths = np.array([len(row) for row in rows])
    vectors = reader.network.embed(pad(rows))
    trace = reader.network.run(vectors, lengths)
    logit, stars = reader.network.answers(vectors, lengths)
    np.testing.assert_allclose(logit, trace.logit, atol=1e-6)
    np.testing.assert_allclose(stars, trace.stars, atol=1e-5)
    assert ((stars >= 1) & (stars <= 10)).all()


def test_the_stars_agree_with_keras(reader, keras_network):
    for text in REVIEWS:
        ids = reader.ids(text)
        theirs = float(keras_network.predict_on_batch(ids[np.newaxis])[0, 1])
        expected = 1 + 9 / (1 + np.exp(-theirs))
        assert reader.read(text).stars == pytest.approx(expected, abs=1e-4)


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
@pytest.mark.parametrize("array", [np.arange(6.0).reshape(2, 3), np.asfortranarray(np.eye(3)[:2])])
def test_a_mapped_array_is_the_one_that_was_saved(tmp_path, save, array):
    save(tmp_path / "both.npz", first=np.arange(5), second=array)
    found = mapped(tmp_path / "both.npz", "second")
    np.testing.assert_array_equal(found, array)
    assert isinstance(found, np.memmap) == (save is np.savez)
    with pytest.raises(KeyError):
        mapped(tmp_path / "both.npz", "third")


def test_the_embedding_is_read_when_it_is_looked_up(reader):
    with np.load(ASSETS / "network.npz") as stored:
        np.testing.assert_array_equal(reader.network.embedding, stored["embedding"])
    with pytest.raises(ValueError, match="read-only"):
        reader.network.embedding[0] = 0
