"""Memory like a reader's: which words the trained network holds, and which it lets go."""

import streamlit as st

from lstm_core.figures.memory import held_and_matters, memory_map, memory_map_alt, words_kept
from lstm_core.lessons import chapters
from lstm_core.lessons import memory as lesson
from lstm_core.sentiment.memory import Memory, remember
from lstm_core.sentiment.opened import DIRECTIONS, LAYERS
from pages import _parts

FIRST = next(iter(lesson.EXAMPLES.values()))


def show_example(name: str) -> None:
    """Put an example into the field."""
    st.session_state.memory_text = lesson.EXAMPLES[name]


@st.fragment
def experiment() -> None:
    """Read a text, and show what is held of each word while it is read, and what each matters."""
    colours = _parts.colours()
    _parts.preset_buttons(lesson.EXAMPLES, show_example, "memory")
    text = st.text_area(
        "A review in English, up to 60 words", FIRST, height=110, max_chars=600,
        key="memory_text", bind="query-params",
    )  # fmt: skip
    reader = _parts.reader()
    text, words, ids = _parts.sentence(text or "")
    layer = st.segmented_control(
        "Layer", LAYERS, default="first", key="memory_layer", bind="query-params", required=True
    ) or "first"  # fmt: skip
    place = LAYERS.index(layer)

    def both() -> dict[str, Memory]:
        return {way: remember(reader, ids, place, way) for way in DIRECTIONS}

    memories = _parts.once("memories", (tuple(ids.tolist()), layer), both)
    forward, backward = memories["forward"], memories["backward"]
    held, matters = lesson.both_ways(forward, backward), forward.matters
    st.html(words_kept(words, held, matters, colours))
    st.markdown(lesson.kept_sentence(words, held, matters))
    st.caption(
        "Bar: what the last cell states of both readings still hold of the word, from the real "
        "forget and input gates. Number: how much the logit changes with an unknown word in its "
        "place. Indigo and plus speak for positive, red and minus for negative. Bold is more than half of "
        "the most, grey less than a quarter."
    )
    over_time, beside = st.columns([3, 2], gap="large")
    with over_time:
        direction = st.segmented_control(
            "Read", DIRECTIONS, default="forward", key="memory_direction", bind="query-params",
            required=True,
        ) or "forward"  # fmt: skip
        memory = memories[direction]
        order = words if direction == "forward" else words[::-1]
        figure = memory_map(memory, order, colours)
        _parts.chart(figure, "memory_map", memory_map_alt(memory, order))
    with beside:
        st.subheader("Held, and needed?")
        figure = held_and_matters(held, matters, words, colours)
        _parts.chart(figure, "held_and_matters", lesson.kept_sentence(words, held, matters))
        st.markdown(lesson.agreement_sentence(held, matters))
    st.latex(r"c_t = \sum_{s \le t} \Big(\prod_{k=s+1}^{t} f_k\Big) \odot i_s \odot g_s")
    st.caption(
        "The map shows the size of each word's term in this sum, over all units of one LSTM, each "
        "weighted by how much it counts for the verdict. Rows are not scaled: two words can be "
        "compared."
    )
    _parts.ask(lesson.survival_question(memory, order), f"memory_{layer}_{direction}_{hash(text)}")
    data = {"word": words, "held at the end": held, "moves the logit by": matters}
    _parts.take_home("memory", data, lesson.code(text, place, direction), "memory")


_parts.heading(chapters.MEMORY)
experiment()
