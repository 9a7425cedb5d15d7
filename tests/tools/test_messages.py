"""The catalogues hold every message of the code, and every translation keeps its places."""

import json
import re
import string

import pytest
from babel.messages import Catalog

from pages._book.language import plural, say, speaking
from pages._book.numbers import Formatter
from tools import messages

PLACES = re.compile(r"%\{(\w+)[^}]*\}")


def places(text):
    """Return the names in a message's places, and those of Plotly's own, such as %{x}."""
    own = PLACES.findall(text)
    rest = PLACES.sub("", text)
    try:
        named = [name for _, name, _, _ in string.Formatter().parse(rest) if name]
    except ValueError:
        named = []
    return sorted(re.split(r"[.\[!:]", name)[0] for name in named), sorted(own)


def forms(value):
    return value if isinstance(value, tuple | list) else (value,)


@pytest.mark.parametrize("language", messages.TRANSLATED)
class TestTranslation:
    def test_it_holds_the_messages_of_the_code(self, language):
        catalog = messages.read(language)
        in_code = {one.id for one in messages.extracted() if one.id}
        in_catalogue = {one.id for one in catalog if one.id}
        assert in_code == in_catalogue, "make messages"
        missing = [one.id for one in catalog if one.id and not all(forms(one.string))]
        assert not missing

    def test_it_keeps_every_place(self, language):
        wrong = [
            (original, translated)
            for one in messages.read(language)
            if one.id
            for original, translated in zip(forms(one.id), forms(one.string), strict=True)
            if places(original) != places(translated)
        ]
        assert not wrong

    def test_it_keeps_formulas_and_links(self, language):
        pattern = re.compile(r"\$[^$]+\$|`[^`]+`|\]\([^)]+\)")
        for one in messages.read(language):
            for original, translated in zip(forms(one.id), forms(one.string), strict=True):
                if one.id:
                    found = pattern.findall(original)
                    assert sorted(pattern.findall(translated)) == sorted(found), original

    def test_the_app_says_what_stands_in_it(self, language):
        with speaking(language):
            for one in messages.read(language):
                if isinstance(one.id, str) and one.id:
                    assert say(one.id) == one.string
                elif one.id:
                    values = dict.fromkeys(set(places(one.id[1])[0]) - {"count"}, 0)
                    for count, form in zip((1, 2), one.string, strict=True):
                        filled = Formatter(language).vformat(form, (), {"count": count, **values})
                        assert plural(*one.id, count, **values) == filled


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Keep catalogues in a folder of their own, with the code of `say`."""
    monkeypatch.setattr(messages, "LOCALE", tmp_path)
    return tmp_path


def of_code(*ids):
    catalog = Catalog()
    for one in ids:
        catalog.add(one)
    return catalog


def run(monkeypatch, capsys, template, *arguments):
    """Run the command on a code that holds the template's messages; returns what it prints."""
    monkeypatch.setattr(messages, "extracted", lambda: template)
    with pytest.raises(SystemExit) as stop:
        messages.main([*arguments])
    return stop.value.code, capsys.readouterr().out


def german(one):
    """Return the German of a message in the catalogue as it is on the disk."""
    entry = messages.read("de").get(one)
    return entry.string if entry else None


def test_translations_are_taken_from_files(folder, monkeypatch, capsys):
    words = ("{count} word", "{count} words")
    rows = [
        {"en": "Step", "de": "Schritt"},
        {"en": list(words), "de": ["{count} Wort", "{count} Wörter"]},
        {"en": "Nowhere", "de": "Nirgends"},
    ]
    file = folder / "new.jsonl"
    file.write_text("\n".join(json.dumps(row) for row in rows) + "\n", encoding="utf-8")
    template = of_code("Step", "Gate", words)
    status, told = run(monkeypatch, capsys, template, "--add", str(file))
    assert status == 1
    assert "not translated: 'Gate'" in told
    assert "left out: 'Nowhere'" in told
    assert german("Step") == "Schritt"
    assert german(words[0]) == ("{count} Wort", "{count} Wörter")
    assert {path.name for path in folder.iterdir()} == {"de.po", "new.jsonl"}


@pytest.mark.parametrize(
    "row",
    [
        {"en": "Step"} | {"de": ["Schritt", "Schritte"]},
        {"en": ["a"], "de": ["b"]},
        {"de": "Schritt"},
    ],
)
def test_a_line_of_another_shape_is_refused(folder, row):
    file = folder / "new.jsonl"
    file.write_text(json.dumps(row), encoding="utf-8")
    with pytest.raises(ValueError, match="line 1"):
        messages.translations([file], "de")


def test_no_translation_is_lost_without_a_word(folder, monkeypatch, capsys):
    file = folder / "new.jsonl"
    file.write_text(
        '{"en": "Step", "de": "Schritt"}\n{"en": "Gate", "de": "Gatter"}', encoding="utf-8"
    )
    both, one = of_code("Step", "Gate"), of_code("Step")
    assert run(monkeypatch, capsys, both, "--add", str(file))[0] == 0
    _, told = run(monkeypatch, capsys, one)
    assert "no longer in the code: 'Gate'" in told
    assert german("Gate") is None
    assert '#~ msgstr "Gatter"' in (folder / "de.po").read_text(encoding="utf-8")
    # It comes back with its translation, if the next run finds it in the code again.
    status, told = run(monkeypatch, capsys, both)
    assert (status, german("Gate")) == (0, "Gatter")
    assert "back in the code: 'Gate'" in told
    run(monkeypatch, capsys, one)
    _, told = run(monkeypatch, capsys, one)
    assert "dropped: 'Gate', 'Gatter'" in told
    assert "Gatter" not in (folder / "de.po").read_text(encoding="utf-8")


def test_a_catalogue_changes_only_with_its_messages(folder, monkeypatch, capsys):
    run(monkeypatch, capsys, of_code("Step"))
    before = (folder / "de.po").read_bytes()
    run(monkeypatch, capsys, of_code("Step"))
    assert (folder / "de.po").read_bytes() == before


def test_messages_are_found_in_every_folder_of_the_code():
    files = {str(path.relative_to(messages.ROOT)) for path in messages.code()}
    assert files >= {
        "lstm_core/gradients/bptt.py",
        "pages/_book/slides.py",
        "pages/cell/lesson.py",
        "pages/home.py",
        "assets/player.js",
    }
