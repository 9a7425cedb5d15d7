"""The catalogues hold every message of the code, and every translation keeps its places."""

import re
import string

import pytest

from lstm_core.language import LANGUAGES, speaking
from lstm_core.language import say as said
from tests import messages

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


def test_the_template_is_what_the_code_says():
    assert messages.TEMPLATE.read_bytes() == messages.written(messages.extracted()), "make messages"


@pytest.mark.parametrize("language", messages.LANGUAGES)
class TestTranslation:
    def test_it_is_complete(self, language):
        catalog = messages.read(language)
        ids = {one.id for one in messages.extracted() if one.id}
        assert {one.id for one in catalog if one.id} == ids, "make messages"
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

    def test_the_app_reads_what_stands_in_it(self, language):
        catalog = messages.read(language)
        assert messages.compiled(language).read_bytes() == messages.as_mo(catalog), "make messages"
        with speaking(language):
            one = next(one for one in catalog if one.id and isinstance(one.id, str))
            assert said(one.id) == one.string
        assert language in LANGUAGES
