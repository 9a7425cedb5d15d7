"""Memory like a reader's: which words the trained network holds, and which it lets go."""

import streamlit as st

from lstm_core.figures.memory import held_and_matters, memory_map, memory_map_alt, words_kept
from lstm_core.language import say
from lstm_core.lessons import chapters
from lstm_core.lessons import memory as lesson
from lstm_core.lessons.exercises import memory as exercises
from lstm_core.sentiment.memory import Memory, remember
from lstm_core.sentiment.opened import DIRECTIONS, LAYERS
from pages import _learning, _parts

FIRST = next(iter(lesson.EXAMPLES.values()))


def show_example(name: str) -> None:
    """Put an example into the field."""
    st.session_state.memory_text = lesson.EXAMPLES[name]


@_parts.fragment
def experiment() -> None:
    """Read a text, and show what is held of each word while it is read, and what each matters."""
    with _parts.panel("held"):
        shown, text, layer = what_is_held()
    with _parts.panel("needed"):
        held_and_needed(shown)
    _learning.exercises(chapters.MEMORY, exercises.quiz(shown), exercises.QUESTS, shown)
    data = {"word": shown.words, "held at the end": shown.held, "moves the logit by": shown.matters}
    programs = (lesson.code, lesson.keras_code, lesson.torch_code)
    code, keras, torch = (program(text, layer, shown.direction) for program in programs)
    _parts.take_home("memory", data, code, "memory", keras, torch)


def what_is_held() -> tuple[lesson.Held, str, int]:
    """Let the visitor choose a text and an LSTM; returns what it holds, the text and the layer."""
    colours = _parts.colours()
    _parts.preset_buttons(lesson.EXAMPLES, show_example, "memory")
    text = st.text_area(
        say("A review in English, up to 60 words"), FIRST, height=110, max_chars=600,
        key="memory_text", bind="query-params",
    )  # fmt: skip
    reader = _parts.reader()
    text, words, ids = _parts.sentence(text or "")
    layer = st.segmented_control(
        say("Layer"), LAYERS, default="first", key="memory_layer", bind="query-params",
        format_func=say, required=True,
    ) or "first"  # fmt: skip
    place = LAYERS.index(layer)

    def both() -> dict[str, Memory]:
        return {way: remember(reader, ids, place, way) for way in DIRECTIONS}

    memories = _parts.once(
        "memories", (tuple(ids.tolist()), layer), both, text in lesson.EXAMPLES.values()
    )
    forward, backward = memories["forward"], memories["backward"]
    held, matters = lesson.both_ways(forward, backward), forward.matters
    st.html(words_kept(words, held, matters, colours))
    _parts.prose(lesson.kept_sentence(words, held, matters))
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
        direction = st.segmented_control(
            say("Read"), DIRECTIONS, default="forward", key="memory_direction", bind="query-params",
            format_func=say, required=True,
        ) or "forward"  # fmt: skip
        shown = lesson.Held(words, held, matters, memories[direction], direction, backward)
        figure = memory_map(shown.memory, shown.order, colours)
        _parts.chart(figure, "memory_map", memory_map_alt(shown.memory, shown.order))
    with beside:
        st.latex(r"c_t = \sum_{s \le t} \Big(\prod_{k=s+1}^{t} f_k\Big) \odot i_s \odot g_s")
        st.caption(
            say(
                "The map shows the size of each word's term in this sum, over all units of one LSTM, each "
                "weighted by how much it counts for the verdict. Rows are not scaled: two words can be "
                "compared."
            )
        )
    return shown, text, place


def held_and_needed(shown: lesson.Held) -> None:
    """Show each word by what is held of it and by what it matters."""
    st.subheader(say("Held, and needed?"))
    words, held, matters = shown.words, shown.held, shown.matters
    picture, said = st.columns([3, 2], gap="large")
    with picture:
        figure = held_and_matters(held, matters, words, _parts.colours())
        _parts.chart(figure, "held_and_matters", lesson.kept_sentence(words, held, matters))
    with said:
        _parts.prose(lesson.agreement_sentence(held, matters))


_parts.heading(chapters.MEMORY)
_learning.tour(chapters.MEMORY, exercises.TOUR)
experiment()
