"""A visitor's sentence for the trained network."""

import pytest

from lstm_core.sentiment.reader import Reader
from pages._book.sentences import sentence_ids, unknown_words


@pytest.mark.parametrize("text", ["", "...", "word " * 100])
def test_a_sentence_that_cannot_be_stepped_is_said(text):
    words, ids, problem = sentence_ids(Reader.load(), text)
    assert problem
    assert len(words) == len(ids) > 3


def test_unknown_words_are_named_once_and_as_text():
    named = unknown_words(Reader.load(), ["good", "*blorf*", "*blorf*", "zzyzx"])
    assert named.endswith("\\*blorf\\*, zzyzx")
    assert unknown_words(Reader.load(), ["good", "film"]) == ""
