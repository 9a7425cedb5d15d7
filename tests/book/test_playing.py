"""What the app's scripts say is found in them, and is sent in the visitor's language."""

import gettext

import pytest

from pages._book import language, playing


class Shouting(gettext.NullTranslations):
    def gettext(self, message):
        return message.upper()


@pytest.fixture
def script(tmp_path, monkeypatch):
    monkeypatch.setattr(playing, "ASSETS", tmp_path)
    playing.said_by.cache_clear()
    yield tmp_path / "some.js"
    playing.said_by.cache_clear()


def test_messages_are_found_as_they_stand(script):
    script.write_text(
        'a = say("Play");\nb = say(\n  "Step {t}: “{word}”", { t: 1, word });\n'
        'c = say("She said \\"no\\"") + say("Play"); essay("Never"); say(variable);',
        encoding="utf-8",
    )
    assert playing.said_by("some.js") == ("Play", "Step {t}: “{word}”", 'She said "no"')


def test_messages_are_said_in_the_language_that_is_spoken(script, monkeypatch):
    script.write_text('say("Play {t}")', encoding="utf-8")
    assert playing.messages("some.js") == {"Play {t}": "Play {t}"}
    monkeypatch.setattr(language, "_catalogue", lambda _: Shouting())
    assert playing.messages("some.js") == {"Play {t}": "PLAY {T}"}
