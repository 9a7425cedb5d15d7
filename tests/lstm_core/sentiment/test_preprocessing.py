"""One way in for every text: what is read as what, what is refused, and why."""

import numpy as np
import pytest

from lstm_core.sentiment.calibration import verdict
from lstm_core.sentiment.refusal_rates import not_reviews, opinions, refused
from lstm_core.sentiment.refusals import LANGUAGE, RECORD, UNKNOWN, surprise
from lstm_core.sentiment.tokenizer import UNKNOWN_ID

MISSPELT = "A terible moive, &#39;absolutly&#39; terible."


def test_a_reading_says_what_it_read_as_what(reader):
    reading = reader.read(MISSPELT)
    assert reading.read_as == {"terible": "terrible", "moive": "movie", "absolutly": "absolutely"}
    written = {MISSPELT[token.start : token.end] for token in reading.tokens}
    assert {"terible", "moive", "absolutly"} <= written, "places point into the text as it came"
    assert reading.known.all()
    plain = reader.read("A terrible movie, 'absolutely' terrible.")
    np.testing.assert_array_equal(reading.ids, plain.ids)


def test_a_word_can_be_kept_as_it_is_written(reader):
    kept = reader.read(MISSPELT, kept=["terible"])
    assert kept.read_as == {"moive": "movie", "absolutly": "absolutely"}
    unknown = [t.word for t, known in zip(kept.tokens, kept.known, strict=True) if not known]
    assert unknown == ["terible", "terible"]
    np.testing.assert_array_equal(reader.ids(MISSPELT, ["terible"]), kept.ids)


@pytest.mark.parametrize(
    ("text", "rating"),
    [("4/5", "8/10"), ("★★☆☆☆", "4/10"), ("5.0 out of 5 stars", "10/10"), ("100/100", "10/10")],
)
def test_a_rating_is_read_on_the_scale_that_the_network_knows(reader, text, rating):
    reading = reader.read(f"{text} It came on Monday.")
    assert reading.tokens[0].word == rating
    assert (reading.probability > 0.5) == (rating != "4/10")
    (written,) = reading.read_as
    assert reader.preprocess(text, kept=[written]).words == [written]


def test_a_part_of_something_is_no_rating(reader):
    assert reader.preprocess("4/5 of the film is dull").words[0] == "4/5"


def test_reading_and_scoring_prepare_alike(reader):
    texts = [MISSPELT, "Der Film war wirklich schlecht.", "I ❤ it", "★★★★☆", ""]
    scores = reader.score(texts)
    for text, refusal, read_as in zip(texts[:-1], scores.refused, scores.read_as, strict=False):
        reading = reader.read(text)
        assert (reading.refused, reading.read_as) == (refusal, read_as)
        assert [token.word for token in reading.tokens] == reader.preprocess(text).words


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Der Film war wirklich schlecht und viel zu lang.", LANGUAGE),
        ("Gar nicht mal so schlecht", LANGUAGE),
        ("Der Film war schlecht.", LANGUAGE),
        ("Quelle déception, je me suis ennuyé du début à la fin.", LANGUAGE),
        ("Это лучший фильм, который я видел.", LANGUAGE),
        ("x = [1, 2, 3]; y = x[::-1]", RECORD),
        ("for i in range(10): print(i)", RECORD),
        ("INFO: Starting server on port 8501 (pid 2231)", RECORD),
        ("Anna: are you there?\nBen: yes\nAnna: did you get the file\nBen: not yet", RECORD),
        ("select * from films where stars >= 4 limit 10;", RECORD),
        ("INSERT INTO films (title, year) VALUES ('Jaws', 1975);", RECORD),
        ("body { margin: 0; padding: 1em }", RECORD),
        ("Anna Li: hi\nBen Ott: hello\nAnna Li: lunch?", RECORD),
        (
            "01/02/2023, 09:41 - a: hi\n01/02/2023, 09:41 - b: yes\n01/02/2023, 09:42 - a: no",
            RECORD,
        ),
        ("3f2a9c1b7d4e5f60", UNKNOWN),
        ("asdf jkl qwertz", UNKNOWN),
        ("zzyzx", UNKNOWN),
    ],
)
def test_what_is_no_review_is_refused_and_why(reader, text, why):
    reading = reader.read(text)
    assert reading.refused == why
    assert reading.verdict == "not a review"


@pytest.mark.parametrize(
    "text",
    [
        "I loved this film 💗",
        "★ What a happy little film",
        "★★★★★ what a ride",
        "Loved it",
        "meh",
        "10/10",
        "De Niro and Pacino are great in La La Land.",
        "Das Boot is the best war film ever made.",
        "absolutly loved it!!",
        "gr8 phone, luv the camera",
        "A visually stunning rumination on love.",
        "awful, awful, awful",
        "Their mango sorbet :-)",
        "Booked a sea view (room 12), got the bins >:(",
        "@dave loved it #movie",
        "Loved it #amazing #great @dave",
        "𝗧𝗵𝗶𝘀 𝗳𝗶𝗹𝗺 𝗶𝘀 𝗴𝗼𝗼𝗱",
        "grеat",
        "Goated film",
        "Que sera, sera: a lovely film",
        "El laberinto del fauno: simply beautiful",
        "Battery life sux",
        "Laggy, buggy, unplayable",
        "Plot: thin\nActing: awful\nMusic: fine",
        "Pros: great sound, light\nCons: no case\nVerdict: I love them",
        "a _great_ film, truly __great__",
        "# Review\n\n> dull\n\n| Sound | 9/10 |\n|---|---|\n| Build | 8/10 |\n\nI like it.",
        "[h1]Good[/h1][list][*]fun combat[*]fine music[/list]",
        "Great. [SPOILERS] >!He did it.!< Loved the end.",
        "Loved it! https://x.example/watch?v=abc123&list=xyz_98",
        "good :thumbsup: :heart:",
        "11/10",
        "2024",
        "WARNING: spoilers ahead. I liked it.",
        "Rated R; 90 minutes; $12 for a ticket. Worth it!",
    ],
)
def test_a_short_opinion_is_a_review(reader, text):
    assert not reader.preprocess(text).refused


def test_how_often_texts_are_refused(reader):
    """Of other languages and of what machines write nearly all; of opinions in English hardly any."""
    for name, texts in not_reviews().items():
        share = len(refused(reader.preprocess, texts)) / len(texts)
        assert share >= 0.8, name
    every = [text for texts in not_reviews().values() for text in texts]
    assert len(refused(reader.preprocess, every)) / len(every) >= 0.95
    own = opinions()
    assert len(refused(reader.preprocess, own)) / len(own) <= 0.005


def test_surprise_grows_with_the_rank_of_a_word():
    known = np.array([10, 100, 1000])
    assert np.all(np.diff([surprise(known[i : i + 1], 30_000) for i in range(3)]) > 0)
    assert surprise(np.array([UNKNOWN_ID]), 30_000) > surprise(known[2:], 30_000)


def test_a_verdict_is_given_only_of_what_is_not_refused():
    assert verdict(0.99, LANGUAGE) == "not a review"
    assert verdict(0.99) == "positive"
