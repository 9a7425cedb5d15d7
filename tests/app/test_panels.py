"""One panel at a time: only the open one is sent, and it is the one that the address asks for."""

import json

import pytest

from pages._book.chapters import ACTIVATIONS, CHAPTERS
from pages._book.slides import CUTS, PANELS, SLIDES, places_of


def keys(node):
    """Yield the key of every block and element that was sent."""
    for child in getattr(node, "children", {}).values():
        yield from keys(child)
    proto = getattr(node, "proto", None)
    for name in ("id", "key"):
        value = getattr(proto, name, "") if proto is not None else ""
        if isinstance(value, str) and value:
            yield value


def panels_sent(app):
    """Return the names of the panels whose containers were sent."""
    found = " ".join(keys(app._tree)).replace("$$ID-", " ").split()
    return {
        one.rpartition("panel_")[2] for one in found if "panel_" in one and "chapter" not in one
    }


def drawn(app):
    """Return what the charts on the page are, as they were sent."""
    return [json.dumps(json.loads(chart.proto.spec)["data"]) for chart in app.get("plotly_chart")]


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter.path)
def test_only_the_open_panel_is_computed_and_sent(open_page, chapter):
    figures = {}
    for name in PANELS[chapter]:
        app = open_page(chapter.path, panel=name)
        assert app.session_state.panel == name
        assert panels_sent(app) == {name}
        figures[name] = set(drawn(app))
        assert not app.exception
    for name, own in figures.items():
        others = set().union(*(one for other, one in figures.items() if other != name))
        assert not own & others, name
    assert not figures["learn"], "the panel that asks shows no figure of another one"


def test_every_chapter_has_three_to_six_panels_and_asks_back_last():
    for chapter, names in PANELS.items():
        assert 3 <= len(names) <= 6, chapter.path
        assert list(names)[-1] == "learn", chapter.path


def test_a_panel_that_nobody_knows_opens_the_first(open_page):
    app = open_page("activations", panel="nonsense")
    assert app.session_state.panel == next(iter(PANELS[ACTIVATIONS]))
    assert "panel" not in app.query_params


def test_the_address_opens_another_panel_when_it_changes_and_a_tab_writes_it(open_page):
    app = open_page("activations", panel="learn")
    first = next(iter(PANELS[ACTIVATIONS]))
    app.query_params.clear()
    app.run()
    assert app.session_state.panel == first
    app.segmented_control(key="panel").set_value("learn").run()
    assert app.query_params["panel"] == "learn"
    assert panels_sent(app) == {"learn"}


@pytest.mark.parametrize("cut", CUTS)
def test_a_cut_of_the_lecture_takes_no_longer_than_it_says(cut):
    slides = [SLIDES[place] for place in places_of(cut)]
    assert sum(slide.minutes for slide in slides) <= int(cut)


def test_the_shortest_cut_keeps_every_topic_of_the_lecture():
    short = {SLIDES[place].chapter for place in places_of("45")}
    # What is raced and what is scored by the thousand is shown in the longer ones.
    missing = {slide.chapter.path for slide in SLIDES} - {chapter.path for chapter in short}
    assert missing <= {"race", "many"}


def test_a_quest_is_done_by_what_the_visitor_did_alone(open_page):
    goal = {"function": "sigmoid", "w": "4", "steps": "20"}
    app = open_page("activations", **goal)
    assert "activations/quest/sigmoid-lives" not in app.session_state["achieved"]
    app = open_page("activations", panel="chain", steps="20")
    app.slider(key="w").set_value(4.0).run()
    assert "activations/quest/sigmoid-lives" in app.session_state["achieved"]


def test_your_turn_asks_about_what_the_address_says(open_page):
    app = open_page("activations", panel="learn", function="sigmoid", x="2.5", w="3")
    assert app.session_state["x"] == 2.5
    assert app.session_state["function"] == "sigmoid"
    assert app.session_state["w"] == 3, "of another panel"
    assert panels_sent(app) == {"learn"}
    assert not drawn(app)
    assert not app.exception


def test_a_question_stays_as_it_was_answered_until_the_next(open_page):
    app = open_page("activations", panel="learn")
    asked = app.radio[0].label
    app.radio[0].set_value(1).run()
    app.session_state["steps"] = 7
    app.run()
    assert app.radio[0].label == asked
    assert app.radio[0].value == 1
    app.button(key="next_question").click().run()
    assert app.radio[0].label != asked
    assert not app.exception
