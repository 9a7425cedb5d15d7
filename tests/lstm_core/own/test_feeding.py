"""What networks are fed: numbers as people paste them, tables, tokens, words."""

import json

import numpy as np
import pytest

from lstm_core.own import (
    Network,
    OwnError,
    Recurrent,
    default_input,
    numbers_from_table,
    numbers_from_text,
    open_network,
    read_vocabulary,
    saturation,
    shifted,
    table_columns,
    tokens_from_text,
    words_to_tokens,
)
from lstm_core.own.feeding import fixed_steps
from tests.lstm_core.own.made import archive, make_cell, make_network

ROWS = [[0.5, 1.0, -2.0], [0.25, 0.0, 3.5]]


def one_feature():
    layer = Recurrent(name="l", cell=make_cell("LSTM", 1, 2))
    return Network(name="n", format="npz", library="", layers=(layer,), parts=(("l",),))


@pytest.mark.parametrize(
    "text",
    [
        "0.5, 1.0, -2.0\n0.25, 0.0, 3.5",
        "0.5\t1\t-2\n0.25\t0\t3.5\n",
        "a;b;c\n0,5;1,0;-2,0\n0,25;0,0;3,5",
        "[[0.5, 1.0, -2.0], [0.25, 0.0, 3.5]]",
        "array([[ 0.5 ,  1.  , -2.  ],\n       [ 0.25,  0.  ,  3.5 ]], dtype=float32)",
        "tensor([[[0.5000, 1.0000, -2.0000], [0.2500, 0.0, 3.5]]], grad_fn=<ViewBackward0>)",
        "[[5e-1 1.e0 -2]\n [.25 0 3.5]]",
    ],
)
def test_numbers_as_people_paste_them(text):
    np.testing.assert_array_equal(numbers_from_text(make_network(), text).inputs, ROWS)


@pytest.mark.parametrize("text", ["1 2 3", "1, 2, 3", "1\n2\n3", "[1, 2, 3]", "[[1], [2], [3]]"])
def test_one_feature_is_any_list(text):
    np.testing.assert_array_equal(numbers_from_text(one_feature(), text).inputs, [[1], [2], [3]])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "no step"),
        ("1, 2\n3, 4", r"reads 3 features"),
        ("[[1, 2, 3], [1, 2]]", "different lengths"),
        ("[[0.1 0.2 ... 0.3]]", "cut short"),
        ("[]", "no numbers"),
        ("a, b, c\n1, 2, x", "which is no number"),
        ("[[1, 2, nan]]", "At step 1"),
    ],
)
def test_numbers_that_are_none(text, message):
    with pytest.raises(OwnError, match=message):
        numbers_from_text(make_network(), text)


def test_columns_of_a_table_are_chosen():
    table = b"day;a;b;c;d\n2020-01-01;1;2;3;4\n2020-01-02;1,5;2;3;4\n2020-01-03;2;2;3;4\n"
    assert table_columns(table) == ("a", "b", "c", "d")
    with pytest.raises(OwnError, match="the table has 4 columns of numbers: a, b, c, d"):
        numbers_from_table(make_network(), table)
    fed = numbers_from_table(make_network(), table, columns=["d", "a", "b"])
    np.testing.assert_array_equal(fed.inputs, [[4, 1, 2], [4, 1.5, 2], [4, 2, 2]])
    with pytest.raises(OwnError, match="no column “z”"):
        numbers_from_table(make_network(), table, columns=["a", "b", "z"])
    with pytest.raises(OwnError, match="2 columns are chosen"):
        numbers_from_table(make_network(), table, columns=["a", "b"])
    gap = b"a,b,c\n1,2,3\n1,,3\n4,5,6\n"
    with pytest.raises(OwnError, match="Row 2 has no number in “b”"):
        numbers_from_table(make_network(), gap)


def test_a_default_is_made_by_the_rule_that_it_states():
    fed = default_input(make_network())
    assert fed.inputs.shape == (40, 3)
    np.testing.assert_allclose(fed.inputs[2], np.sin(2 * np.pi * 2 / np.array([8, 12, 16])))
    np.testing.assert_array_equal(default_input(make_network()).inputs, fed.inputs)
    assert "8, 12, 16" in fed.notes[0]
    tokens = default_input(make_network(tokens=True), 8).inputs
    assert tokens.tolist() == [1, 2, 3, 4, 5, 6, 1, 2]


def test_a_network_for_one_number_of_steps_gets_that_many():
    network = open_network(archive("keras-3.15")[0]["repeated.keras"])
    assert fixed_steps(network) == 3
    cut = network.layers[2:]
    behind = Network(name="n", format="npz", library="", layers=cut, parts=((),))
    assert default_input(behind).inputs.shape == (3, 4)
    with pytest.raises(OwnError, match="reads 3 steps at once; the sequence has 5"):
        behind.run(np.zeros((5, 4)))


def test_tokens_are_typed():
    network = make_network(tokens=True)
    for text in ("1, 2 3", "[1 2 3]", "1\n2\n3"):
        assert tokens_from_text(network, text).inputs.tolist() == [1, 2, 3]
    with pytest.raises(OwnError, match="“film” is no token"):
        tokens_from_text(network, "1 film")
    with pytest.raises(OwnError, match="Token 99"):
        tokens_from_text(network, "99")


VOCABULARY = ["", "[UNK]", "the", "film", "was", "good"]


@pytest.mark.parametrize(
    "text",
    [
        "\n".join(VOCABULARY),
        "\r\n".join(VOCABULARY) + "\r\n",
        json.dumps(VOCABULARY),
        json.dumps({word: token for token, word in enumerate(VOCABULARY) if token}),
        json.dumps({str(token): word for token, word in enumerate(VOCABULARY)}),
        "[UNK]\t1\nthe\t2\nfilm\t3\nwas\t4\ngood\t5",
        json.dumps(
            {
                "class_name": "Tokenizer",
                "config": {
                    "word_index": json.dumps({"[UNK]": 1, "the": 2, "film": 3, "was": 4, "good": 5})
                },
            }
        ),
    ],
)
def test_vocabularies_as_people_keep_them(text):
    vocabulary = read_vocabulary(text)
    fed = words_to_tokens(make_network(tokens=True), "The film: really GOOD!", vocabulary)
    assert fed.inputs.tolist() == [2, 3, 1, 5]
    assert fed.words == ("the", "film", "really", "good")
    assert "really" in fed.notes[0]


def test_words_without_an_unknown_token_are_left_out():
    vocabulary = read_vocabulary('{"film": 1, "good": 2}')
    fed = words_to_tokens(make_network(tokens=True), "good bad film", vocabulary)
    assert fed.words == ("good", "film")
    with pytest.raises(OwnError, match="No word of the text"):
        words_to_tokens(make_network(tokens=True), "nothing here", vocabulary)


def test_a_vocabulary_of_letters_and_one_with_capitals():
    letters = read_vocabulary("a\nb\nc\n ")
    assert letters.split("cab a") == ["c", "a", "b", " ", "a"]
    assert read_vocabulary("Film\nfilm\n.").split("Film.") == ["Film", "."]


def test_the_words_of_imdb_are_three_further():
    moved = shifted(read_vocabulary('{"the": 1, "film": 2}'), 3)
    assert moved.ids == {"the": 4, "film": 5}
    assert moved.unknown == 2


@pytest.mark.parametrize(
    "content", [b"", b"\0\1\2", b"\xff\xfe\xfa", b'{"a": [1]}', b'{"a": -5}', b'{"a": 1e99}', b"[["]
)
def test_what_is_no_vocabulary(content):
    if content == b"[[":
        assert read_vocabulary(content).ids == {"[[": 0}
        return
    with pytest.raises(OwnError):
        read_vocabulary(content)


@pytest.mark.parametrize("kind", ["LSTM", "GRU", "RNN"])
def test_inputs_that_were_not_scaled_are_warned_of(kind):
    network = make_network(kind)
    x = default_input(network).inputs
    assert saturation(network.run(x)) is None
    warning = saturation(network.run(5000.0 + x))
    assert "was it trained on scaled ones?" in warning
    assert "5001" in warning
