"""Memory like a reader's: which words the trained network holds, and which it lets go."""

import streamlit as st

from lstm_core.sentiment.memory import Memory, remember
from lstm_core.sentiment.opened import DIRECTIONS, LAYERS
from pages._app import caches, chapter, charts, downloads, learning, panels, sentences
from pages._app.bound import Controls
from pages._book import chapters
from pages._book.language import say
from pages.memory import exercises, lesson
from pages.memory.figures import held_and_matters, memory_map, memory_map_alt, words_kept

control = Controls(lesson.START)


@panels.fragment
def experiment() -> None:
    """Read a text, and show what is held of each word while it is read, and what each matters."""
    with panels.panel("held"):
        screen, text, layer = what_is_held()
    with panels.panel("needed"):
        held_and_needed(screen)
    learning.exercises(chapters.MEMORY, exercises.quiz(screen), exercises.QUESTS, screen)
    data = {
        "word": screen.words,
        "held at the end": screen.held,
        "moves the logit by": screen.matters,
    }
    programs = lesson.taken_home(text, layer, screen.direction)
    downloads.take_home("memory", data, programs, "memory")


def what_is_held() -> tuple[lesson.Screen, str, str]:
    """Let the visitor choose a text and an LSTM; returns what it holds, the text and the layer."""
    colours = caches.colours()
    chapter.preset_buttons(lesson.PRESETS)
    text = control.area(
        "memory_text", say("A review in English, up to 60 words"), height=110, max_chars=600
    )
    reader = caches.reader()
    text, words, ids = sentences.sentence(text)
    layer = control.choice("memory_layer", say("Layer"), LAYERS, format_func=say)
    place = LAYERS.index(layer)

    def both_directions() -> dict[str, Memory]:
        return {way: remember(reader, ids, place, way) for way in DIRECTIONS}

    memories = caches.computed(
        "memories",
        (tuple(ids.tolist()), layer),
        both_directions,
        text in lesson.EXAMPLES.values(),
    )
    forward, backward = memories["forward"], memories["backward"]
    held, matters = lesson.both_ways(forward, backward), forward.matters
    st.html(words_kept(words, held, matters, colours))
    panels.prose(lesson.kept_sentence(words, held, matters))
    st.caption(
        say(
            "Bar: what the last cell states of both readings still hold of the word, from the real "
            "forget and input gates. Number: how much the logit changes with an unknown word in its "
            "place. Indigo and plus speak for positive, red and minus for negative. Bold is more than half of "
            "the most, grey less than a quarter."
        )
    )
    over_time, beside = st.columns([3, 2], gap="large")
    with over_time:
        direction = control.choice("memory_direction", say("Read"), DIRECTIONS, format_func=say)
        screen = lesson.Screen(words, held, matters, memories[direction], direction, backward)
        figure = memory_map(screen.memory, screen.order, colours)
        charts.chart(figure, "memory_map", memory_map_alt(screen.memory, screen.order))
    with beside:
        st.latex(r"c_t = \sum_{s \le t} \Big(\prod_{k=s+1}^{t} f_k\Big) \odot i_s \odot g_s")
        st.caption(
            say(
                "The map shows the size of each word's term in this sum, over all units of one LSTM, each "
                "weighted by how much it counts for the verdict. Rows are not scaled: two words can be "
                "compared."
            )
        )
    return screen, text, layer


def held_and_needed(screen: lesson.Screen) -> None:
    """Show each word by what is held of it and by what it matters."""
    st.subheader(say("Held, and needed?"))
    words, held, matters = screen.words, screen.held, screen.matters
    picture, text = st.columns([3, 2], gap="large")
    with picture:
        figure = held_and_matters(held, matters, words, caches.colours())
        charts.chart(figure, "held_and_matters", lesson.kept_sentence(words, held, matters))
    with text:
        panels.prose(lesson.agreement_sentence(held, matters))


chapter.begin(chapters.MEMORY, lesson.PRESETS, exercises.TOUR)
experiment()
