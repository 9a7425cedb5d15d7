"""Texts on other things than films, for teachers to judge."""

import re

import numpy as np

from lstm_core.sentiment.everyday_texts import FRAMES, NAMED, chosen, everyday_texts, slipped
from lstm_core.sentiment.probe import read_probe


def test_every_frame_comes_out_whole_and_in_many_ways():
    rng = np.random.default_rng(0)
    for kind, lines in FRAMES.items():
        for frame in lines.strip().split("\n"):
            made = {chosen(frame, rng) for _ in range(40)}
            assert len(made) > 3, (kind, frame)
            for text in made:
                assert not re.search(r"[{}|]| [,.]|  ", text), (kind, text)


def test_no_named_choice_is_forgotten():
    everything = " ".join((*FRAMES.values(), *NAMED.values()))
    for name in NAMED:
        assert "{" + name + "}" in everything, name


def test_the_same_seed_writes_the_same_texts_and_each_once():
    texts = everyday_texts(2000, (1,))
    assert texts == everyday_texts(2000, (1,))
    assert texts != everyday_texts(2000, (2,))
    assert len(set(texts)) == len(texts) > 1900
    assert 5 < np.mean([len(text.split()) for text in texts]) < 25
    assert 0.2 < np.mean([text[0].isupper() for text in texts]) < 0.7


def test_a_slip_changes_one_place():
    rng = np.random.default_rng(0)
    made = {slipped("abcd", rng) for _ in range(200)}
    assert {"bcd", "acd", "abd", "abc", "bacd", "acbd", "abdc"} <= made


def test_none_of_them_is_a_probe():
    probe = {row["text"].lower().strip(".!? ") for row in read_probe()}
    assert not probe & {text.lower().strip(".!? ") for text in everyday_texts(50_000, (4,))}
