"""One room: what its lecturer shows and asks, and what its students answer. All of it is in memory.

Times are seconds of a clock that never goes back. Who may see what is in ``PARTS`` and ``part``.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pages._book.rooms import forms
from pages._book.rooms.asked import LONGEST_TEXT, STATES, Asked
from pages._book.rooms.codes import new_key
from pages._book.rooms.forms import Refused

STUDENT, PROJECTOR, PRESENTER = ROLES = ("student", "projector", "presenter")
DRIVING = (PROJECTOR, PRESENTER)
"""Roles that need the presenter's key."""
_ALL = ("shown", "step", "asked", "picked", "takes")
PARTS = {
    STUDENT: _ALL,
    PROJECTOR: (*_ALL, "people"),
    PRESENTER: (*_ALL, "people", "sentences", "hidden", "offers"),
}
"""What each role is sent. A projector is sent nothing that a class may not see."""
ANSWERS = "answers"
"""Marks that somebody has answered: to students nothing has changed by that."""

OPEN_FOR = 4 * 3600.0
"""Seconds after the last press of its lecturer that a room stays open."""
KEPT_FOR = 1800.0
"""Seconds for which a room that was ended can still be taken home."""
MOST_STUDENTS = 1000
MOST_ASKED = 200
MOST_OFFERS = 20
LONGEST_SENTENCE = 300
MOST_SENTENCES = 200
"""Sentences in the lecturer's list: a new one takes the place of the oldest that was not picked."""
SENTENCES, PER_SECONDS = 3, 60.0
"""How many sentences a student may send in how many seconds."""
REMEMBERED = 16
"""Answers that are kept for each sender, in case the same message comes again."""
SPREAD_MS, LONGEST_SPREAD_MS = 7, 2000
"""By how much each follower spreads out what a change of panel costs, and by how much at most."""


@dataclass
class Student:
    """What is known of a student: nothing but what was sent, by a key that means nobody."""

    sentences: deque[float] = field(default_factory=lambda: deque(maxlen=SENTENCES))
    answers: OrderedDict[str, dict[str, Any]] = field(default_factory=OrderedDict)


@dataclass
class Sentence:
    """A sentence that was sent in; the presenter alone sees it until it is picked."""

    number: int
    text: str
    picked: bool = False


class Room:
    """A class and its lecturer.

    Args:
        code: by which it is found.
        now: when it is opened.
    """

    def __init__(self, code: str, now: float) -> None:
        self.code, self.key = code, new_key()
        self.opened = self.pressed = now
        self.ended: float | None = None
        self.students: dict[str, Student] = {}
        self.shown: dict[str, Any] | None = None
        self.step: dict[str, Any] | None = None
        self.asked: Asked | None = None
        self.past: list[Asked] = []
        self.picked: Sentence | None = None
        self.sentences: list[Sentence] = []
        self.takes_sentences = False
        self.people = dict.fromkeys(("students", "projectors", "presenters"), 0)
        self.offers: list[str] = []
        """What the projector's page could ask the room."""
        self.presses: list[dict[str, int]] = []
        """Presses from afar that the projectors have not been told yet."""
        self.changed: set[str] = set()
        """Names of parts that those in the room have not been told yet."""
        self._inside: set[str] = set()
        self._lecturer = Student()
        self._sent_in = 0

    # ---- Who is in ------------------------------------------------------------------------------

    def is_over(self, now: float) -> bool:
        """Say whether nobody can be in it any more."""
        return self.ended is not None or now - self.pressed > OPEN_FOR

    def is_forgotten(self, now: float) -> bool:
        """Say whether it is over and cannot be taken home either."""
        return now - self.pressed > OPEN_FOR or (
            self.ended is not None and now - self.ended > KEPT_FOR
        )

    def enter(self, role: str, key: str) -> str:
        """Let somebody in; returns the key by which the room knows them.

        Raises:
            Refused: "key" if somebody wants to drive with another key than the presenter's; "full".
        """
        if role in DRIVING:
            if key != self.key:
                raise Refused("key")
            return key
        if key in self.students:
            return key
        if len(self.students) >= MOST_STUDENTS:
            self._forget_somebody()
        drawn = new_key()
        self.students[drawn] = Student()
        return drawn

    def _forget_somebody(self) -> None:
        """Make room for a student: forget one who is gone and has sent nothing.

        Raises:
            Refused: "full" if there is none.
        """
        for key, student in self.students.items():
            if key not in self._inside and not student.answers:
                del self.students[key]
                return
        raise Refused("full")

    def count(self, roles: Iterable[str], keys: Iterable[str]) -> None:
        """Learn who is in: the roles of the lecturer's lines, and the keys of the students'."""
        roles, self._inside = list(roles), set(keys)
        people = {
            "students": len(self._inside),
            "projectors": roles.count(PROJECTOR),
            "presenters": roles.count(PRESENTER),
        }
        if people != self.people:
            self.people = people
            self.changed.add("people")

    def mine(self, key: str) -> dict[str, Any] | None:
        """Return what a student has answered to what is asked now, if anything."""
        return self.asked.mine(key) if self.asked else None

    # ---- What is seen ---------------------------------------------------------------------------

    def take_changed(self, due: Iterable[str]) -> set[str]:
        """Return which of some parts have changed; they count as told from then on."""
        taken = self.changed & set(due)
        self.changed -= taken
        return taken

    def parts(self, role: str, changed: Iterable[str] | None = None) -> tuple[str, ...]:
        """Name the parts that a role is sent: all of them, or those that have changed for it."""
        if changed is None:
            return PARTS[role]
        names = set(changed)
        if ANSWERS in names and role != STUDENT:
            names.add("asked")
        if "asked" in names:
            names.add("hidden")
        return tuple(name for name in PARTS[role] if name in names)

    def part(self, name: str, role: str) -> Any:
        """Say what a role sees of a part now."""
        return _SEEN[name](self, role)

    def _shown_part(self, _role: str) -> dict[str, Any] | None:
        spread = min(SPREAD_MS * self.people["students"], LONGEST_SPREAD_MS)
        return self.shown and self.shown | {"spread": spread}

    def _asked_part(self, role: str) -> dict[str, Any] | None:
        return self.asked.for_all(drives=role in DRIVING) if self.asked else None

    def _picked_part(self, _role: str) -> dict[str, Any] | None:
        return {"id": self.picked.number, "text": self.picked.text} if self.picked else None

    def _sentences_part(self, _role: str) -> list[dict[str, Any]]:
        return [
            {"id": one.number, "text": one.text, "picked": one.picked} for one in self.sentences
        ]

    # ---- What is sent ---------------------------------------------------------------------------

    def take(self, role: str, key: str, message: Mapping[str, Any], now: float) -> dict[str, Any]:
        """Do what a message asks for; returns the answer to it.

        The same message may come again after a line was lost: it is answered as before, and not
        done twice.

        Args:
            role: of the line that it came over.
            key: by which ``enter`` let it in.
            message: as the protocol has it.
            now: the time.

        Raises:
            Refused: if it is not done.
        """
        kind, name = message.get("type"), forms.matching(message.get("id"), forms.ID)
        does = (_DRIVES if role in DRIVING else _STUDENT_DOES).get(str(kind))
        if does is None:
            raise Refused("role" if str(kind) in _DRIVES | _STUDENT_DOES else "form")
        sender = self._lecturer if role in DRIVING else self.students[key]
        if name in sender.answers:
            return sender.answers[name]
        if role in DRIVING:
            self.pressed = now
        answer = does(self, message, key, now)
        sender.answers[name] = answer
        # Projector and presenter share a memory.
        while len(sender.answers) > REMEMBERED * (8 if role in DRIVING else 1):
            sender.answers.popitem(last=False)
        return answer

    def _open_ask(self, message: Mapping[str, Any]) -> Asked:
        """Return what is asked, if that is what a student's message answers."""
        if (
            self.asked is None
            or self.asked.state != "open"
            or message.get("ask") != self.asked.number
            or message.get("round") != self.asked.round
        ):
            raise Refused("late")
        return self.asked

    def _vote(self, message: Mapping[str, Any], key: str, _: float) -> dict[str, Any]:
        asked = self._open_ask(message)
        if asked.is_guess:
            raise Refused("form")
        answer = asked.vote(key, forms.whole(message.get("choice")))
        self.changed.add(ANSWERS)
        return answer

    def _guess(self, message: Mapping[str, Any], key: str, _: float) -> dict[str, Any]:
        asked = self._open_ask(message)
        if not asked.is_guess:
            raise Refused("form")
        answer = asked.guess(key, forms.number(message.get("value")))
        self.changed.add(ANSWERS)
        return answer

    def _sentence(self, message: Mapping[str, Any], key: str, now: float) -> dict[str, Any]:
        if not self.takes_sentences:
            raise Refused("late")
        text = forms.line(message.get("text"), LONGEST_SENTENCE)
        sent = self.students[key].sentences
        if len(sent) == SENTENCES and now - sent[0] < PER_SECONDS:
            raise Refused("fast", PER_SECONDS - (now - sent[0]))
        sent.append(now)
        if len(self.sentences) >= MOST_SENTENCES:
            oldest = next((one for one in self.sentences if not one.picked), None)
            if oldest is None:
                raise Refused("full")
            self.sentences.remove(oldest)
        self._sent_in += 1
        self.sentences.append(Sentence(self._sent_in, text))
        self.changed.add("sentences")
        return {}

    def _show(self, message: Mapping[str, Any], _key: str, _now: float) -> dict[str, Any]:
        sent = forms.record(message.get("shown"))
        shown = {
            "path": forms.matching(sent.get("path"), forms.PATH),
            "query": forms.matching(sent.get("query", ""), forms.QUERY),
            "panel": forms.matching(sent.get("panel", ""), forms.NAME),
            "slide": forms.maybe(sent.get("slide"), forms.whole),
            "stop": forms.maybe(sent.get("stop"), forms.whole),
            "title": forms.text(sent.get("title", ""), 200, least=0),
            "answered": forms.yes_or_no(sent.get("answered", False)),
        }
        before = self.shown or {}
        if (before.get("path"), before.get("panel")) != (shown["path"], shown["panel"]):
            self.step = None
            self.changed.add("step")
        self.shown = shown
        self.changed.add("shown")
        return {}

    def _step(self, message: Mapping[str, Any], _key: str, _now: float) -> dict[str, Any]:
        sent = forms.record(message.get("step"))
        self.step = {
            "player": forms.matching(sent.get("player", ""), forms.NAME),
            "at": forms.whole(sent.get("at")),
            "plays": forms.yes_or_no(sent.get("plays", False)),
            "until": forms.maybe(sent.get("until"), forms.whole),
        }
        self.changed.add("step")
        return {}

    def _ask(self, message: Mapping[str, Any], _key: str, now: float) -> dict[str, Any]:
        number = len(self.past) + bool(self.asked) + 1
        if number > MOST_ASKED:
            raise Refused("full")
        shown = self.shown or {"path": "", "panel": ""}
        minute = int((now - self.opened) // 60)
        asked = Asked.read(number, message.get("ask"), (shown["path"], shown["panel"]), minute)
        self._put_away()
        self.asked = asked
        self.changed.add("asked")
        return {"ask": number}

    def _put_away(self) -> None:
        """Close what is asked, and keep it for the take-home."""
        if self.asked:
            if self.asked.state == "open":
                self.asked.state = "closed"
            self.past.append(self.asked)
            self.asked = None

    def _named(self, message: Mapping[str, Any]) -> Asked:
        """Return what is asked, if a lecturer's message means that."""
        if self.asked is None or message.get("ask") != self.asked.number:
            raise Refused("unknown")
        return self.asked

    def _turn(self, message: Mapping[str, Any], _key: str, _now: float) -> dict[str, Any]:
        asked = self._named(message)
        state = forms.among(message.get("state"), STATES)
        if message.get("right") is not None:
            asked.take_right(message["right"])
        if message.get("value") is not None:
            asked.value = forms.number(message["value"])
        asked.state = state
        self.changed.add("asked")
        return {"state": state}

    def _again(self, message: Mapping[str, Any], _key: str, _now: float) -> dict[str, Any]:
        asked = self._named(message)
        asked.ask_again()
        self.changed.add("asked")
        return {"round": asked.round}

    def _unask(self, _message: Mapping[str, Any], _key: str, _now: float) -> dict[str, Any]:
        self._put_away()
        self.changed.add("asked")
        return {}

    def _take_sentences(self, message: Mapping[str, Any], _key: str, _now: float) -> dict[str, Any]:
        self.takes_sentences = forms.yes_or_no(message.get("sentences"))
        self.changed.add("takes")
        return {}

    def _sentence_named(self, message: Mapping[str, Any]) -> Sentence:
        for one in self.sentences:
            if one.number == message.get("sentence"):
                return one
        raise Refused("unknown")

    def _pick(self, message: Mapping[str, Any], _key: str, _now: float) -> dict[str, Any]:
        self.picked = None if message.get("sentence") is None else self._sentence_named(message)
        if self.picked:
            self.picked.picked = True
        self.changed |= {"picked", "sentences"}
        return {}

    def _drop(self, message: Mapping[str, Any], _key: str, _now: float) -> dict[str, Any]:
        dropped = self._sentence_named(message)
        self.sentences.remove(dropped)
        if self.picked is dropped:
            self.picked = None
            self.changed.add("picked")
        self.changed.add("sentences")
        return {}

    def _press(self, message: Mapping[str, Any], _key: str, _now: float) -> dict[str, Any]:
        if message.get("ask") is not None:
            self.presses.append({"go": 0, "ask": forms.whole(message["ask"], 0, MOST_OFFERS - 1)})
        else:
            way = forms.whole(message.get("go"), -1, 1)
            if not way:
                raise Refused("form")
            self.presses.append({"go": way})
        return {"projectors": self.people["projectors"]}

    def _offer(self, message: Mapping[str, Any], _key: str, _now: float) -> dict[str, Any]:
        self.offers = forms.items(
            message.get("offers"), lambda each: forms.text(each, LONGEST_TEXT), MOST_OFFERS
        )
        self.changed.add("offers")
        return {}

    def _end(self, _message: Mapping[str, Any], _key: str, now: float) -> dict[str, Any]:
        self._put_away()
        self.ended = now
        return {}


_SEEN: dict[str, Callable[[Room, str], Any]] = {
    "shown": Room._shown_part,
    "step": lambda room, _: room.step,
    "asked": Room._asked_part,
    "picked": Room._picked_part,
    "takes": lambda room, _: {"sentences": room.takes_sentences},
    "people": lambda room, _: room.people,
    "sentences": Room._sentences_part,
    "offers": lambda room, _: room.offers,
    "hidden": lambda room, _: room.asked.for_the_presenter() if room.asked else None,
}
Does = Callable[[Room, Mapping[str, Any], str, float], dict[str, Any]]
_STUDENT_DOES: dict[str, Does] = {
    "vote": Room._vote,
    "guess": Room._guess,
    "sentence": Room._sentence,
}
_DRIVES: dict[str, Does] = {
    "show": Room._show,
    "step": Room._step,
    "ask": Room._ask,
    "turn": Room._turn,
    "again": Room._again,
    "unask": Room._unask,
    "takes": Room._take_sentences,
    "pick": Room._pick,
    "drop": Room._drop,
    "press": Room._press,
    "offers": Room._offer,
    "end": Room._end,
}


class Rooms:
    """All rooms of a process."""

    MOST = 50

    def __init__(self) -> None:
        self._by_code: dict[str, Room] = {}

    def __len__(self) -> int:
        return len(self._by_code)

    def open(self, code: str, now: float) -> Room:
        """Open a room under a code that was proposed.

        Raises:
            Refused: "taken" if there is one, "full" if there are too many rooms.
        """
        if code in self._by_code:
            raise Refused("taken")
        if len(self._by_code) >= self.MOST:
            raise Refused("full")
        self._by_code[code] = Room(code, now)
        return self._by_code[code]

    def get(self, code: str, now: float) -> Room:
        """Find a room, which may be over.

        Raises:
            Refused: "unknown" if there is none.
        """
        room = self._by_code.get(code)
        if room is None or room.is_forgotten(now):
            raise Refused("unknown")
        return room

    def for_its_lecturer(self, code: str, key: str, now: float) -> Room:
        """Find a room for whoever has the presenter's key.

        Raises:
            Refused: "unknown" if there is none, "key" if the key is another one.
        """
        room = self.get(code, now)
        if key != room.key:
            raise Refused("key")
        return room

    def forget(self, now: float) -> list[Room]:
        """Forget rooms whose time is over; returns them."""
        gone = [room for room in self._by_code.values() if room.is_forgotten(now)]
        for room in gone:
            del self._by_code[room.code]
        return gone
