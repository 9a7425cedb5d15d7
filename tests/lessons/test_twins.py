"""Twins of a text: the change that was meant, and nothing else."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lstm_core.lessons.reviews import EXAMPLES
from lstm_core.lessons.twins import OPPOSITES, changes, negated, swapped, twins, with_a_but
from lstm_core.sentiment.reader import Reader


@pytest.fixture(scope="module")
def reader():
    return Reader.load()


@pytest.mark.parametrize(
    ("text", "twin"),
    [
        ("The film was dreadful.", "The film was not dreadful."),
        ("The film was not dreadful.", "The film was dreadful."),
        ("It wasn't a dreadful film.", "It was a dreadful film."),
        ("I can't recommend this dreadful film.", "I can recommend this dreadful film."),
        ("I loved it!", "It is not true that I loved it!"),
        ("Dreadful.", "Not dreadful."),
        ("We saw it. They loved every wonderful minute.", None),
    ],
)
def test_a_sentence_is_negated(reader, text, twin):
    found = negated(reader.read(text))
    expected = twin or "We saw it. It is not true that they loved every wonderful minute."
    assert found.text == expected


def test_the_decisive_word_is_swapped(reader):
    found = swapped(reader.read("A Wonderful film about a table."))
    assert found.text == "A Dreadful film about a table."
    assert found.change == "“Wonderful” → “Dreadful”"
    assert not swapped(reader.read("A film about a table.")).text


def test_a_but_turns_against_the_verdict(reader):
    for text, word in ((EXAMPLES["A warm one"], "cold"), (EXAMPLES["A cold one"], "loved")):
        reading = reader.read(text)
        found = with_a_but(reading)
        assert found.text.startswith(text)
        assert word in found.text[len(text) :]
        turned = float(reader.read(found.text).trace.logit) - float(reading.trace.logit)
        assert turned * (0.5 - reading.probability) > 0


def test_opposites_are_words_that_the_network_knows_and_never_themselves(reader):
    for word, opposite in OPPOSITES.items():
        assert word != opposite
        assert word in reader.vocabulary, word
        assert opposite in reader.vocabulary, opposite


@settings(deadline=None, max_examples=60)
@given(text=st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=80))
def test_any_text_has_twins_or_a_reason_why_not(reader, text):
    reading = reader.read(text)
    if reading is None:
        return
    for twin in twins(reading):
        assert twin.change
        assert twin.text != text


def test_changes_are_named_word_by_word():
    assert changes("A good film.", "A bad film.") == [("good", "bad")]
    assert changes("A film.", "A film, but dull.") == [("", "but dull")]
    assert changes("Not a film.", "A film.") == [("Not", "")]
    assert changes("A film.", "A film.") == []
