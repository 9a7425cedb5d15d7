"""What every chapter has to be: one test for all of them, with words for what is missing.

Whoever adds a chapter runs this file and is told what to do next. What the test cannot know of a
chapter stands in ``samples/NAME.py``.
"""

import ast
import importlib
import re
import sys
from pathlib import Path

import numpy as np
import pytest

from pages._book import slides
from pages._book.chapters import CHAPTERS
from pages._book.exercises import Step
from pages._book.misconceptions import BY_KEY, MISCONCEPTIONS
from pages._book.presets import standing

PAGES = Path(__file__).parents[2] / "pages"
NAMES = [chapter.path for chapter in CHAPTERS]
LIBRARIES = ("lstm_core", "keras", "torch")
MAY_IMPORT = {"lstm_core", "numpy", "keras", "tensorflow", "torch"} | set(sys.stdlib_module_names)
PROGRAMS = sorted(PAGES.glob("*/programs/*.py"))


def module(chapter, name):
    return importlib.import_module(f"pages.{chapter}.{name}")


def sample(chapter):
    return importlib.import_module(f"tests.chapters.samples.{chapter}")


def presets(chapter):
    return getattr(module(chapter, "lesson"), "PRESETS", {})


def start(chapter):
    return module(chapter, "lesson").START


def of_every_chapter(things, identity):
    """List (chapter, thing) for a parametrised test, each with a readable name."""
    return [
        pytest.param(name, thing, id=f"{name}-{identity(thing)}")
        for name in NAMES
        for thing in things(name)
    ]


EVERY_PRESET = of_every_chapter(lambda name: presets(name).values(), lambda preset: preset.name)
EVERY_QUEST = of_every_chapter(
    lambda name: module(name, "exercises").QUESTS, lambda quest: quest.key
)


def state_of(chapter, preset):
    known = sample(chapter)
    return getattr(known, "state", known.shown)(preset)


@pytest.mark.parametrize("chapter", NAMES)
def test_a_chapter_is_one_folder(chapter):
    for name in ("page.py", "lesson.py", "exercises.py", "programs"):
        assert (PAGES / chapter / name).exists(), f"pages/{chapter} needs {name}"
    assert (PAGES / chapter / "programs" / "with_lstm_core.py").exists() or any(
        (PAGES / chapter / "programs").glob("*_with_lstm_core.py")
    ), f"pages/{chapter}/programs needs with_lstm_core.py: what the page shows, as a program"
    assert hasattr(module(chapter, "lesson"), "START"), (
        f"pages/{chapter}/lesson.py needs START: what each control of the page stands at to begin with"
    )
    for name in ("TOUR", "QUESTS", "quiz"):
        assert hasattr(module(chapter, "exercises"), name), f"exercises.py needs {name}"
    assert slides.PANELS.get(next(c for c in CHAPTERS if c.path == chapter)), "it has no panels"


@pytest.mark.parametrize(("chapter", "preset"), EVERY_PRESET)
def test_a_preset_sets_known_controls_and_its_claim_holds(chapter, preset):
    unknown = set(preset.sets) - set(start(chapter))
    assert not unknown, f"START of pages/{chapter}/lesson.py has no {sorted(unknown)}"
    shown = sample(chapter).shown(preset)
    assert preset.holds(shown), preset.claim
    assert "nan" not in preset.evidence(shown)
    assert not preset.claim or "holds" in preset.claimed(shown)


@pytest.mark.parametrize(("chapter", "preset"), EVERY_PRESET)
def test_a_page_names_the_preset_that_its_controls_stand_at(chapter, preset):
    values = {**start(chapter), **preset.sets}
    assert standing(presets(chapter), values) == preset.name
    assert standing(presets(chapter), dict.fromkeys(values, object())) is None


@pytest.mark.parametrize(("chapter", "preset"), EVERY_PRESET)
def test_a_claim_can_fail(chapter, preset):
    broken = getattr(sample(chapter), "broken", {})
    if preset.name in broken:
        assert not preset.holds(broken[preset.name])
        assert "does not hold" in preset.claimed(broken[preset.name])


@pytest.mark.parametrize(("chapter", "quest"), EVERY_QUEST)
def test_a_quest_is_open_at_first_and_can_be_reached(chapter, quest):
    known = sample(chapter)
    assert not quest.done(known.FIRST), "it is done before the visitor has done anything"
    assert quest.key in known.REACHED, f"samples/{chapter}.py needs a state that fulfils it"
    assert quest.done(known.REACHED[quest.key])
    assert quest.progress(known.REACHED[quest.key]) != quest.progress(known.FIRST)


@pytest.mark.parametrize(("chapter", "preset"), EVERY_PRESET)
def test_no_preset_fulfils_a_quest(chapter, preset):
    done = [q.key for q in module(chapter, "exercises").QUESTS if q.done(state_of(chapter, preset))]
    assert not done, f"a click on {preset.name} is no answer to {done}"


@pytest.mark.parametrize("chapter", NAMES)
def test_every_card_of_the_tour_waits_for_its_own_move(chapter):
    tour, moves = module(chapter, "exercises").TOUR, sample(chapter).MOVES
    assert len(tour) == len(moves), f"samples/{chapter}.py: MOVES has one entry a card"
    panels = {
        f"panel_{name}" for c, of in slides.PANELS.items() if c.path == chapter for name in of
    }
    # Streamlit's name of a preset's button in the document has no other characters.
    buttons = {f"preset_{re.sub('[^A-Za-z0-9_-]', '-', name)}" for name in presets(chapter)}
    players = {f"{key}_player" for key, value in start(chapter).items() if isinstance(value, Step)}
    for card, move in zip(tour, moves, strict=True):
        unknown = set(card.sets) - set(start(chapter))
        assert not unknown, f"{card.title}: START has no {sorted(unknown)}"
        known = {"", *start(chapter), *panels, *buttons, *players}
        known |= set(getattr(sample(chapter), "BUTTONS", ()))
        assert card.cue in known, f"{card.title}: no control {card.cue}"
        if move is None:
            assert card.done is None, f"{card.title}: what does the card wait for?"
            continue
        before = {**start(chapter), **card.sets}
        assert not card.done({}), card.title
        assert not card.done(before), f"{card.title}: it is done as soon as it is opened"
        assert card.done(before | move), card.title


@pytest.mark.parametrize("chapter", NAMES)
def test_every_choice_of_every_question_has_its_answer(chapter):
    states = [*sample(chapter).STATES, *(state_of(chapter, p) for p in presets(chapter).values())]
    for state in states:
        for question in module(chapter, "exercises").quiz(state):
            count = len(question.choices)
            assert len(set(question.choices)) == count >= 2, question.text
            assert len(question.feedback) == count, question.text
            assert all(question.feedback), question.text
            assert 0 < len(set(question.right)) < count or len(set(question.right)) == count > 2
            assert len(question.mistakes) in {0, count}, question.text
            assert {key for key in question.mistakes if key} <= set(BY_KEY), question.text


@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: f"{path.parts[-3]}/{path.name}")
def test_a_program_imports_nothing_of_the_app(path):
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module]
            if isinstance(node, ast.ImportFrom)
            else []
        )
        outside = {name.split(".")[0] for name in names} - MAY_IMPORT
        assert not outside, f"{path.name} imports {outside}: nobody has that at home"


@pytest.mark.parametrize("library", LIBRARIES)
@pytest.mark.parametrize("chapter", NAMES)
def test_a_program_gives_the_numbers_of_the_page(chapter, library):
    taken = list(sample(chapter).taken_home())
    assert taken, f"samples/{chapter}.py: taken_home yields at least one program"
    for programs, wanted, *tolerance in taken:
        if program := getattr(programs, library):
            names = {"__name__": "program"}
            exec(compile(program, f"{chapter} with {library}", "exec"), names)
            compare(names["result"], wanted, *(tolerance or [1e-6]))


def compare(result, wanted, tolerance, absolute=None):
    if isinstance(wanted, dict):
        assert set(result) == set(wanted)
        for key in wanted:
            compare(result[key], wanted[key], tolerance, absolute)
    elif isinstance(wanted, str | bool | None):
        assert result == wanted
    elif isinstance(wanted, list | tuple) and not np.isscalar(wanted) and _ragged(wanted):
        assert len(result) == len(wanted)
        for one, other in zip(result, wanted, strict=True):
            compare(one, other, tolerance, absolute)
    else:
        absolute = tolerance * 1e-3 if absolute is None else absolute
        np.testing.assert_allclose(result, wanted, rtol=tolerance, atol=absolute)


def _ragged(values):
    return any(
        isinstance(value, list | tuple | dict | str) or hasattr(value, "shape") for value in values
    )


@pytest.mark.parametrize(
    "slide", slides.SLIDES, ids=lambda slide: f"{slides.SLIDES.index(slide) + 1}-{slide.panel}"
)
def test_a_slide_shows_a_panel_and_sets_known_controls(slide):
    name = slide.chapter.path
    assert slide.panel in slides.PANELS[slide.chapter]
    unknown = set(slide.sets) - set(start(name))
    assert not unknown, f"START of pages/{name}/lesson.py has no {sorted(unknown)}"
    assert not slide.preset or slide.preset in presets(name)


@pytest.mark.parametrize(
    "mistake", [one for one in MISCONCEPTIONS if one.see], ids=lambda one: one.key
)
def test_the_address_of_a_mistake_names_known_controls(mistake):
    assert set(mistake.see) <= set(start(mistake.chapters[0].path))
