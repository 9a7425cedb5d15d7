"""What a lecturer can ask the room."""

import pytest

from pages._book import offers
from pages._book.language import speaking
from pages._book.misconceptions import BY_KEY
from pages._book.questions import Question
from pages._book.slides import SLIDES

ASKED = [(place, one) for place, one in enumerate(SLIDES) if one.choices]
QUESTION = Question(
    "What does a forget gate of 1 do?",
    ("It forgets.", "It keeps."),
    (1,),
    ("No.", "Yes."),
    ("forget-one-forgets", ""),
)


@pytest.mark.parametrize(("place", "slide"), ASKED)
def test_the_choices_of_a_slide_answer_what_it_asks(place, slide):
    assert slide.asks
    assert 2 <= len(slide.choices) <= 8
    assert slide.right
    assert set(slide.right) < set(range(len(slide.choices)))
    assert len(slide.mistakes) in {0, len(slide.choices)}
    assert {key for key in slide.mistakes if key} <= BY_KEY.keys()
    assert not any(slide.mistakes[k] for k in slide.right if slide.mistakes)
    offer = offers.of_slide(slide, place)
    assert offer["now"]
    assert len(offer["mistakes"]) == len(offer["choices"])


def test_a_wrong_choice_brings_its_misconception_and_a_counter_example():
    offer = offers.of_question(QUESTION, is_seen=True)
    wrong, right = offer["mistakes"]
    assert right is None
    assert wrong["wrong"] == BY_KEY["forget-one-forgets"].wrong
    assert wrong["evidence"] == BY_KEY["forget-one-forgets"].evidence()
    assert wrong["see"] == "" or wrong["see"].startswith("/")


def test_questions_are_told_apart_by_what_they_ask():
    other = Question("What does a forget gate of 0 do?", QUESTION.choices, (0,), ("Yes.", "No."))
    assert offers.of_question(QUESTION)["key"] == offers.of_question(QUESTION)["key"]
    assert offers.of_question(QUESTION)["key"] != offers.of_question(other)["key"]


def test_the_room_is_asked_in_the_language_of_the_lecture():
    place, slide = ASKED[0]
    with speaking("de"):
        assert offers.of_slide(slide, place)["text"] != slide.asks
