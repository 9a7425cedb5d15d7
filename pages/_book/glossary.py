"""The field's words, each with what it means, its formula and where it comes from.

``linked`` turns the first mention of each in a text into a link to its entry.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pages._book.language import mark, say, spoken


@dataclass(frozen=True)
class Term:
    """One word of the field.

    Attributes:
        key: its place in the address, such as "forget-gate".
        names: what it is called in running text, forms parted by "|", the first one as its
            heading; marked for translation, as is ``meaning``.
        meaning: in one or two sentences.
        formula: LaTeX, or "".
        source: who wrote of it first, and the equation's number where it has one.
        chapter: the address of the page that shows it, or "".
    """

    key: str
    names: str
    meaning: str
    formula: str = ""
    source: str = ""
    chapter: str = ""

    @property
    def title(self) -> str:
        """Its name as a heading, in the language that is spoken."""
        return say(self.names).split("|")[0]


TERMS = (
    Term(
        "rnn",
        mark("recurrent network|recurrent networks|recurrent neural network|RNN|RNNs"),
        mark(
            "A network that reads a sequence step by step with the same weights, and hands its state from each step to the next."
        ),
        r"h_t = \tanh(x_t W + h_{t-1} R + b)",
        "Elman 1990",
        "recurrence",
    ),
    Term(
        "lstm",
        mark("LSTM|LSTMs|long short-term memory"),
        mark(
            "A recurrent cell with two states. Gates set what share of its cell state is kept and what is written to it; nothing squashes the cell state on its way to the next step."
        ),
        r"c_t = f_t \odot c_{t-1} + i_t \odot g_t",
        "Hochreiter & Schmidhuber 1997; Gers, Schmidhuber & Cummins 2000",
        "cell",
    ),
    Term(
        "gru",
        mark("GRU|GRUs|gated recurrent unit"),
        mark(
            "A recurrent cell with two gates and one state. In this app z keeps the old state, as in Keras; the paper has it both ways round."
        ),
        r"h_t = z_t \odot h_{t-1} + (1 - z_t) \odot \tilde h_t",
        "Cho et al. 2014",
        "variants",
    ),
    Term(
        "cell-state",
        mark("cell state|cell states"),
        mark(
            "What an LSTM carries from step to step beside its output. It is not bounded: writing can add up."
        ),
        r"c_t = f_t \odot c_{t-1} + i_t \odot g_t",
        "Hochreiter & Schmidhuber 1997",
        "cell",
    ),
    Term(
        "hidden-state",
        mark("hidden state|hidden states"),
        mark(
            "What a recurrent cell hands to the next step and to the layer above. In an LSTM it is the output gate times tanh of the cell state, and so lies between −1 and 1."
        ),
        r"h_t = o_t \odot \tanh(c_t)",
        "Hochreiter & Schmidhuber 1997",
        "cell",
    ),
    Term(
        "gate",
        mark("gate|gates"),
        mark(
            "Numbers between 0 and 1, one for each unit: what share of something passes. They are computed from the input and the previous hidden state."
        ),
        r"\sigma(x_t W + h_{t-1} R + b)",
        "Hochreiter & Schmidhuber 1997",
        "cell",
    ),
    Term(
        "forget-gate",
        mark("forget gate|forget gates"),
        mark("What share of the old cell state is kept: 1 keeps all of it, 0 forgets it."),
        r"f_t = \sigma(x_t W_f + h_{t-1} R_f + b_f)",
        "Gers, Schmidhuber & Cummins 2000",
        "cell",
    ),
    Term(
        "input-gate",
        mark("input gate|input gates"),
        mark("What share of the candidate is written into the cell state."),
        r"i_t = \sigma(x_t W_i + h_{t-1} R_i + b_i)",
        "Hochreiter & Schmidhuber 1997",
        "cell",
    ),
    Term(
        "output-gate",
        mark("output gate|output gates"),
        mark("What share of the squashed cell state is shown as the hidden state."),
        r"o_t = \sigma(x_t W_o + h_{t-1} R_o + b_o)",
        "Hochreiter & Schmidhuber 1997",
        "cell",
    ),
    Term(
        "candidate",
        mark("candidate|candidates"),
        mark("What could be written into the cell state at this step, between −1 and 1."),
        r"g_t = \tanh(x_t W_g + h_{t-1} R_g + b_g)",
        "Hochreiter & Schmidhuber 1997",
        "cell",
    ),
    Term(
        "kernel",
        mark("input kernel|kernel|kernels"),
        mark(
            "The weights from the inputs to the pre-activations of all gates, side by side in the order input, forget, candidate, output."
        ),
        r"W = [W_i, W_f, W_g, W_o] \in \mathbb{R}^{D \times 4H}",
        "Keras",
        "cell",
    ),
    Term(
        "recurrent-kernel",
        mark("recurrent kernel|recurrent kernels"),
        mark(
            "The weights from the previous hidden state to the pre-activations; the ones that a gradient meets again at every step."
        ),
        r"R = [R_i, R_f, R_g, R_o] \in \mathbb{R}^{H \times 4H}, \quad R_{\mathrm{RNN}} \in \mathbb{R}^{H \times H}",
        "Keras",
        "gradients",
    ),
    Term(
        "pre-activation",
        mark("pre-activation|pre-activations"),
        mark("A sum of weights times inputs, plus bias, before anything squashes it."),
        r"a_t = x_t W + h_{t-1} R + b",
        "",
        "activations",
    ),
    Term(
        "activation",
        mark("activation function|activation functions"),
        mark("What brings a pre-activation into a range: tanh into (−1, 1), sigmoid into (0, 1)."),
        r"\tanh'(x) = 1 - \tanh^2(x) \le 1, \quad \sigma'(x) = \sigma(x)(1 - \sigma(x)) \le \tfrac14",
        "",
        "activations",
    ),
    Term(
        "saturated",
        mark("saturated|saturation|saturates"),
        mark(
            "Where an activation function is so flat that hardly anything of a gradient passes it."
        ),
        "",
        "",
        "activations",
    ),
    Term(
        "unit",
        mark("unit|units"),
        mark(
            "One entry of a state. The number of units is the width of a cell; it has nothing to do with the number of time steps."
        ),
        "",
        "",
        "cell",
    ),
    Term(
        "gradient",
        mark("gradient|gradients"),
        mark(
            "How much the loss changes with each weight or state; an update moves each weight against it."
        ),
        r"W \leftarrow W - \eta\, \partial L / \partial W",
        "",
        "gradients",
    ),
    Term(
        "loss",
        mark("loss|losses"),
        mark("How wrong a network is on its examples, as one number. Training makes it smaller."),
        r"L = \tfrac12 \sum_t (h_t - y_t)^2, \quad L = -\ln p",
        "",
        "gradients",
    ),
    Term(
        "learning-rate",
        mark("learning rate|learning rates"),
        mark("How long the step of an update is: the gradient is multiplied by it."),
        r"W \leftarrow W - \eta\, \partial L / \partial W",
        "",
        "gradients",
    ),
    Term(
        "epoch",
        mark("epoch|epochs"),
        mark("One pass of the training through all of its examples."),
        "",
        "",
        "report",
    ),
    Term(
        "bptt",
        mark("backpropagation through time|BPTT"),
        mark(
            "The chain rule along the unrolled network: from the last step to the first, the shares of all steps in the shared weights added up."
        ),
        r"\frac{\partial L}{\partial W} = \sum_t \frac{\partial L}{\partial a_t} \frac{\partial a_t}{\partial W}",
        "Werbos 1990",
        "bptt",
    ),
    Term(
        "vanishing",
        mark("vanishing gradient|vanishing gradients|vanishing"),
        mark(
            "A gradient that shrinks by a factor at each step back, until the first steps hardly change the weights."
        ),
        r"\left\| \frac{\partial h_T}{\partial h_k} \right\| \le (\gamma\, \sigma_{\max}(R))^{T-k}",
        "Hochreiter 1991; Bengio, Simard & Frasconi 1994; Pascanu, Mikolov & Bengio 2013",
        "gradients",
    ),
    Term(
        "exploding",
        mark("exploding gradient|exploding gradients|exploding"),
        mark(
            "A gradient that grows at each step back, until an update ruins the weights or a number overflows."
        ),
        "",
        "Pascanu, Mikolov & Bengio 2013",
        "gradients",
    ),
    Term(
        "spectral-radius",
        mark("spectral radius|spectral radii"),
        mark(
            "The largest absolute eigenvalue of a matrix: the rate of growth over many equal steps."
        ),
        r"\rho(A) = \max_i |\lambda_i|",
        "",
        "gradients",
    ),
    Term(
        "singular-value",
        mark("largest singular value|largest singular values"),
        mark(
            "The most that a matrix can stretch a vector in one step; never below the spectral radius."
        ),
        r"\sigma_{\max}(A) = \max_{\|v\|=1} \|Av\|",
        "",
        "gradients",
    ),
    Term(
        "jacobian",
        mark("Jacobian|Jacobians"),
        mark(
            "The matrix of all derivatives of one state by another; going back one step multiplies by it."
        ),
        r"\frac{\partial h_t}{\partial h_{t-1}} = \mathrm{diag}(\phi'(a_t))\, R^\top",
        "Pascanu, Mikolov & Bengio 2013",
        "gradients",
    ),
    Term(
        "clipping",
        mark("clipping|clip by norm|clip by value"),
        mark(
            "Shortening a gradient that is too long, before the step. By norm its direction stays, by value it does not. It does nothing against vanishing."
        ),
        r"g \leftarrow g \cdot \min(1, \tau / \|g\|)",
        "Pascanu, Mikolov & Bengio 2013",
        "remedies",
    ),
    Term(
        "truncation",
        mark("truncated BPTT|truncation|truncated backpropagation"),
        mark(
            "Going back over the last steps only. The state itself still carries over from the very first step."
        ),
        "",
        "Williams & Peng 1990",
        "remedies",
    ),
    Term(
        "penalty",
        mark("penalty|penalties"),
        mark("A term that is added to the loss, such as the sum of squared weights."),
        r"L + \lambda \|R\|^2",
        "",
        "remedies",
    ),
    Term(
        "initialisation",
        mark("initialisation|initialisations"),
        mark(
            "How weights are drawn before training; an orthogonal recurrent kernel neither stretches nor shrinks."
        ),
        r"R^\top R = I",
        "Saxe, McClelland & Ganguli 2013",
        "remedies",
    ),
    Term(
        "forget-bias",
        mark("forget bias"),
        mark("The bias of the forget gate; above 0 a new LSTM begins by keeping."),
        r"\text{half-life} = \ln \tfrac12 / \ln \sigma(b_f)",
        "Gers et al. 2000; Jozefowicz et al. 2015",
        "gradients",
    ),
    Term(
        "echo-state",
        mark("echo state network|echo state networks"),
        mark(
            "A recurrent network whose recurrence is drawn at random and never trained; only what reads its state is."
        ),
        "",
        "Jaeger 2001",
        "remedies",
    ),
    Term(
        "bidirectional",
        mark("bidirectional|Bi-LSTM|Bi-LSTMs"),
        mark(
            "Two cells read the same sequence, one from each end; their states are put side by side."
        ),
        r"[\overrightarrow{h}_t ; \overleftarrow{h}_t]",
        "Schuster & Paliwal 1997",
        "variants",
    ),
    Term(
        "peephole",
        mark("peephole|peepholes"),
        mark("A weight through which a gate also sees the cell state."),
        r"f_t = \sigma(\ldots + p_f \odot c_{t-1})",
        "Gers & Schmidhuber 2000",
        "variants",
    ),
    Term(
        "embedding",
        mark("word vector|word vectors|embedding"),
        mark("The numbers that stand for a word when a network reads it."),
        "",
        "",
        "reviews",
    ),
    Term(
        "logit",
        mark("logit|logits"),
        mark(
            "The number that a network computes before a sigmoid makes a probability of it: 0 is undecided, above 0 it is more likely positive. Explanations divide the logit among the words."
        ),
        r"p = \sigma(z)",
        "",
        "reviews",
    ),
    Term(
        "calibrated",
        mark("calibrated|calibration"),
        mark("As sure as it is right: of all texts that get 80%, 80% are positive."),
        r"p = \sigma(z / T + b)",
        "Platt 1999; Guo et al. 2017",
        "report",
    ),
    Term(
        "integrated-gradients",
        mark("integrated gradients|integrated gradient"),
        mark(
            "A share of the logit for each word. Its vector moves in small steps from an unknown word's to its own; the share is how far it moves, times the mean gradient at the steps. All shares add up to the change of the logit."
        ),
        r"(e - e') \odot \int_0^1 \frac{\partial z}{\partial e}(e' + \alpha(e - e'))\, d\alpha",
        "Sundararajan, Taly & Yan 2017",
        "reviews",
    ),
    Term(
        "occlusion",
        mark("occlusion"),
        mark("By how much the logit falls when a word is replaced by an unknown one."),
        r"z(x) - z(x_{\setminus t})",
        "Zeiler & Fergus 2014; Li et al. 2016",
        "reviews",
    ),
    Term(
        "overfitting",
        mark("overfitting"),
        mark("Learning the training examples by heart: better on them, no better on new ones."),
        "",
        "",
        "report",
    ),
    Term(
        "distillation",
        mark("distillation|distilled"),
        mark(
            "A small network learns what larger ones say of a text: their probability, not only the label."
        ),
        "",
        "Hinton et al. 2015",
        "report",
    ),
    Term(
        "soft-label",
        mark("soft label|soft labels"),
        mark(
            "A probability in the place of a label, such as 0.93 for “positive”: it tells how sure to be."
        ),
        "",
        "Hinton et al. 2015",
        "report",
    ),
    Term(
        "perplexity",
        mark("bits per character"),
        mark("How many bits a model needs, on average, to say the next character; less is better."),
        r"-\tfrac1T \sum_t \log_2 p(x_t)",
        "",
        "applications",
    ),
    Term(
        "delta",
        mark("delta|deltas"),
        mark(
            "How much the loss changes with a quantity of one time step: the error that arrives there on the way back. δ with the quantity's letter, such as δc."
        ),
        r"\delta c_t = \partial L / \partial c_t",
        "Rumelhart, Hinton & Williams 1986",
        "bptt",
    ),
    Term(
        "seed",
        mark("seed|seeds"),
        mark(
            "The number that a random generator starts from. The same seed gives the same random weights, so a run can be repeated to the last bit."
        ),
        "",
        "",
        "recurrence",
    ),
    Term(
        "features",
        mark("features|feature"),
        mark(
            "The numbers that are read at one time step: one for a number, 128 for a word vector."
        ),
        r"x_t \in \mathbb{R}^{D}",
        "",
        "cell",
    ),
    Term(
        "temperature",
        mark("temperature"),
        mark(
            "What the scores of the next character are divided by before they become probabilities. Above 1 the choice becomes more random, below 1 more certain; calibration divides the logit in the same way."
        ),
        r"p_k \propto e^{z_k / T}",
        "",
        "applications",
    ),
    Term(
        "spearman",
        mark("Spearman's rank correlation|Spearman"),
        mark(
            "How far two orders agree: 1 if they are the same, 0 if they have nothing to do with each other, −1 if one is the other turned round."
        ),
        "",
        "Spearman 1904",
        "report",
    ),
    Term(
        "mase",
        mark("MASE|mean absolute scaled error"),
        mark(
            "The mean error of a forecast, divided by the mean error that repeating the last season made on the past; without a season, repeating the last value. Below 1 it is smaller than that."
        ),
        r"\frac{\frac1n \sum_t |y_t - \hat y_t|}{\frac1{T-m} \sum_t |y_t - y_{t-m}|}",
        "Hyndman & Koehler 2006",
        "applications",
    ),
    Term(
        "autocorrelation",
        mark("autocorrelation|autocorrelations"),
        mark(
            "The correlation of a series with itself, shifted by some steps; where it is high, the series repeats."
        ),
        r"\mathrm{corr}(y_t, y_{t-m})",
        "",
        "applications",
    ),
    Term(
        "lecture",
        mark("The lecture|the lecture"),
        mark(
            "“Applications of Neural Networks with Long Short-Term Memory (LSTM)”: the lecture whose topics, examples and equations this app brings to life, and corrects where they are wrong."
        ),
        "",
        "",
        "",
    ),
)

_NO_PROSE = re.compile(
    r"(```.*?```|`[^`]*`|\$\$.*?\$\$|\$[^$\n]*\$|!?\[[^\]]*\]\([^)]*\)|<[^>]*>|^#.*$)", re.S | re.M
)
"""Code, formulas, pictures, links, tags and headings."""

_patterns: dict[str, tuple[re.Pattern[str], dict[str, str]]] = {}


def linked(text: str) -> str:
    """Link the first mention of each term in a Markdown text to its entry in the glossary.

    Code, formulas, headings and links stay as they are.
    """
    pattern, keys = _pattern()
    linked_keys: set[str] = set()

    def link(match: re.Match[str]) -> str:
        name = match.group()
        key = keys[name.lower()]
        if key in linked_keys:
            return name
        linked_keys.add(key)
        return f"[{name}](glossary?term={key})"

    pieces = _NO_PROSE.split(text)
    # The split leaves prose at even places, and what is no prose at odd ones.
    return "".join(
        piece if place % 2 else pattern.sub(link, piece) for place, piece in enumerate(pieces)
    )


def _pattern() -> tuple[re.Pattern[str], dict[str, str]]:
    """Return what finds every name of every term in the language spoken, the longest first."""
    language = spoken()
    if language not in _patterns:
        keys = {
            name.strip().lower(): term.key
            for term in TERMS
            for name in say(term.names).split("|")
            if name.strip()
        }
        names = sorted(keys, key=len, reverse=True)
        _patterns[language] = (
            re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, names))})(?![\w-])", re.I),
            keys,
        )
    return _patterns[language]
