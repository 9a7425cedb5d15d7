"""The tokenizer: what it makes of text, and that every token knows its place."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lstm_core.sentiment import tokenizer
from lstm_core.sentiment.tokenizer import UNKNOWN_ID, Vocabulary, tokenize


def words(text):
    return [token.word for token in tokenize(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A GREAT film!", ["a", "great", "film", "!"]),
        ("don't, isn’t", ["don't", "isn't"]),
        ("the film's end", ["the", "film", "'s", "end"]),
        ("one<br /><BR>two", ["one", "two"]),
        ("10/10, 7.5 / 10", ["10/10", "7.5/10"]),
        ("What?! Really... no…", ["what", "?!", "really", "...", "no", "..."]),
        ("Naïve cliché ﬁlm", ["naive", "cliche", "film"]),
        ("nice :-) not :(", ["nice", ":)", "not", ":("]),
        ("so good 😀😀", ["so", "good", ":)"]),
        ("well-made _very_ (good)", ["well", "made", "very", "good"]),
        ("gr\u200beat", ["great"]),
        ("It\x92s bad\x85", ["it", "'s", "bad", "..."]),
        ("фильм 映画", ["фильм", "映画"]),
        ("", []),
        (" ,;-\n", []),
    ],
)
def test_known_texts(text, expected):
    assert words(text) == expected


@given(st.text(st.characters(exclude_categories=()), max_size=200))
def test_any_text_at_all(text):
    tokens = tokenize(text)
    ends = [0]
    for token in tokens:
        assert token.word
        assert ends[-1] <= token.start < token.end <= len(text)
        ends.append(token.end)


def test_a_vocabulary_survives_its_file(tmp_path):
    counts = Counter({"the": 9, "b": 2, "a": 2, "rare": 1})
    vocabulary = Vocabulary.from_counts(counts, 3)
    assert vocabulary.words == ("the", "a", "b")
    vocabulary.save(tmp_path / "words.txt")
    again = Vocabulary.load(tmp_path / "words.txt")
    assert again.words == vocabulary.words
    assert again.ids(["b", "rare", "the"]).tolist() == [4, UNKNOWN_ID, 2]
    assert len(again) == 5
    assert "rare" not in again


def test_a_word_twice_is_refused():
    with pytest.raises(ValueError, match="once"):
        Vocabulary(["a", "a"])


@given(text=st.text(max_size=200))
def test_words_alone_are_those_of_the_tokens(text):
    assert tokenizer.words(text) == [token.word for token in tokenize(text)]
    html = f"<br />{text}\x92s <BR>9/10 :-)"
    assert tokenizer.words(html) == [token.word for token in tokenize(html)]
