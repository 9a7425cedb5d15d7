"""Messages are said in the language that is spoken, later and in other processes too."""

import pickle

import pytest

from pages._book import language
from pages._book.language import Message, decimal, later, plural, say, speaking


class Backwards:
    """A made-up language: every message in capitals."""

    def gettext(self, message):
        return message.upper() if "{" not in message else f"¡{message}!"

    def ngettext(self, one, many, count):
        return f"¡{one if count == 1 else many}!"


@pytest.fixture
def foreign(monkeypatch):
    real = language._catalogue
    monkeypatch.setattr(
        language, "_catalogue", lambda code: Backwards() if code == "de" else real(code)
    )
    with speaking("de"):
        yield


def test_english_is_said_as_it_stands():
    assert say("Step {t} of {last}", t=1, last=3) == "Step 1 of 3"
    assert say("{not a place}") == "{not a place}"
    assert say("") == ""
    assert plural("{count} word", "{count} words", 1) == "1 word"
    assert plural("{count} word", "{count} words", 2) == "2 words"


@pytest.mark.usefixtures("foreign")
def test_a_language_is_spoken_for_a_while():
    assert say("gate") == "GATE"
    assert say("x = {x:.1f}", x=1) == "¡x = 1,0!", "numbers take the signs of the language"
    assert plural("{count} word", "{count} words", 2) == "¡2 words!"
    with speaking("en"):
        assert say("gate") == "gate"


@pytest.mark.usefixtures("foreign")
def test_a_message_is_said_later_in_another_language_and_process():
    message = later("This is {name}; {count:,} rows.", name="a PDF", count=1000)
    assert message == "This is a PDF; 1,000 rows."
    again = pickle.loads(pickle.dumps(message))
    assert isinstance(again, Message)
    assert again == message
    assert say(again) == "¡This is A PDF; 1.000 rows.!"


def test_an_unknown_language_is_english():
    with speaking("xx"):
        assert say("gate") == "gate"


@pytest.mark.parametrize(("tongue", "written"), [("en", "−1,234.5"), ("de", "−1.234,5")])
def test_a_number_has_the_minus_sign_of_formulas(tongue, written):
    with speaking(tongue):
        assert decimal(-1234.5, ",.1f") == written
        assert say("{x:,.1f} to {name}", x=-1234.5, name="a-b") == f"{written} to a-b"
        assert say("{count}", count=-3) == "−3"
        # What is no number keeps its hyphen: an address, a name, what was typed.
        assert say("{typed}", typed="-0.5") == "-0.5"


def test_what_is_written_once_is_written_in_each_language():
    asked = []

    @language.once_a_language
    def written():
        asked.append(language.spoken())
        return language.say("Home")

    english = written()
    with language.speaking("de"):
        german = written()
        assert written() == german != english == "Home"
    assert written() == english
    assert asked == ["en", "de"]
