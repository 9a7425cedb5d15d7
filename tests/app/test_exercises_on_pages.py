"""What a visitor does on the pages reaches the questions, the quests and the tour."""

import pytest

from lstm_core.sentiment.tokenizer import tokenize
from pages._book.misconceptions import MISCONCEPTIONS
from pages.variants import exercises
from tests.chapters.samples.variants import praise_and_blame, state


def everything(app):
    return " ".join(block.value for block in app.markdown)


def field(app, kind, key):
    return next(one for one in app.get(kind) if one.key == key)


def asked(app):
    return " ".join(radio.label for radio in app.radio)


def put(app, panel):
    app.session_state.panel = panel
    app.run()


def test_the_questions_on_variants_are_about_the_sentence_that_was_just_typed(open_page):
    app = open_page("variants")
    assert "variants/quest/readings-disagree" not in app.session_state.achieved
    (quest,) = (quest for quest in exercises.QUESTS if quest.key == "readings-disagree")
    sentence = next(text for text in praise_and_blame() if quest.done(state(text)))
    field(app, "text_input", "variants_text").set_value(sentence).run()
    assert "variants/quest/readings-disagree" in app.session_state.achieved
    put(app, "learn")
    field(app, "button", "next_question").click().run()
    assert f"how many of the {len(tokenize(sentence))} words" in asked(app)
    assert not app.exception


def test_a_wrong_answer_on_variants_is_answered_with_live_numbers(open_page):
    app = open_page("variants", panel="learn")
    field(app, "button", "next_question").click().run()
    question = app.radio[0]
    assert "backward LSTM read" in question.label
    question.set_value(question.options.index("9")).run()
    assert "The forward LSTM has read" in app.warning[-1].value
    app.radio[0].set_value(app.radio[0].options.index("1")).run()
    assert "variants/question/2" in app.session_state.achieved


@pytest.mark.parametrize(
    ("page", "first", "key", "kind", "move"),
    [
        ("recurrence", "4", "letters", "text_input", "bananas and more"),
        ("recurrence", "6", "range_gain", "slider", 2.5),
        ("variants", "1", "variants_text", "text_input", "Good cast but dull."),
        ("variants", "6", "peephole", "slider", 0.0),
        ("memory", "1", "memory_text", "text_area", "The rest of it is a dull film."),
    ],
)
def test_a_card_of_the_tour_sees_what_was_done(open_page, page, first, key, kind, move):
    app = open_page(page, tour=first)
    assert "Do this, then go on." in everything(app)
    field(app, kind, key).set_value(move).run()
    assert "Do this, then go on." not in everything(app)
    assert not app.exception


def test_a_preset_does_the_card_about_it(open_page):
    app = open_page("memory", tour="4")
    field(app, "selectbox", "start_from").set_value("Mostly plot").run()
    assert "Do this, then go on." not in everything(app)


@pytest.mark.parametrize("page", ["recurrence", "variants", "memory"])
def test_every_card_opens_in_both_languages(open_page, page):
    key = f"tour_{page}"
    for language in ("en", "de"):
        app = open_page(page, lang=language)
        field(app, "button", f"{key}_start").click().run()
        while any(button.key == f"{key}_on" for button in app.button):
            field(app, "button", f"{key}_on").click().run()
            assert not app.exception
        field(app, "button", f"{key}_finish").click().run()
        assert f"{page}/tour" in app.session_state.achieved


@pytest.mark.parametrize(
    "mistake", [one for one in MISCONCEPTIONS if one.see], ids=lambda one: one.key
)
def test_the_address_that_shows_a_mistake_is_one_of_its_page(open_page, mistake):
    app = open_page(mistake.chapters[0].path, **mistake.see)
    assert [key for key in mistake.see if key not in app.session_state] == []
    assert not app.exception
