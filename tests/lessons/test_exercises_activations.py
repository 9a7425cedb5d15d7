"""Tour, quests and questions of the page on activations: reachable, and right."""

import pytest

from lstm_core.figures.activations import chain
from lstm_core.lessons.activations import PRESETS
from lstm_core.lessons.exercises import activations as exercises
from lstm_core.lessons.misconceptions import BY_KEY

FIRST = next(iter(PRESETS.values()))
AT_FIRST = chain(FIRST.x, FIRST.w, FIRST.steps)
REACHED = {"sigmoid-lives": chain(0.0, 4.0, 20), "tanh-explodes": chain(0.0, 2.0, 20)}
MOVES = ({"x": 3.0}, {"function": "sigmoid"}, {"w": 4.0})


@pytest.mark.parametrize("quest", exercises.QUESTS, ids=lambda quest: quest.key)
def test_a_quest_is_not_done_at_first_and_can_be_reached(quest):
    assert not quest.done(AT_FIRST)
    assert quest.done(REACHED[quest.key])
    assert quest.told(AT_FIRST) != quest.told(REACHED[quest.key])


def test_a_card_is_done_by_the_right_move_alone():
    values = {"function": "tanh", "x": 0.0, "w": 1.0, "steps": 20}
    for card, move in zip(exercises.TOUR, MOVES, strict=True):
        values |= card.sets
        assert not card.done(values), card.title
        assert card.done(values | move), card.title


@pytest.mark.parametrize(("point", "weight", "steps"), [(0, 1, 20), (2, 3.5, 5), (0, 4, 9), (-8, 0, 60)])  # fmt: skip
def test_the_answers_are_right(point, weight, steps):
    products = chain(point, weight, steps)
    most, grows, twice = exercises.quiz(products)
    left = {name: values[-1] for name, values in products.left.items()}
    assert all(left[most.choices[place]] == max(left.values()) for place in most.right)
    one, last = (products.left["tanh"][place] for place in (0, -1))
    assert grows.right == ((0,) if one > 1 else (1,) if one < 1 else (2,))
    assert (last > 1, last < 1).index(True) == grows.right[0] if one != 1 else last == 1
    sigmoid = chain(point, weight, 2 * steps).left["sigmoid"][-1]
    before = left["sigmoid"]
    assert twice.right == ((2,) if sigmoid == before else (1,))
    assert sigmoid == pytest.approx(before**2, rel=1e-9)
    for question in (most, grows, twice):
        assert len(question.feedback) == len(question.choices)
        assert {key for key in question.mistakes if key} <= set(BY_KEY)
