"""Short texts for a teacher to judge: cut out of reviews, and changed."""

import re

import numpy as np

from lstm_core.sentiment import made_texts
from lstm_core.sentiment.made_texts import cut_texts, sentences_of
from lstm_core.sentiment.opposites import OPPOSITES
from lstm_core.sentiment.plain_sentences import BAD, GOOD, SUBJECTS

REVIEW = (
    'A great film, and funny too!<br /><br />I loved the 3.5 hours of it ... "Is it long?" he said. '
    "The plot was not dull. We are happy"
)
SENTENCES = [
    "A great film, and funny too!",
    "I loved the 3.5 hours of it ...",
    '"Is it long?"',
    "he said.",
    "The plot was not dull.",
    "We are happy",
]


def many(way, sentences=SENTENCES, times=200):
    rng = np.random.default_rng(0)
    return {text for _ in range(times) if (text := way(sentences, rng))}


def words(text):
    return set(re.findall(r"\w+", text.lower()))


def test_a_review_is_cut_into_its_sentences():
    assert sentences_of(REVIEW) == SENTENCES
    assert sentences_of("<br />...") == []
    assert sentences_of("no end") == ["no end"]


def test_what_is_cut_stands_in_its_review():
    plain = " ".join(SENTENCES)
    for row, text in cut_texts([REVIEW, "Good. Very good."], 200, (1,)):
        assert text in (plain, "Good. Very good.")[row] or text in plain
    assert {row for row, _ in cut_texts([REVIEW, "Good. Very good."], 50, (1,))} == {0, 1}


def test_exchanged_opinions_are_opinions():
    opinions = words(" ".join((*GOOD, *BAD)))
    exchanged = many(made_texts._exchanged, ["A great film, and funny too!"])
    assert len(exchanged) > 50
    for text in exchanged:
        assert words(text) <= opinions | {"a", "film", "and", "too"}
    assert many(made_texts._exchanged, ["He said so."]) == set()


def test_other_words_than_adjectives_are_turned():
    turned = many(made_texts._exchanged, ["Everybody loved it, 9/10 best and 10 out of 10"])
    assert any("hated it" in text for text in turned)
    assert any(text.startswith("Nobody") for text in turned)
    assert all("9/10" not in text and "10 out of 10" not in text for text in turned)
    assert any("2/10" in text and text.endswith("and 1 out of 10") for text in turned)


def test_a_review_is_rewritten_in_part_or_as_a_whole():
    review = ["It was a great film."] * 10
    counts = {text.count("great") for text in many(made_texts._rewritten, review)}
    assert {0, 1, 2, 3, 4, 5} <= counts
    assert all(
        len(text.split()) <= 320
        for text in made_texts.made_texts(["A good film. " * 200], 300, (1,))
    )


def test_what_is_exchanged_goes_both_ways():
    for word, others in OPPOSITES.items():
        assert word not in others
        assert all(word in OPPOSITES[other] for other in others)


def test_a_negation_is_put_in_or_taken_out():
    assert many(made_texts._negated, ["The plot was good."]) == {
        f"The plot was {negation} good." for negation in ("not", "never", "hardly")
    }
    assert "The plot was good." in many(made_texts._negated, ["The plot was not good."])
    assert many(made_texts._negated, ["What a plot!"]) == set()


def test_a_film_becomes_another_thing():
    for text in many(made_texts._elsewhere, ["A great film and a plot."]):
        (thing,) = set(re.fullmatch(r"A great (\S+) and a (\S+)\.", text).groups())
        assert thing in SUBJECTS


def test_the_same_seed_makes_the_same_texts_and_each_once():
    texts = made_texts.made_texts([REVIEW, "A dull story. " * 30], 200, (1,))
    assert texts == made_texts.made_texts([REVIEW, "A dull story. " * 30], 200, (1,))
    assert texts != made_texts.made_texts([REVIEW, "A dull story. " * 30], 200, (2,))
    assert len(set(texts)) == len(texts) > 50
    assert all(len(words(text)) >= 2 for text in texts)
    assert not any("\n" in text or "<br" in text for text in texts)
