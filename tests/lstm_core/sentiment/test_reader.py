"""Reading text of any kind: verdicts, unknown words, cuts, and hostile input."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lstm_core.sentiment.network import SentimentNetwork
from lstm_core.sentiment.reader import LONGEST, Reader, which_are_read
from lstm_core.sentiment.tokenizer import Vocabulary
from tests.lstm_core.sentiment.texts import COLD, REVIEWS, WARM


def test_a_warm_and_a_cold_review_are_told_apart(reader):
    assert reader.read(WARM).probability > 0.9
    assert reader.read(COLD).probability < 0.1


def test_reading_one_and_scoring_many_agree(reader):
    texts = [*REVIEWS, "great", "zzyzx", ""]
    scores = reader.score(texts).probability
    for text, score in zip(texts[:-1], scores, strict=False):
        assert reader.read(text).probability == pytest.approx(score, abs=1e-6)
    assert np.isnan(scores[-1])
    assert reader.score([]).probability.shape == (0,)


@pytest.mark.parametrize("text", ["", "   \n", ",;-", ".", "😀"])
def test_a_text_without_a_word_has_no_reading(reader, text):
    assert reader.read(text) is None


def test_unknown_words_are_known_to_be_unknown(reader):
    reading = reader.read("The blorftastic film was gnarfle, blorftastic.")
    unknown = [
        token.word for token, known in zip(reading.tokens, reading.known, strict=True) if not known
    ]
    assert unknown == ["blorftastic", "gnarfle", "blorftastic"]


def test_a_text_too_long_is_cut_in_the_middle(reader):
    reading = reader.read("good " * (LONGEST + 500))
    assert int(reading.read.sum()) == LONGEST
    assert reading.read[0]
    assert reading.read[-1]
    assert not reading.read[LONGEST // 4]


@given(st.integers(0, 3 * LONGEST))
def test_the_cut_keeps_as_much_as_it_may(count):
    assert which_are_read(count).sum() == min(count, LONGEST)


@given(text=st.text(st.characters(exclude_categories=()), min_size=1, max_size=120))
@settings(deadline=None, max_examples=60)
def test_any_text_is_read_or_has_no_word(reader, text):
    reading = reader.read(text)
    if reading is None:
        assert np.isnan(reader.score([text]).probability[0])
        return
    assert 0 <= reading.probability <= 1
    assert len(reading.contributions.words) == len(reading.tokens)


def test_a_vocabulary_of_another_size_is_refused(reader):
    network = reader.network
    assert isinstance(network, SentimentNetwork)
    with pytest.raises(ValueError, match="5 ids"):
        Reader(Vocabulary(["a", "b", "c"]), network)
