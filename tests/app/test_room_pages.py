"""The room on the pages: who leads, who follows, and that nobody else pays for it."""

import json

import pytest

from pages._app.room import views
from pages._book.slides import SLIDES


def data(app, key):
    """Return what a component of the room was given, by its key; None where it is not drawn."""
    for one in app.get("bidi_component"):
        if f"-{key}" in one.proto.id:
            return json.loads(one.proto.json)
    return None


def test_who_is_in_no_room_gets_none_of_it(open_page):
    for address in ({}, {"mode": "lecture"}):
        app = open_page("activations", **address)
        for key in ("room_host", "room_follow", "room_offers"):
            assert data(app, key) is None
        assert "room" not in app.query_params


def test_a_student_follows_and_keeps_the_room_in_the_address(open_page):
    app = open_page("activations", room="kbxd")
    assert data(app, "room_follow")["code"] == "KBXD"
    assert data(app, "room_host") is None
    assert data(app, "room_offers") is None
    assert "KBXD" in app.query_params["room"]
    app.switch_page("cell/page.py").run()
    assert "KBXD" in app.query_params["room"]


@pytest.mark.parametrize("room", ["<b>", "ABCDEFGHIJKLMNOP"])
def test_what_is_no_code_is_no_room(open_page, room):
    app = open_page("activations", room=room)
    assert data(app, "room_follow") is None


def test_the_lecturer_has_the_questions_about_what_is_shown(open_page):
    place = next(n for n, one in enumerate(SLIDES, 1) if one.panel == "chain")
    app = open_page("activations", room="KBXD", mode="lecture", slide=str(place))
    offered = data(app, "room_offers")["offers"]
    assert offered[0]["text"] == SLIDES[place - 1].asks
    assert len(offered) > 1
    assert [one["now"] for one in offered] == [True] + [False] * (len(offered) - 1)
    host = data(app, "room_host")
    assert host["page"] == "activations"
    assert all(one["address"].endswith("/room/KBXD") for one in host["places"])
    assert all(one["code"].startswith("data:image/svg") for one in host["places"])


def test_the_open_question_of_your_turn_is_asked_first(open_page):
    app = open_page("cell", room="KBXD", mode="lecture", panel="learn")
    offered = data(app, "room_offers")["offers"]
    assert offered[0]["text"] == app.radio[0].label
    assert offered[0]["now"]


@pytest.mark.parametrize(
    ("typed", "origin"),
    [
        ("lecture.example.org", "http://lecture.example.org"),
        ("https://lecture.example.org/app/", "https://lecture.example.org/app"),
        ("192.168.0.7:8501", "http://192.168.0.7:8501"),
        ("javascript:alert(1)", ""),
        ("ftp://lecture.example.org", ""),
        ("http://a b", ""),
        ("http://host:port", ""),
        ("", ""),
    ],
)
def test_an_address_is_taken_as_it_was_typed_if_it_is_one(typed, origin):
    assert views._origin(typed) == origin


def test_the_network_is_told_nothing_that_leads_back_to_the_machine_itself():
    assert not views.address_on_the_network().startswith("127.")
