"""The lecture's ten other applications as data, and what the page says of its two live ones."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from lstm_core.cells.arrays import Array
from lstm_core.series import training as forecaster_training
from lstm_core.series.files import (
    Series,
    SeriesOptions,
    Table,
    column,
    likeliest,
    missing_codes,
    numeric_columns,
    place_of,
    read_table,
)
from lstm_core.series.forecasting import Backtest, Forecast
from lstm_core.tables import KINDS, Assumption, Options
from lstm_core.tables.dates import DAY_FIRST, MONTH_FIRST, YEAR_FIRST
from lstm_core.tables.numbers import COMMA, POINT
from lstm_core.text import training as character_training
from lstm_core.text.characters import (
    FEATURES,
    UNKNOWN,
    CharacterNetwork,
    Writing,
    correlations,
    entropy,
    probabilities,
)
from pages._book.language import decimal, mark, plural, say
from pages._book.markdown import plain
from pages._book.presets import Preset, by_name
from pages._book.programs import Programs, programs
from pages._book.questions import Question

TEXT, NEXT, UNIT = mark("Text"), mark("Next character"), mark("Unit")
FORECAST, ERRORS = mark("Forecast"), mark("Errors")
TEXT_VIEWS, SERIES_VIEWS = (TEXT, NEXT, UNIT), (FORECAST, ERRORS)
"""What the panels on text and on series can draw."""
START: dict[str, Any] = {
    "app_which": "speech recognition",
    "app_guess": False,
    "app_view": TEXT,
    "app_start": '"My dear Jane," said Mr. B',
    "app_length": 350,
    "app_temperature": 0.6,
    "app_seed": 1,
    "app_unit": "inside quotation marks",
    "app_number": 1,
    "app_state": "cell_state",
    "app_series": "co2",
    "app_season": 0,
    "app_horizon": 24,
    "app_series_view": FORECAST,
    "app_column": "",
    "app_group": "",
    "app_decimal": "",
    "app_order": "",
    "app_dates": "",
    "app_missing": "",
    "app_gaps": "",
    "app_doubles": "",
    "app_encoding": "",
    "app_separator": "",
    "app_skip": "",
    "app_headings": "",
    "app_sheet": "",
}
"""The page's controls by their keys, with what they stand at to begin with."""

SHAPES = {
    "one to many": mark("one to many"),
    "many to one": mark("many to one"),
    "in step": mark("many to many, in step"),
    "one after the other": mark("many to many, first all in, then all out"),
}
"""How inputs and outputs stand to each other, by code."""
WHY = {
    "one to many": mark("One thing goes in, then each output is the next step's input."),
    "many to one": mark(
        "The whole sequence is read; the output is computed from the last hidden state."
    ),
    "in step": mark("Every step reads an input and gives an output: as many out as in."),
    "one after the other": mark(
        "One network reads to the end; a second one starts from its last state and writes. The "
        "lengths need not agree."
    ),
}


@dataclass(frozen=True)
class Application:
    """One application.

    Attributes:
        name: as the lecture calls it.
        shape: code in ``SHAPES``.
        also: another shape that is as common for it, or "".
        goes_in: what one input is.
        comes_out: what one output is.
        network: what it was built of when LSTMs were the rule.
        today: one sentence on where today's systems stand.
        reads: inputs of the drawing, parted by " | ".
        writes: its outputs.
    """

    name: str
    shape: str
    also: str
    goes_in: str
    comes_out: str
    network: str
    today: str
    reads: str
    writes: str


APPLICATIONS = {
    "speech recognition": Application(
        mark("Speech recognition"),
        "in step",
        "one after the other",
        mark("a frame of sound of some 10 ms, as its loudness in each band of frequencies"),
        mark("a letter, or “nothing new”, for each frame; repeated letters are then merged (CTC)"),
        mark(
            "a deep bidirectional LSTM, or one network that reads and one that writes, with attention"
        ),
        mark(
            "Transformers and their mix with convolutions lead; recurrent transducers still run on phones, where speech must be read as it comes."
        ),
        mark("sound 1 | sound 2 | sound 3 | sound 4"),
        mark("h | – | e | y"),
    ),
    "speech synthesis": Application(
        mark("Speech synthesis"),
        "one after the other",
        "",
        mark("a letter or a phoneme"),
        mark("a frame of sound, of which there are many more than letters"),
        mark(
            "an LSTM that reads, one that writes frames, attention between them (Tacotron 2), and a network that turns frames into a wave"
        ),
        mark(
            "Most systems today write all frames at once, or let a large Transformer write codes of sound; recurrent ones are slower, for each frame waits for the last."
        ),
        mark("h | e | y"),
        mark("sound 1 | sound 2 | sound 3"),
    ),
    "text generation": Application(
        mark("Text generation"),
        "one to many",
        "",
        mark("a start, then the character or word that was written last"),
        mark(
            "the probability of every character or word that could come next, from which one is drawn"
        ),
        mark(
            "an LSTM over characters or words with a softmax on top: see the panel “Text generation”"
        ),
        mark(
            "Large Transformers write far better; they too draw from a softmax with a temperature."
        ),
        mark("start"),
        mark("I | t | space | i"),
    ),
    "video captioning": Application(
        mark("Video captioning"),
        "one after the other",
        "",
        mark("a frame of a film, as a convolutional network's features"),
        mark("a word"),
        mark("one LSTM that reads frames and then writes words (Venugopalan et al., 2015)"),
        mark("Large models that take frames and words as one sequence have replaced it."),
        mark("frame 1 | frame 2 | frame 3"),
        mark("a | dog | runs"),
    ),
    "time series analysis": Application(
        mark("Time series analysis"),
        "many to one",
        "in step",
        mark("a measured value, or several measured at the same time"),
        mark("the next value, or a class of the whole series"),
        mark("one or two LSTM layers over a window of the past: see the panel “Forecasting”"),
        mark(
            "On single short series simple statistics are hard to beat; LSTMs win as parts of models trained on many series at once (Smyl's winner of the M4 competition, 2018)."
        ),
        mark("January | February | March | April"),
        mark("May"),
    ),
    "named entity recognition": Application(
        mark("Named entity recognition"),
        "in step",
        "",
        mark("a word"),
        mark("a label for the same word: person, place, organisation, or none"),
        mark(
            "a bidirectional LSTM, for what comes after a name helps too, often with a CRF on top (Lample et al., 2016)"
        ),
        mark(
            "Finetuned Transformers are some points better; a Bi-LSTM still serves where it must be small and quick."
        ),
        mark("Ada | lives | in | London"),
        mark("person | none | none | place"),
    ),
    "video activity recognition": Application(
        mark("Video activity recognition"),
        "many to one",
        "",
        mark("a frame of a film, as a convolutional network's features"),
        mark("one activity for the whole film"),
        mark("an LSTM over the features of the frames (LRCN, Donahue et al., 2015)"),
        mark(
            "Convolutions over space and time, and Transformers over patches of film, have taken over."
        ),
        mark("frame 1 | frame 2 | frame 3 | frame 4"),
        mark("swimming"),
    ),
    "image captioning": Application(
        mark("Image captioning"),
        "one to many",
        "",
        mark("one picture, as a convolutional network's features"),
        mark("a word, which is the next step's input"),
        mark(
            "a convolutional network whose features are the first input of an LSTM (Vinyals et al., 2015), later with attention on parts of the picture"
        ),
        mark(
            "Large models of pictures and text do this today, and answer questions on the picture as well."
        ),
        mark("picture"),
        mark("a | cat | on | a sofa"),
    ),
    "machine translation": Application(
        mark("Machine translation"),
        "one after the other",
        "",
        mark("a word of one language"),
        mark("a word of the other language"),
        mark(
            "two deep LSTMs, one reads, one writes (Sutskever et al., 2014), soon with attention (Bahdanau et al., 2015)"
        ),
        mark("The Transformer was made for this in 2017 and replaced the LSTM within two years."),
        mark("she | is | reading"),
        mark("elle | lit | end"),
    ),
    "music generation": Application(
        mark("Music generation"),
        "one to many",
        "",
        mark("a start, then the note or chord that was written last"),
        mark("the next note or chord with its length"),
        mark("an LSTM over notes with a softmax on top (Eck and Schmidhuber, 2002)"),
        mark(
            "Transformers over notes and diffusion over sound keep a theme for minutes, which an LSTM loses."
        ),
        mark("start"),
        mark("C | E | G | C′"),
    ),
}
"""The lecture's ten, in its order, by code."""


def which_shape(application: Application) -> Question:
    """Ask for the shape of an application, computed from its entry."""
    right = {application.shape, application.also}
    feedback = tuple(
        f"{say(SHAPES[code])}: {say(WHY[code])}"
        if code in right
        else say(
            "{shape} would mean: {why}",
            shape=say(SHAPES[code]),
            why=say(WHY[code]),
        )
        for code in SHAPES
    )
    return Question(
        say("{name}: which shape is it?", name=say(application.name)),
        tuple(say(title) for title in SHAPES.values()),
        tuple(place for place, code in enumerate(SHAPES) if code in right),
        feedback,
    )


def shape_sentence(application: Application) -> str:
    """Say what the shape of an application means."""
    return say(WHY[application.shape])


def in_words(application: Application) -> str:
    """Describe an application, a paragraph each for what goes in, comes out, the network, today."""
    return "\n\n".join(
        (
            say("**Goes in:** {what}.", what=say(application.goes_in)),
            say("**Comes out:** {what}.", what=say(application.comes_out)),
            say("**Built of:** {what}.", what=say(application.network)),
            say("**Today:** {sentence}", sentence=say(application.today)),
        )
    )


def tokens(listed: str) -> list[str]:
    """Cut a drawing's inputs or outputs apart, in the language that is spoken."""
    return [token.strip() for token in say(listed).split("|")]


def overview() -> dict[str, list[str]]:
    """Tabulate all ten: name and shape."""
    return {
        say("application"): [say(one.name) for one in APPLICATIONS.values()],
        say("shape"): [
            say(SHAPES[one.shape]) + (f" / {say(SHAPES[one.also])}" if one.also else "")
            for one in APPLICATIONS.values()
        ],
    }


# ---- Text, one character at a time --------------------------------------------------------------

BEGINNINGS = {
    mark("Somebody speaks"): START["app_start"],
    mark("The first sentence"): "It is a truth universally acknowledged, that",
    mark("A chapter begins"): "Chapter 62\n\n\n",
    mark("Not of its time"): "I opened my laptop and",
}
"""What the network can be given to go on from, by name."""
PRESETS: dict[str, Preset[Any]] = by_name(
    Preset(name, {"app_start": text}) for name, text in BEGINNINGS.items()
)
CLOSELY = 0.7
IN_PART = 0.4
OTHER = "another"
STATES = {"cell_state": "c", "hidden_state": "h"}

_FEATURE_NAMES = {
    "inside quotation marks": mark("inside quotation marks"),
    "place in the line": mark("place in the line"),
    "place in the word": mark("place in the word"),
    "place in the sentence": mark("place in the sentence"),
    "vowel": mark("vowel"),
    "capital letter": mark("capital letter"),
    "space or line break": mark("space or line break"),
    "punctuation mark": mark("punctuation mark"),
}


@cache
def characters_measured() -> dict[str, Any]:
    """Read what the training command measured of the character network."""
    read: dict[str, Any] = json.loads(character_training.RESULTS.read_text(encoding="utf-8"))
    return read


@dataclass(frozen=True)
class Coloured:
    """The state of one unit that colours a text.

    Attributes:
        state: ``cell_state`` or ``hidden_state``.
        unit: from 0.
        feature: what it was measured to follow, a key of ``FEATURES``; "" if it was not.
        held_out: Pearson's correlation with it on chapters that decided nothing.
    """

    state: str
    unit: int
    feature: str = ""
    held_out: float = 0.0

    @property
    def name(self) -> str:
        """The state and the unit's number, from 1."""
        return say("{state} of unit {number}", state=STATES[self.state], number=self.unit + 1)


@dataclass(frozen=True)
class Written:
    """A text, and what wrote it.

    Attributes:
        network: the one that wrote it.
        writing: the text.
        temperature: T of its draws.
    """

    network: CharacterNetwork
    writing: Writing
    temperature: float


@dataclass(frozen=True)
class Shown:
    """What is on the screen.

    Attributes:
        application: the chosen one of the ten.
        written: the text.
        tested: how the forecasts did on the series' own past; None if it is too short.
        flat: whether the series never changes, so that there is nothing to forecast.
    """

    application: Application
    written: Written
    tested: Backtest | None
    flat: bool = False


def as_opened(start: str, length: int, temperature: float, seed: int) -> bool:
    """Say whether a text is one that a preset gives, with all else as when the page was opened."""
    opened = START["app_length"], START["app_temperature"], START["app_seed"]
    return start in BEGINNINGS.values() and (length, temperature, seed) == opened


@cache
def followers() -> dict[str, Coloured]:
    """The measured states by the feature that each follows, the closest first."""
    rows = sorted(characters_measured()["followers"], key=lambda row: -abs(row["held_out"]))
    return {
        row["feature"]: Coloured(row["state"], row["unit"], row["feature"], row["held_out"])
        for row in rows
    }


def choice_name(code: str) -> str:
    """Name a choice of what colours the text."""
    if code == OTHER:
        return say("any other unit, by its number")
    one = followers()[code]
    return say(
        "{feature}: {unit}, r = {r:.2f}", feature=feature_name(code), unit=one.name, r=one.held_out
    )


def feature_name(feature: str) -> str:
    """Name a feature in the language that is spoken."""
    return say(_FEATURE_NAMES[feature])


def shown_values(writing: Writing, coloured: Coloured) -> Array:
    """Bring a unit's values to -1 to 1, (time,), by where they lay on the development chapters."""
    lay = characters_measured()["states"][coloured.state]
    middle, reach = lay["middle"][coloured.unit], lay["reach"][coloured.unit]
    values = getattr(writing, coloured.state)[:, coloured.unit].astype(np.float64)
    return np.asarray(np.clip((values - middle) / max(reach, 1e-6), -1.0, 1.0))


def follows_sentence(writing: Writing, coloured: Coloured) -> str:
    """Say what a unit follows: as measured on the held-out chapters, and in this text."""
    if not coloured.feature:
        return say(
            "{unit}: nothing was measured of it. What it seems to follow here may be chance.",
            unit=coloured.name,
        )
    size = abs(coloured.held_out)
    feature = feature_name(coloured.feature)
    values = getattr(writing, coloured.state)[:, [coloured.unit]]
    truth = FEATURES[coloured.feature](writing.start + writing.text)
    above = say("In this text it does not change.")
    if truth.min() < truth.max():
        here = float(correlations(truth, values)[0])
        above = say("In this text: {here:.2f}.", here=here)
    numbers = {"unit": coloured.name, "feature": feature, "r": coloured.held_out, "above": above}
    if size >= CLOSELY:
        return say(
            "**{unit}** follows “{feature}” closely, r = {r:.2f} on held-out chapters. {above}",
            **numbers,
        )
    if size >= IN_PART:
        return say(
            "**{unit}** follows “{feature}” in part, r = {r:.2f} on held-out chapters; no unit is "
            "closer. {above}",
            **numbers,
        )
    return say(
        "**{unit}**: no single unit follows “{feature}”; this one is nearest, r = {r:.2f} on "
        "held-out chapters. {above}",
        **numbers,
    )


def unknown_sentence(network: CharacterNetwork, text: str) -> str:
    """Name the characters that the network does not know; "" if it knows all."""
    strange = sorted({text[place] for place in np.flatnonzero(network.ids(text) == UNKNOWN)})
    if not strange:
        return ""
    listed = " ".join(plain(character) for character in strange[:20])
    return plural(
        "The book has no {listed}: the network reads it as a step without an input.",
        "The book has none of {listed}: the network reads each as a step without an input.",
        len(strange),
        listed=listed,
    )


def temperature_formula(network: CharacterNetwork, writing: Writing, temperature: float) -> str:
    """Write softmax(z / T) with the numbers of the likeliest next character."""
    place = int(np.argmax(writing.logits))
    shares = [float(probabilities(writing.logits, t)[place]) for t in (1.0, temperature)]
    symbol = _latex_character(network.vocabulary[place])
    return (
        r"\begin{gathered} p(k) = \frac{e^{z_k / T}}{\sum_j e^{z_j / T}} \\[4pt] "
        rf"k = {symbol}, \quad z_k = {latex_decimal(writing.logits[place], '.2f')} \\ "
        rf"T = 1: \; p(k) = {latex_decimal(shares[0], '.3f')} \\ "
        rf"T = {latex_decimal(temperature, '.2f')}: \; p(k) = {latex_decimal(shares[1], '.3f')} "
        r"\end{gathered}"
    )


def latex_decimal(value: float, spec: str) -> str:
    """Write a number for LaTeX, where a decimal comma would be followed by a space."""
    return decimal(value, spec).replace(",", "{,}")


def _latex_character(character: str) -> str:
    named = {" ": say("space"), "\n": say("new line"), '"': "”", "'": "’"}
    return rf"\text{{{named.get(character, character)}}}"


def temperature_sentence(writing: Writing, temperature: float) -> str:
    """Say how undecided the network is about the next character, before and after."""
    before = entropy(probabilities(writing.logits))
    after = entropy(probabilities(writing.logits, temperature))
    numbers = {"before": before, "after": after, "t": temperature, "as_many": 2.0**after}
    if temperature < 1.0:
        return say(
            "**T = {t:.2f} sharpens**: from {before:.2f} to {after:.2f} bits, as if {as_many:.1f} "
            "characters were equally likely.",
            **numbers,
        )
    if temperature > 1.0:
        return say(
            "**T = {t:.2f} flattens**: from {before:.2f} to {after:.2f} bits, as if {as_many:.1f} "
            "characters were equally likely.",
            **numbers,
        )
    return say(
        "T = 1 leaves the network's own probabilities: {before:.2f} bits, as if {as_many:.1f} "
        "characters were equally likely.",
        **numbers,
    )


ABOUT_TEMPERATURE = mark(
    "The temperature divides the logits before the softmax. Towards 0 the likeliest character always "
    "wins, and the text soon repeats itself. Above 1 the order of the bars stays, but rare characters "
    "are drawn more often, and spelling breaks."
)
ABOUT_BARS = mark(
    "Dotted: what was given. The bar beneath a character is the unit's value after reading it: indigo "
    "and upwards above the middle of its values on the development chapters, red and downwards below. "
    "A full bar is their 95th or 5th percentile. ⏎ is a line break; a character in a box is one that "
    "the network does not know."
)


def characters_sentence() -> str:
    """Say how good the character network is, against counting."""
    measured = characters_measured()
    own = measured["bits_per_character"]["held_out"]
    best, trigram = measured["counts"]["best"], measured["counts"]["trigram"]
    numbers = {
        "parameters": measured["parameters"],
        "units": measured["recipe"]["units"],
        "own": own,
        "order": best["order"] - 1,
        "best": best["held_out"],
        "trigram": trigram["held_out"],
        "size": measured["characters"]["held_out"],
    }
    if own < best["held_out"]:
        return say(
            "One LSTM of {units} units, {parameters:,} parameters, trained on the first 48 chapters "
            "of Jane Austen's *Pride and Prejudice*. On the last six, which took no part in "
            "training or choosing ({size:,} characters), it needs **{own:.3f} bits** a character. Counting what followed the last {order} "
            "characters needs {best:.3f}, the last two {trigram:.3f}.",
            **numbers,
        )
    return say(
        "One LSTM of {units} units, {parameters:,} parameters, trained on the first 48 chapters of "
        "Jane Austen's *Pride and Prejudice*. On the last six, which took no part in "
        "training or choosing ({size:,} characters), it needs {own:.3f} bits a character; **counting what followed the last {order} "
        "characters is better at that, with {best:.3f}**; the last two alone need {trigram:.3f}.",
        **numbers,
    )


def text_programs(start: str, length: int, temperature: float, seed: int) -> Programs:
    """Write what gives the next character's probabilities, and with lstm_core the same text."""
    return programs(
        "applications", "text", start=start, length=length, temperature=temperature, seed=seed
    )


# ---- A series of numbers ------------------------------------------------------------------------

OWN = "own"
WALK = "walk"
SERIES = {
    "co2": mark("Carbon dioxide at Mauna Loa, monthly, 1964 to 2001"),
    "elnino": mark("Sea surface temperature off Peru, monthly, 1950 to 2010"),
    "sunspots": mark("Sunspots, yearly, 1700 to 2008"),
    "nile": mark("Flow of the Nile, yearly, 1871 to 1970"),
    WALK: mark("A random walk, which nobody can forecast"),
    OWN: mark("A series of your own"),
}
UNITS = {
    "co2": mark("carbon dioxide, ppm"),
    "elnino": mark("temperature, °C"),
    "sunspots": mark("sunspots"),
    "nile": mark("flow, 10⁸ m³"),
    WALK: mark("value"),
}
"""What the numbers of a series are."""
METHOD_NAMES = {
    "network": mark("network"),
    "naive": mark("naive: the last value again"),
    "seasonal naive": mark("seasonal naive: the last season again"),
}


@cache
def series(name: str) -> Array:
    """Return a built-in series; the random walk is 300 steps of seed 1."""
    if name == WALK:
        return np.asarray(np.cumsum(np.random.default_rng(1).standard_normal(300)))
    return forecaster_training.shipped_series(name)


@cache
def dated_series(name: str) -> Series:
    """Return a built-in series with its dates; a random walk has none."""
    if name == WALK:
        return Series(series(name), 0)
    content = (forecaster_training.SERIES / f"{name}.csv").read_bytes()
    return column(read_table(content, SeriesOptions(decimal=POINT)), 1)


# ---- A series of the visitor's own --------------------------------------------------------------

FILES = [*KINDS, "ndjson", "tab", "xlsm", "gz"]
"""Endings of files that are read."""
PASTED = "series.csv"
"""What a pasted table is called, in programs too."""
LONGEST_PASTE = 1_000_000
DECIMALS = {POINT: mark("a point: 3.5"), COMMA: mark("a comma: 3,5")}
ORDERS = {
    DAY_FIRST: mark("day first: 1/2 is 1 February"),
    MONTH_FIRST: mark("month first: 1/2 is 2 January"),
    YEAR_FIRST: mark("year first: 24-1-2 is 2 January 2024"),
}
GAPS = {"fill": mark("filled along a straight line"), "keep": mark("rows as they follow")}
FOR_MISSING = mark("Counts as missing")
SAYS_FILLED = {"filled", "gaps"}
"""Assumptions that say already what was filled."""
NO_DATES = "none"
IN_SIGHT = {
    "decimal": "app_decimal",
    "date order": "app_order",
    "series": "app_group",
    "separator": "app_separator",
}
"""What may have two likely readings, and the control that chooses one."""
OF_THE_FILE = ("app_column", "app_group", "app_dates", "app_sheet")
"""Controls that stand at a name of the file; another file has other names."""
ABOUT_A_TABLE = mark(
    "Comma, semicolon or tab between the cells, decimal point or comma, dates in the usual forms: "
    "the app finds out, and says what it assumed. “More” has a control for each."
)
NOTHING_YET = mark("Paste numbers or a table, or upload a file. Then its forecast is drawn here.")
LEFT_OPEN = mark("First answer the question beside this. Then the forecast is drawn.")


@dataclass(frozen=True)
class Own:
    """What was read of the visitor's own table.

    Attributes:
        file: its name.
        table: None if it cannot be read at all.
        place: of the chosen column.
        series: the column's numbers; None if it has none.
        problem: why there is no series, as a message; empty if there is one.
        options: what the visitor decided.
        helps: the control that may solve the problem; empty if none does.
    """

    file: str
    table: Table | None
    place: int
    series: Series | None
    problem: str
    options: SeriesOptions
    helps: str = ""

    @property
    def assumptions(self) -> Sequence[Assumption]:
        """What was assumed, as far as the reader came."""
        if self.series is not None:
            return self.series.assumptions
        return self.table.assumptions if self.table is not None else ()

    @property
    def questions(self) -> list[Assumption]:
        """What has two likely readings, so that the visitor has to choose."""
        return self.series.questions if self.series is not None else []

    @property
    def columns(self) -> list[str]:
        """The names of the columns, the likeliest series first."""
        if self.table is None:
            return []
        likely = numeric_columns(self.table)
        others = [place for place in range(len(self.table.columns)) if place not in likely]
        return [self.table.columns[place] for place in (*likely, *others)]

    @property
    def names(self) -> list[str]:
        """The names of the series that stand below each other, if there are several."""
        answers = [one.value for one in self.assumptions if one.name == "series"]
        return list(answers[0]["names"]) if answers else []

    @property
    def title(self) -> str:
        """What the series is called: its column, its name among several, its file."""
        parts = [self.table.columns[self.place]] if self.table is not None else []
        answer = next((one.value for one in self.assumptions if one.name == "series"), None)
        return " · ".join([*parts, *([str(answer["taken"])] if answer else []), self.file])


def read_own(content: str | bytes, file: str, options: SeriesOptions, wanted: str) -> Own:
    """Read the visitor's own table; what is wrong with it is kept as a message.

    Args:
        content: of the file, or what was pasted.
        file: its name.
        options: what the visitor decided.
        wanted: the column; the likeliest one if it is empty.
    """
    table, place = None, 0
    try:
        table = read_table(content, options, file)
        place = place_of(table, wanted) if wanted else likeliest(table)
        return Own(file, table, place, column(table, place), "", options)
    except ValueError as error:
        option = getattr(error, "option", "")
        helps = "app_missing" if option == "--missing" else ""
        return Own(file, table, place, None, error.args[0], options, helps)


def found(own: Own | None, name: str) -> str:
    """Return what the reader found of something; empty if it did not look for it."""
    every = own.assumptions if own is not None else ()
    value = next((one.value for one in every if one.name == name), "")
    return ", ".join(value) if isinstance(value, list) else str(value)


def question(own: Own, name: str) -> str:
    """Ask in Markdown what has two likely readings."""
    example = own.table.asked.get(own.place, "") if own.table is not None else ""
    return plain(
        {
            "decimal": say("Is {example} about one, or about a thousand?", example=example),
            "date order": (
                say("In dates such as 24-01-02, is 24 the year or the day?")
                if found(own, "date order") == YEAR_FIRST
                else say("Is 1/2 in January or in February?")
            ),
            "series": say("Several series stand below each other. Which one?"),
            "separator": say("Is the comma a decimal sign, or does it stand between two columns?"),
        }[name]
    )


def series_options(layout: Options, values: Mapping[str, Any]) -> SeriesOptions:
    """Join what was decided of the file and of its column, by the controls' values.

    Raises:
        ValueError: with a sentence, if the codes for "missing" are no numbers.
    """
    missing = str(values["app_missing"]).strip()
    return SeriesOptions(
        **vars(layout),
        decimal=values["app_decimal"] or None,
        order=values["app_order"] or None,
        missing=missing_codes(missing) if missing else None,
        gaps=values["app_gaps"] or None,
        doubles=values["app_doubles"] or None,
        dates=values["app_dates"] or None,
        series=values["app_group"] or None,
    )


def own_programs(own: Own, season: int, horizon: int) -> Programs:
    """Write what reads the visitor's file as the page does, and makes the same forecast."""
    options = {name: value for name, value in vars(own.options).items() if value is not None}
    column_name = own.table.columns[own.place] if own.table is not None else ""
    return programs(
        "applications",
        "series",
        series=OWN,
        file=own.file,
        column=column_name,
        options=options,
        season=season,
        horizon=horizon,
    )


def is_flat(values: Array) -> bool:
    """Whether a series, (time,), never changes, so that there is nothing to forecast."""
    return float(np.ptp(values)) == 0.0


def source(name: str) -> str:
    """Say where a built-in series is from."""
    return {
        "co2": say(
            "Means of weekly values in ppm: Keeling and Whorf, Scripps Institution of Oceanography and Oak Ridge National Laboratory; public domain."
        ),
        "elnino": say(
            "Niño 1+2 in °C: National Oceanic and Atmospheric Administration; public domain."
        ),
        "sunspots": say("National Geophysical Data Center; public domain."),
        "nile": say("At Aswan, in 10⁸ m³: Cobb, 1978; public domain."),
        WALK: say("Each value is the last one plus a normally distributed step."),
    }.get(name, "")


@cache
def forecaster_measured() -> dict[str, Any]:
    """Read what the training command measured of the forecaster."""
    read: dict[str, Any] = json.loads(forecaster_training.RESULTS.read_text(encoding="utf-8"))
    return read


def spare_range() -> Array:
    """Errors, in scales, by horizon, measured on development series; for a series too short."""
    return np.array(forecaster_measured()["range"]["scales"])


def forecaster_sentence() -> str:
    """Say what the forecaster learned from, and how good it is on series made by the same rules."""
    measured = forecaster_measured()
    mase = measured["made"]["mase"]
    return say(
        "One LSTM of {units} units, {parameters:,} parameters, trained on {series:,} series made by "
        "rule: no real series was learned from. On {windows:,} held-out windows of such series, {horizon} "
        "steps ahead, its mean absolute scaled error is **{network:.2f}**; naive {naive:.2f}, seasonal "
        "naive {seasonal:.2f}.",
        units=measured["recipe"]["units"],
        parameters=measured["parameters"],
        series=measured["recipe"]["updates"] * measured["recipe"]["batch"],
        windows=measured["made"]["windows"],
        horizon=measured["made"]["horizon"],
        network=mase["network"],
        naive=mase["naive"],
        seasonal=mase["seasonal naive"],
    )


def verdict(tested: Backtest | None, season: int, horizon: int) -> str:
    """Say honestly which method was best on the second half of this series; Markdown.

    Without a season, 1, there are two methods: the last season is then the last value.
    """
    if tested is None:
        return say(
            "The series is too short for a test on its own past: nobody knows whether the network or "
            "a naive forecast is better here."
        )
    mase = tested.mase
    others = say("naive {naive:.2f}", naive=mase["naive"])
    if season > 1:
        others += say(", seasonal naive {seasonal:.2f}", seasonal=mase["seasonal naive"])
    numbers = {
        "horizon": horizon,
        "network": mase["network"],
        "naive": mase["naive"],
        "seasonal": mase["seasonal naive"],
        "others": others,
    }
    if tested.best == "network" and not tested.clear:
        return say(
            "On its second half, {horizon} steps ahead, the network's MASE was the smallest "
            "({network:.2f}; {others}), but **that may be chance**. Take the simpler forecast.",
            **numbers,
        )
    if tested.best == "network":
        return say(
            "On its second half, {horizon} steps ahead, the **network was best**: MASE {network:.2f}, "
            "{others}.",
            **numbers,
        )
    if tested.best == "naive" or season == 1:
        return say(
            "On its second half, {horizon} steps ahead, **saying the last value again was best**: MASE "
            "{naive:.2f}, the network {network:.2f}. Take the naive forecast.",
            **numbers,
        )
    return say(
        "On its second half, {horizon} steps ahead, **repeating the last season was best**: MASE "
        "{seasonal:.2f}, the network {network:.2f}. Take the seasonal naive forecast.",
        **numbers,
    )


def about_the_test(tested: Backtest | None) -> str:
    """Say in Markdown how the methods were tested."""
    if tested is None:
        return ""
    return plural(
        "Each method forecasts from {count} place in the second half of the series, and knows only what "
        "came before.",
        "Each method forecasts from {count} places in the second half of the series, and knows only "
        "what came before. The windows overlap; a difference within two standard errors may be chance.",
        len(tested.origins),
    )


def range_sentence(ahead: Forecast) -> str:
    """Say where the range comes from, and how often one measured earlier held later."""
    share = forecaster_measured()["range"]["share"]
    if ahead.covered is None:
        return say(
            "The range held {share:.0%} of the errors on series made by rule; this series is too short "
            "to measure one of its own.",
            share=share,
        )
    return say(
        "The range holds {share:.0%} of the network's errors in {windows} windows of this series, none "
        "of which it learned from. Measured on the earlier half of them, it held {covered:.0%} of the "
        "later ones.",
        share=share,
        windows=ahead.measured,
        covered=ahead.covered,
    )


def methods(season: int) -> dict[str, str]:
    """Return the methods with their names; without a season, 1, there is no seasonal one."""
    return {
        name: title
        for name, title in METHOD_NAMES.items()
        if season > 1 or name != "seasonal naive"
    }


def rows(tested: Backtest | None, season: int) -> dict[str, list[str]]:
    """Tabulate the methods with their scaled errors in the backtest."""
    mase = tested.mase if tested is not None else {}
    return {
        say("forecast"): [say(title) for title in methods(season).values()],
        say("mean absolute scaled error"): [
            decimal(mase[name], ".3f") if name in mase else "–" for name in methods(season)
        ],
    }


def error_formula(tested: Backtest | None, season: int, scale: float) -> str:
    """Write the scaled error with this series' numbers."""
    mean = rf"\text{{{say('mean of')}}}\;"
    formula = (
        r"\begin{gathered} \mathrm{MASE} = \frac{"
        + mean
        + r"|y_{t+k} - \hat y_{t+k}|}{s} \\[4pt] s = "
        + mean
        + rf"|y_t - y_{{t-m}}| = {_latex_number(scale)} \\ m = {season}"
    )
    if tested is not None:
        formula += rf" \\ \text{{{say('network')}}}: {latex_decimal(tested.mase['network'], '.3f')}"
    return formula + r" \end{gathered}"


def _latex_number(value: float) -> str:
    mantissa, _, exponent = latex_decimal(value, ".4g").partition("e")
    return rf"{mantissa} \cdot 10^{{{int(exponent.replace('−', '-'))}}}" if exponent else mantissa


def who_was_best(tested: Backtest) -> Question:
    """Ask which forecast had the smallest error at one step ahead, on the numbers of the backtest."""
    first = {name: float(error[:, 0].mean()) for name, error in tested.errors.items()}
    best = min(first.values())
    return Question(
        say("In the panel “Forecasting”, one step ahead: which forecast had the smallest error?"),
        tuple(say(METHOD_NAMES[name]) for name in first),
        tuple(place for place, error in enumerate(first.values()) if error == best),
        tuple(
            say("{name}: {error:.3f} one step ahead.", name=say(METHOD_NAMES[name]), error=error)
            for name, error in first.items()
        ),
    )


def series_programs(name: str, season: int, horizon: int) -> Programs:
    """Write what makes the same forecast of a built-in series."""
    return programs("applications", "series", series=name, season=season, horizon=horizon)


def filled_note(count: int) -> str:
    """Say that numbers were filled."""
    return plural(
        "{count} missing number was filled along a straight line.",
        "{count} missing numbers were filled along a straight line.",
        count,
    )


def too_long(typed: int, longest: int, count: int) -> str:
    """Say that a season does not fit into a series."""
    return say(
        "{count} values hold no season of {typed}, {longest} at most. The app finds the season instead.",
        count=count,
        typed=typed,
        longest=longest,
    )


def found_sentence(season: int) -> str:
    """Say which season was found."""
    if season == 1:
        return say("Found by autocorrelation: no season.")
    return say("Found by autocorrelation: {season} steps.", season=season)
