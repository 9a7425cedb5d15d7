"""A room without a network: who may do what, what counts once, what is seen by whom, and when it ends."""

import csv
import io
import json
import random

import pytest

from pages._book.language import speaking
from pages._book.rooms import room as rooms
from pages._book.rooms import take_home
from pages._book.rooms.codes import CODE, KEY, LETTERS, draw_code, new_key
from pages._book.rooms.forms import Refused
from pages._book.rooms.limits import Limit
from pages._book.rooms.room import PRESENTER, PROJECTOR, STUDENT, Room, Rooms

QUESTION = {
    "kind": "question",
    "text": "Which gate forgets?",
    "choices": ["f", "i", "o"],
    "right": [0],
    "feedback": ["It scales the cell state.", "It lets in.", "It lets out."],
    "mistakes": [
        None,
        {"wrong": "i forgets", "right": "f does", "evidence": "c = f c", "see": "/cell"},
        None,
    ],
}
GUESS = {"kind": "guess", "text": "Guess c", "name": "c", "low": -1, "high": 1, "value": 0.25}


class Class:
    """A room with its lecturer and some students, who number their messages."""

    def __init__(self, students=3):
        self.room, self.now, self.count = Room("BCDF", 0.0), 0.0, 0
        self.keys = [self.room.enter(STUDENT, "") for _ in range(students)]

    def send(self, role, key, kind, **rest):
        self.count += 1
        message = {"type": kind, "id": f"m{self.count}"} | rest
        return self.room.take(role, key, message, self.now)

    def drive(self, kind, role=PRESENTER, **rest):
        return self.send(role, self.room.key, kind, **rest)

    def student(self, place, kind, **rest):
        return self.send(STUDENT, self.keys[place], kind, **rest)

    def vote(self, place, choice, ask=1, number=1):
        return self.student(place, "vote", ask=ask, round=number, choice=choice)


@pytest.fixture
def lecture():
    return Class()


def why(call, *given, **named):
    with pytest.raises(Refused) as refused:
        call(*given, **named)
    return refused.value.why


# ---- Codes and keys ---------------------------------------------------------------------------


def test_a_code_is_four_letters_that_nobody_confuses_and_no_word():
    assert not set(LETTERS) & set("AEIOUYLQ0123456789")
    chance = random.Random(1)
    codes = {draw_code(chance) for _ in range(200)}
    assert len(codes) > 190
    assert all(CODE.fullmatch(code) for code in codes)
    assert not CODE.fullmatch("BCDFG")
    assert not CODE.fullmatch("BCDA")


def test_a_key_has_128_bits_and_is_drawn_anew():
    keys = {new_key() for _ in range(100)}
    assert len(keys) == 100
    assert all(KEY.fullmatch(key) for key in keys)


def test_a_key_is_drawn_from_the_system(monkeypatch):
    monkeypatch.setattr("secrets.token_hex", lambda size: f"{size} bytes")
    assert new_key() == "16 bytes"


# ---- Who may do what --------------------------------------------------------------------------


@pytest.mark.parametrize("kind", sorted(rooms._DRIVES))
def test_nobody_drives_without_the_key(lecture, kind):
    before = json.dumps([lecture.room.part(name, PRESENTER) for name in rooms.PARTS[PRESENTER]])
    assert (
        why(lecture.student, 0, kind, ask=QUESTION, sentences=True, go=1, shown={"path": "x"})
        == "role"
    )
    after = json.dumps([lecture.room.part(name, PRESENTER) for name in rooms.PARTS[PRESENTER]])
    assert after == before
    assert not lecture.room.presses
    assert lecture.room.ended is None


@pytest.mark.parametrize("role", [PRESENTER, PROJECTOR])
def test_the_key_alone_opens_the_lecturers_roles(lecture, role):
    for key in ("", lecture.keys[0], new_key()):
        assert why(lecture.room.enter, role, key) == "key"
    assert lecture.room.enter(role, lecture.room.key) == lecture.room.key


def test_the_lecturers_key_does_not_vote(lecture):
    lecture.drive("ask", ask=QUESTION)
    assert why(lecture.drive, "vote", ask=1, round=1, choice=0) == "role"


def test_the_projector_offers_what_the_presenter_may_have_asked(lecture):
    lecture.drive("offers", role=PROJECTOR, offers=["Which gate?", "How many?"])
    assert lecture.room.part("offers", PRESENTER) == ["Which gate?", "How many?"]
    assert "offers" not in rooms.PARTS[PROJECTOR]
    lecture.drive("press", ask=1)
    assert lecture.room.presses == [{"go": 0, "ask": 1}]
    for wrong in ({"ask": 20}, {"ask": "1"}, {"go": 0}, {"go": 2}, {}):
        assert why(lecture.drive, "press", **wrong) == "form"
    assert why(lecture.drive, "offers", offers=["x"] * 21) == "form"


def test_what_is_nothing_is_refused(lecture):
    assert why(lecture.drive, "dance") == "form"
    assert why(lecture.room.take, STUDENT, lecture.keys[0], {"type": "vote"}, 0.0) == "form"
    assert (
        why(lecture.room.take, STUDENT, lecture.keys[0], {"type": "vote", "id": ""}, 0.0) == "form"
    )


# ---- Votes ------------------------------------------------------------------------------------


def test_a_vote_counts_once_and_the_first_one_counts(lecture):
    lecture.drive("ask", ask=QUESTION)
    assert lecture.vote(0, 1) == {"choice": 1, "first": True}
    assert lecture.vote(0, 2) == {"choice": 1, "first": False}
    assert lecture.vote(1, 1)["first"]
    assert lecture.room.asked.bars == [[0, 2, 0]]


def test_a_message_that_comes_again_is_answered_again_and_done_once(lecture):
    lecture.drive("ask", ask=QUESTION)
    message = {"type": "vote", "id": "same", "ask": 1, "round": 1, "choice": 1}
    answers = [lecture.room.take(STUDENT, lecture.keys[0], message, 0.0) for _ in range(3)]
    assert answers == [{"choice": 1, "first": True}] * 3
    lecture.drive("turn", ask=1, state="closed")
    # Counted before it was closed, and answered once more after.
    assert lecture.room.take(STUDENT, lecture.keys[0], message, 0.0) == answers[0]
    press = {"type": "press", "id": "press", "go": 1}
    for _ in range(2):
        lecture.room.take(PRESENTER, lecture.room.key, press, 0.0)
    assert lecture.room.presses == [{"go": 1}]
    again = {"type": "ask", "id": "ask", "ask": QUESTION}
    assert {
        lecture.room.take(PRESENTER, lecture.room.key, again, 0.0)["ask"] for _ in range(3)
    } == {2}


def test_what_comes_late_does_not_count(lecture):
    assert why(lecture.vote, 0, 1) == "late"
    lecture.drive("ask", ask=QUESTION)
    assert why(lecture.vote, 0, 1, ask=2) == "late"
    assert why(lecture.vote, 0, 1, number=2) == "late"
    lecture.drive("turn", ask=1, state="closed")
    assert why(lecture.vote, 0, 1) == "late"
    lecture.drive("turn", ask=1, state="open")
    assert lecture.vote(0, 1)["first"]
    lecture.drive("ask", ask=QUESTION)
    assert why(lecture.vote, 0, 1) == "late"
    assert lecture.vote(0, 1, ask=2)["first"]


@pytest.mark.parametrize("choice", [-1, 3, "0", 0.5, None, True])
def test_there_is_no_other_choice(lecture, choice):
    lecture.drive("ask", ask=QUESTION)
    assert why(lecture.vote, 0, choice) == "form"
    assert lecture.room.asked.counts == [0]


def test_a_second_round_stands_beside_the_first(lecture):
    lecture.drive("ask", ask=QUESTION)
    lecture.vote(0, 1)
    lecture.vote(1, 0)
    assert why(lecture.drive, "again", ask=1) == "late"
    lecture.drive("turn", ask=1, state="shown")
    assert lecture.drive("again", ask=1) == {"round": 2}
    told = lecture.room.part("asked", STUDENT)
    assert told["state"] == "open"
    assert "right" not in told
    assert told["bars"] is None
    assert lecture.room.mine(lecture.keys[0]) is None
    lecture.vote(0, 0, number=2)
    lecture.drive("turn", ask=1, state="shown")
    assert lecture.room.part("asked", STUDENT)["bars"] == [[1, 1, 0], [1, 0, 0]]
    assert why(lecture.drive, "again", ask=1) == "late"


def test_who_comes_back_is_told_what_counts(lecture):
    lecture.drive("ask", ask=QUESTION)
    lecture.vote(0, 2)
    assert lecture.room.enter(STUDENT, lecture.keys[0]) == lecture.keys[0]
    assert lecture.room.mine(lecture.keys[0]) == {"ask": 1, "round": 1, "choice": 2}
    assert lecture.room.mine(lecture.keys[1]) is None
    stranger = new_key()
    assert lecture.room.enter(STUDENT, stranger) not in {stranger, *lecture.keys}


# ---- Guesses, bets, sentences -----------------------------------------------------------------


def test_the_last_guess_counts_within_the_axis(lecture):
    lecture.drive("ask", ask=GUESS)
    for value in (0.1, 0.3):
        lecture.student(0, "guess", ask=1, round=1, value=value)
    assert lecture.student(1, "guess", ask=1, round=1, value=7) == {"value": 1.0}
    assert lecture.room.part("asked", STUDENT)["cloud"] is None
    lecture.drive("turn", ask=1, state="closed")
    told = lecture.room.part("asked", STUDENT)
    assert told["cloud"] == [0.3, 1.0]
    assert "value" not in told
    lecture.drive("turn", ask=1, state="shown", value=0.5)
    assert lecture.room.part("asked", STUDENT)["value"] == 0.5
    assert why(lecture.vote, 0, 1) == "late"
    assert why(lecture.drive, "again", ask=1) == "form"


@pytest.mark.parametrize("value", [float("nan"), float("inf"), "1", None, 10**400, True, [1]])
def test_a_guess_is_a_number(lecture, value):
    lecture.drive("ask", ask=GUESS)
    assert why(lecture.student, 0, "guess", ask=1, round=1, value=value) == "form"


def test_bets_are_seen_when_they_are_closed_and_won_when_it_is_over(lecture):
    lecture.drive("ask", ask={"kind": "bet", "text": "Who wins?", "choices": ["RNN", "LSTM"]})
    lecture.vote(0, 1)
    assert lecture.room.part("asked", STUDENT)["bars"] is None
    lecture.drive("turn", ask=1, state="closed")
    assert lecture.room.part("asked", STUDENT)["bars"] == [[0, 1]]
    assert "right" not in lecture.room.part("asked", STUDENT)
    lecture.drive("turn", ask=1, state="shown", right=[1])
    assert lecture.room.part("asked", STUDENT)["right"] == [1]


def test_three_sentences_a_minute(lecture):
    assert why(lecture.student, 0, "sentence", text="Too early.") == "late"
    lecture.drive("takes", sentences=True)
    for number in range(3):
        lecture.now = number * 10.0
        lecture.student(0, "sentence", text=f"Sentence {number}.")
    lecture.now = 59.0
    with pytest.raises(Refused) as refused:
        lecture.student(0, "sentence", text="One more.")
    assert (refused.value.why, refused.value.after) == ("fast", 1.0)
    lecture.student(1, "sentence", text="From somebody else.")
    lecture.now = 60.0
    lecture.student(0, "sentence", text="One more.")
    assert len(lecture.room.sentences) == 5


def test_sentences_are_the_presenters_alone_until_one_is_picked(lecture):
    lecture.drive("takes", sentences=True)
    lecture.student(0, "sentence", text="  Not \u202e bad\n at all.\x00 ")
    everything = [
        lecture.room.part(name, role) for role in (STUDENT, PROJECTOR) for name in rooms.PARTS[role]
    ]
    assert "bad" not in json.dumps(everything)
    assert lecture.room.part("sentences", PRESENTER) == [
        {"id": 1, "text": "Not bad at all.", "picked": False}
    ]
    lecture.drive("pick", sentence=1)
    assert why(lecture.drive, "pick", sentence=9) == "unknown"
    assert lecture.room.part("picked", STUDENT) == {"id": 1, "text": "Not bad at all."}
    lecture.drive("drop", sentence=1)
    assert lecture.room.part("picked", STUDENT) is None
    assert why(lecture.drive, "pick", sentence=1) == "unknown"


def test_a_full_list_loses_its_oldest_sentence_that_was_not_picked(lecture):
    lecture.drive("takes", sentences=True)
    for number in range(rooms.MOST_SENTENCES + 5):
        lecture.now += 30.0
        lecture.student(0, "sentence", text=f"Sentence {number}.")
        if number == 0:
            lecture.drive("pick", sentence=1)
    assert len(lecture.room.sentences) == rooms.MOST_SENTENCES
    assert lecture.room.sentences[0].text == "Sentence 0."
    assert lecture.room.sentences[1].text == "Sentence 6."


# ---- What is seen -----------------------------------------------------------------------------


def test_the_answer_is_the_presenters_alone_until_it_is_shown(lecture):
    lecture.drive("ask", ask=QUESTION)
    lecture.vote(0, 1)
    for state in ("open", "closed"):
        lecture.drive("turn", ask=1, state=state)
        for role in (STUDENT, PROJECTOR):
            told = lecture.room.part("asked", role)
            assert told["bars"] is None
            assert not {"right", "feedback", "mistakes"} & set(told)
            assert "hidden" not in rooms.PARTS[role]
            assert "sentences" not in rooms.PARTS[role]
    assert lecture.room.part("hidden", PRESENTER)["bars"] == [[0, 1, 0]]
    lecture.drive("turn", ask=1, state="shown")
    told = lecture.room.part("asked", STUDENT)
    assert told["right"] == [0]
    assert told["mistakes"][1]["right"] == "f does"
    assert told["bars"] == [[0, 1, 0]]


def test_a_vote_is_news_to_the_lecturer_and_not_to_a_class(lecture):
    lecture.drive("ask", ask=QUESTION)
    lecture.room.take_changed(lecture.room.changed)
    lecture.vote(0, 1)
    changed = lecture.room.take_changed(lecture.room.changed)
    assert lecture.room.parts(STUDENT, changed) == ()
    assert lecture.room.parts(PROJECTOR, changed) == ("asked",)
    assert lecture.room.parts(PRESENTER, changed) == ("asked", "hidden")
    assert lecture.room.part("asked", STUDENT)["count"] is None
    assert lecture.room.part("asked", PROJECTOR)["count"] == [1]


def test_a_step_ends_with_its_panel(lecture):
    shown = {"path": "cell", "panel": "player", "query": "panel=player"}
    lecture.drive("show", shown=shown)
    lecture.drive("step", step={"player": "step", "at": 7, "plays": True, "until": 11})
    lecture.drive("show", shown=shown | {"answered": True, "query": "panel=player&unit=2"})
    assert lecture.room.part("step", STUDENT)["at"] == 7
    lecture.drive("show", shown=shown | {"panel": "kept"})
    assert lecture.room.part("step", STUDENT) is None


@pytest.mark.parametrize(
    "shown",
    [
        {"path": "//elsewhere.example"},
        {"path": "javascript:x"},
        {"path": "cell", "query": "a b"},
        {"path": "cell", "query": "x" * 4001},
        {"path": "cell", "panel": "<b>"},
        {"path": "cell", "slide": -1},
        {"path": "cell", "answered": 1},
        {},
        "cell",
    ],
)
def test_followers_are_sent_nowhere_else(lecture, shown):
    assert why(lecture.drive, "show", shown=shown) == "form"


def test_a_change_of_panel_is_spread_over_at_most_two_seconds():
    room = Room("BCDF", 0.0)
    room.shown = {"path": "cell"}
    spread = []
    for count in (0, 1, 100, 300, 900):
        room.count([], map(str, range(count)))
        spread.append(room.part("shown", STUDENT)["spread"])
    assert spread[0] == 0
    assert spread == sorted(spread)
    assert spread[-1] == 2000


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "exam"},
        {"text": ""},
        {"text": 3},
        {"choices": ["a"]},
        {"choices": list("abcdefghi")},
        {"choices": ["a", ""]},
        {"right": [3]},
        {"right": 0},
        {"feedback": ["a"]},
        {"mistakes": [None]},
        {"mistakes": ["a", "b", "c"]},
        {"text": "x" * 1001},
        {"kind": "guess"},
        {"kind": "guess", "low": 1, "high": 1},
        {"kind": "guess", "low": 0, "high": float("inf")},
    ],
)
def test_what_cannot_be_asked_is_refused_and_what_was_asked_stays(lecture, change):
    lecture.drive("ask", ask=QUESTION)
    assert why(lecture.drive, "ask", ask=QUESTION | change) in {"form", "text"}
    assert lecture.room.asked.number == 1


# ---- Limits -----------------------------------------------------------------------------------


def test_a_limit_holds_for_each_sender_and_fills_again():
    limit = Limit(3, 2.0)
    assert [limit.wait("a", 0.0) for _ in range(4)] == [0, 0, 0, 0.5]
    assert limit.wait("b", 0.0) == 0
    assert limit.wait("a", 0.5) == 0
    assert limit.wait("a", 0.5) == 0.5
    assert [limit.wait("a", 100.0) for _ in range(4)] == [0, 0, 0, 0.5]


def test_a_limit_forgets_who_was_silent_longest():
    limit = Limit(1, 0.1, most=2)
    for name in "abc":
        limit.wait(name, 0.0)
    assert len(limit) == 2
    assert limit.wait("c", 0.0) > 0
    assert limit.wait("a", 0.0) == 0


def test_who_is_under_no_limit_any_more_is_forgotten():
    limit = Limit(2, 0.5)
    limit.wait("a", 0.0)
    limit.wait("b", 0.0)
    limit.wait("b", 1.0)
    limit.forget(2.0)
    assert len(limit) == 1
    assert [limit.wait("b", 2.0), limit.wait("b", 2.0)] == [0, 2.0]
    limit.forget(10.0)
    assert len(limit) == 0


def test_a_full_room_forgets_who_left_without_a_word():
    room = Room("BCDF", 0.0)
    keys = [room.enter(STUDENT, "") for _ in range(rooms.MOST_STUDENTS)]
    room.count([], keys)
    assert why(room.enter, STUDENT, "") == "full"
    room.count([], keys[1:])
    assert room.enter(STUDENT, "")
    assert keys[0] not in room.students
    assert room.enter(STUDENT, keys[5]) == keys[5]


# ---- When it ends -----------------------------------------------------------------------------


def test_a_room_ends_four_hours_after_the_last_press(lecture):
    for _ in range(3):
        lecture.now += 3 * 3600
        lecture.drive("press", go=1)
    assert not lecture.room.is_over(lecture.now + 4 * 3600)
    assert lecture.room.is_over(lecture.now + 4 * 3600 + 1)
    lecture.drive("takes", sentences=True)
    lecture.now += 4 * 3600 - 1
    lecture.student(0, "sentence", text="Students do not keep it open.")
    assert lecture.room.is_over(lecture.now + 2)


def test_fifty_rooms_and_codes_that_are_taken():
    every = Rooms()
    chance = random.Random(3)
    codes = list({draw_code(chance) for _ in range(60)})
    for code in codes[:50]:
        every.open(code, 0.0)
    assert why(every.open, codes[0], 0.0) == "taken"
    assert why(every.open, codes[50], 0.0) == "full"
    assert len(every.forget(4 * 3600 + 1.0)) == 50
    assert every.open(codes[50], 4 * 3600 + 1.0)
    assert why(every.get, codes[0], 4 * 3600 + 1.0) == "unknown"


def test_what_was_ended_can_be_taken_home_for_half_an_hour(lecture):
    lecture.drive("ask", ask=QUESTION)
    lecture.drive("end")
    assert lecture.room.is_over(0.0)
    every = Rooms()
    room = every.open("BCDF", 0.0)
    room.take(PRESENTER, room.key, {"type": "end", "id": "e"}, 10.0)
    assert every.for_its_lecturer("BCDF", room.key, 1800.0) is room
    assert why(every.for_its_lecturer, "BCDF", new_key(), 1800.0) == "key"
    assert why(every.for_its_lecturer, "BCDF", room.key, 1811.0) == "unknown"


# ---- The take-home ----------------------------------------------------------------------------


@pytest.fixture
def told(lecture):
    lecture.drive("show", shown={"path": "cell", "panel": "player"})
    lecture.drive("ask", ask=QUESTION | {"text": "=1+1 <b>?"})
    lecture.vote(0, 1)
    lecture.vote(1, 0)
    lecture.drive("turn", ask=1, state="shown")
    lecture.drive("again", ask=1)
    lecture.vote(0, 0, number=2)
    lecture.now = 130.0
    lecture.drive("ask", ask=GUESS)
    for place, value in enumerate((0.5, -0.5)):
        lecture.student(place, "guess", ask=2, round=1, value=value)
    lecture.drive("takes", sentences=True)
    lecture.student(2, "sentence", text="My name is Anna.")
    return lecture


def test_the_table_has_every_vote_and_guess_and_no_person(told):
    text = take_home.as_csv(told.room)
    rows = list(csv.DictReader(io.StringIO(text)))
    votes = [
        (row["round"], row["answer"], row["right"], row["count"])
        for row in rows
        if row["number"] == "1"
    ]
    assert votes == [
        ("1", "f", "1", "1"),
        ("1", "i", "0", "1"),
        ("1", "o", "0", "0"),
        ("2", "f", "1", "1"),
        ("2", "i", "0", "0"),
        ("2", "o", "0", "0"),
    ]
    guesses = [(row["answer"], row["right"], row["minute"]) for row in rows if row["number"] == "2"]
    assert guesses == [("-0.5", "0.25", "2"), ("0.5", "0.25", "2")]
    assert rows[0]["question"].startswith("'=")
    assert rows[0]["place"] == "cell/player"
    for key in [*told.keys, told.room.key, "Anna"]:
        assert key not in text


@pytest.mark.parametrize("language", ["en", "de"])
def test_the_page_that_prints_has_it_too_and_runs_nothing(told, language):
    with speaking(language):
        page = take_home.as_html(told.room)
    assert f'<html lang="{language}">' in page
    assert "&lt;b&gt;" in page
    assert "<b>" not in page
    assert "<script" not in page
    assert page.count("<section>") == 2
    assert page.count("<circle") == 2
    assert "It scales the cell state." in page
    for key in [*told.keys, told.room.key, "Anna"]:
        assert key not in page


def test_a_room_that_was_asked_nothing_says_so():
    assert take_home.as_csv(Room("BCDF", 0.0)).count("\n") == 1
    assert "The room was asked nothing." in take_home.as_html(Room("BCDF", 0.0))
