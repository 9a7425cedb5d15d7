"""Twins of a text: the change that was meant, and nothing else."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lstm_core.sentiment.reader import Reader
from pages.reviews.lesson import EXAMPLES
from pages.reviews.twins import OPPOSITES, changes, negated, swapped, twins, with_a_but


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
        (
            "We saw it. They loved every wonderful minute.",
            "We saw it. It is not true that they loved every wonderful minute.",
        ),
        ("There is no joy.", "There is joy."),
        ("There is joy.", "There is no joy."),
        ("There is a joke in it.", "There is no joke in it."),
        ("There are many good jokes.", "There are not many good jokes."),
        ("I cannot recommend it.", "I can recommend it."),
        ("I can not recommend it.", "I can recommend it."),
        ("Never boring.", "Boring."),
        ("Don't miss it.", "Miss it."),
        ("Isn't it lovely?", "Is it lovely?"),
        ("No joy.", "Joy."),
        ("The plot makes no sense.", "The plot makes sense."),
        ("The plot has no idea.", "The plot has some idea."),
        ("It has no surprises.", "It has surprises."),
        ("It is no longer funny.", "It is still funny."),
        ("Nobody laughed.", "Everybody laughed."),
        ("No one laughed.", "Everyone laughed."),
        ("Nothing works.", "Everything works."),
        ("There is nothing to like.", "There is something to like."),
        ("It is hardly funny.", "It is funny."),
        ("Hardly anyone laughed.", "Everyone laughed."),
        ("I don't like any of it.", "I do like some of it."),
        ("They have a wonderful ease.", "They do not have a wonderful ease."),
        ("It has been wonderful.", "It has not been wonderful."),
        ("I'm bored.", "I'm not bored."),
        ("Is it good?", "Is it not good?"),
        ("Avoid it.", "Do not avoid it."),
        ("An interesting film.", "Not an interesting film."),
    ],
)
def test_a_sentence_is_negated(reader, text, twin):
    found = negated(reader.read(text))
    assert found.text == twin


@pytest.mark.parametrize(
    "text",
    [
        "It is no better than the first.",
        "No, thanks.",
        "No.",
        "Never again.",
        "Not only funny.",
        "There was no warmth at all.",
        "Great film!",
        "Couldn't put it down.",
        "They tried, but it drags.",
        "Grandma's verdict on the cake!",
    ],
)
def test_where_no_rule_is_good_english_there_is_no_twin(reader, text):
    found = negated(reader.read(text))
    assert not found.text
    assert "No rule" in found.change


def test_another_sentence_is_negated_where_a_rule_fits(reader):
    found = negated(reader.read("Great film! The cast was fine."))
    assert found.text == "Great film! The cast was not fine."


def test_the_decisive_word_is_swapped(reader):
    found = swapped(reader.read("A Wonderful film about a table."))
    assert found.text == "A Dreadful film about a table."
    assert found.change == "“Wonderful” → “Dreadful”"
    assert not swapped(reader.read("A film about a table.")).text
    assert swapped(reader.read("An interesting film.")).text == "A dull film."
    assert swapped(reader.read("It is a terrible film.")).text == "It is a great film."
    assert swapped(reader.read("It is a great, bad idea.")).text


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
