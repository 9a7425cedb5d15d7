"""Tour, quests and questions of the report: reachable, and right by another computation."""

import json

import pytest

from lstm_core.lessons import report as lesson
from lstm_core.lessons.exercises import report as exercises
from lstm_core.sentiment.reader import ASSETS, failures, measured

KEYS = {"confidence-is-correctness", ""}
QUESTS = {quest.key: quest for quest in exercises.QUESTS}
OURS = exercises.OURS
HISTORIES = {
    OURS: json.loads((ASSETS / "training.json").read_text())["history"],
    **{row["title"]: row["history"] for row in measured()["lecture_models"]},
}


def seen(network=OURS, kind="Taken for positive", stars=(), accepted=None):
    errors = lesson.chosen_errors(failures(), lesson.KINDS[kind], list(stars))
    at = lesson.own_threshold(measured()) if accepted is None else accepted
    return exercises.Seen(network, HISTORIES[network], errors, at, measured(), failures())


def test_nothing_is_done_when_the_page_opens():
    for quest in exercises.QUESTS:
        assert not quest.done(seen()), quest.key
        assert quest.told(seen())


def test_the_curves_of_one_network_alone_fall_that_far():
    fell = {
        name: max(row["development_accuracy"] for row in history)
        - history[-1]["development_accuracy"]
        for name, history in HISTORIES.items()
    }
    for name in HISTORIES:
        assert QUESTS["stopped-too-late"].done(seen(name)) == (fell[name] >= 0.04)
    assert QUESTS["stopped-too-late"].done(seen("LSTM, one-hot hashing"))
    assert "85.8% after epoch 2" in QUESTS["stopped-too-late"].told(seen("LSTM, one-hot hashing"))


def test_errors_far_off_are_found_by_the_filters():
    far = QUESTS["far-off"]
    assert far.done(seen(stars=[1]))
    assert far.done(seen(kind="Taken for negative", stars=[10]))
    # Far enough, but too few; many, but not far enough; and none at all.
    assert not far.done(seen(stars=[2]))
    assert not far.done(seen(stars=[1, 2]))
    assert not far.done(seen(stars=[4]))
    assert not far.done(seen(stars=[10]))
    assert far.told(seen(stars=[10])) == "No error is shown."
    assert "10 errors are shown; the smallest is 7." in far.told(seen(stars=[1]))


def test_nearly_all_are_found_at_one_point_of_the_curve_alone():
    curve = measured()["test"]["roc"]["true_positive_rate"]
    enough = [at for at in range(101) if curve[at] >= 0.99]
    done = [at for at in range(101) if QUESTS["nearly-all"].done(seen(accepted=at))]
    assert done == enough[:1]
    assert f"{curve[done[0]]:.1%}" in QUESTS["nearly-all"].told(seen(accepted=done[0]))


def test_each_card_is_done_after_the_right_move_and_not_before():
    moves = (
        {"report_curves": "LSTM, one-hot hashing"},
        {"report_false": 1},
        {"report_errors": "Taken for negative"},
        {"report_stars": [10]},
        None,
    )
    for card, move in zip(exercises.TOUR, moves, strict=True):
        if move is None:
            assert card.done is None
            continue
        assert not card.done(card.sets), card.title
        assert not card.done({}), card.title
        assert card.done({**card.sets, **move}), card.title
    assert not exercises.TOUR[3].done({"report_stars": [9, 10]})


@pytest.mark.parametrize("network", HISTORIES)
def test_every_question_has_an_answer_for_each_choice_and_the_right_one_is(network):
    questions = exercises.quiz(seen(network))
    for question in questions:
        assert len(question.choices) == len(question.feedback) == len(set(question.choices))
        assert question.right
        assert set(question.mistakes) <= KEYS
        assert all(not question.mistakes[at] for at in question.right if question.mistakes)
    stars, word, stop, area = questions
    by_stars = failures()["by_stars"]
    hardest = min(("1", "4", "7", "10"), key=lambda name: by_stars[name]["accuracy"])
    assert [stars.choices[at] for at in stars.right] == [hardest]
    rows = measured()["test"]["reliability"]
    furthest = sorted(rows, key=lambda row: abs(row["mean_probability"] - row["share_positive"]))[
        -1
    ]
    assert f"{furthest['reviews']:,} reviews" in word.text
    assert [word.choices[at] for at in word.right] == [f"{furthest['share_positive']:.0%}"]
    assert word.mistakes[word.choices.index(f"{furthest['mean_probability']:.0%}")]
    best = sorted(HISTORIES[network], key=lambda row: row["development_accuracy"])[-1]["epoch"]
    assert [stop.choices[at] for at in stop.right] == [f"Those after epoch {best}"]
    assert [area.choices[at] for at in area.right] == [f"{measured()['test']['roc_auc']:.1%}"]
    assert f"{measured()['test']['accuracy']:.1%}" in area.choices


def test_the_area_is_how_often_a_positive_one_is_ranked_above_a_negative_one():
    """What the question calls right, counted pair by pair on scores that are drawn."""
    import numpy as np

    from lstm_core.sentiment.evaluation import roc_auc

    random = np.random.default_rng(3)
    positive = random.random(200) < 0.4
    scores = random.normal(size=200) + positive
    pairs = [a > b for a in scores[positive] for b in scores[~positive]]
    assert roc_auc(scores, positive) == pytest.approx(np.mean(pairs))


def test_the_sentence_of_a_threshold_names_what_is_found():
    said = lesson.threshold_sentence(measured(), 1)
    found = measured()["test"]["roc"]["true_positive_rate"][1]
    assert f"**{100 * found:.1f} of 100**" in said
    cells = measured()["test"]["confusion"]
    share = cells["false_positive"] / (cells["false_positive"] + cells["true_negative"])
    assert said.endswith(f"stand at {100 * share:.0f}.")
