"""An unknown word is read as the nearest known one where that is plain, and can be kept as written."""

import pickle

import pytest

from lstm_core.sentiment.spelling import Spelling

MENDED = {
    "terible": "terrible",
    "moive": "movie",
    "definitly": "definitely",
    "dissapointing": "disappointing",
    "wonderfull": "wonderful",
    "teh": "the",
    "lvoe": "love",
    "goood": "good",
    "nooo": "no",
    "tooo": "too",
    "reallly": "really",
    "gr8": "great",
    "dnt": "don't",
    "4/5": "8/10",
    "3.5/4": "9/10",
    "100/100": "10/10",
    "8.7/10": "9/10",
    "87/100": "9/10",
}
"""Words and what they are read as, by any network whose vocabulary comes from film reviews."""


@pytest.fixture(scope="module")
def spelling(reader):
    return reader.preprocess.spelling


def corrected(spelling, text):
    """Return what is read as what, of a text without marks."""
    split = [(word, word.lower()) for word in text.split()]
    return {split[place][1]: read for place, read in spelling.corrected(split).items()}


@pytest.mark.parametrize("word", MENDED)
def test_a_plain_misspelling_is_read_as_what_was_meant(spelling, word):
    assert spelling.read_as(word) == MENDED[word]


@pytest.mark.parametrize("word", ["zzyzx", "blorftastic", "wirklich", "gnarfle", "x1y2", "schöne"])
def test_what_is_like_no_word_stays_unknown(spelling, word):
    assert spelling.read_as(word) is None


@pytest.mark.parametrize("word", ["snores", "viscously", "fueling", "patricide", "moping"])
def test_a_rare_english_word_is_no_misspelling(spelling, word):
    assert spelling.read_as(word) is None


def test_a_name_stays_unknown_and_a_capital_at_the_beginning_is_none(spelling):
    assert corrected(spelling, "we saw Terible and Moive") == {}
    assert corrected(spelling, "Terible film") == {"terible": "terrible"}
    assert corrected(spelling, "a TERIBLE film") == {"terible": "terrible"}


def test_of_two_words_as_near_none_is_taken(spelling):
    """``seets`` may be seats or seems, and only the reader of the sentence can tell."""
    assert spelling.read_as("seets") is None


def test_it_travels_to_another_process(spelling):
    twin = pickle.loads(pickle.dumps(spelling))
    assert isinstance(twin, Spelling)
    assert twin.read_as("terible") == "terrible"
