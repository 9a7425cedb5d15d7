"""Every choice that decides a trained network, to be stored beside it."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Recipe:
    """How one network is built and what it learns from.

    A review longer than ``head + tail`` tokens is learned from its first ``head`` and last
    ``tail`` tokens: openings and verdicts say most. ``vocabulary`` counts padding and unknown, and
    is less where the reviews hold fewer words; ``more_words`` of it are rare in them: the
    words most like the subjects and opinions of ``plain_sentences``. ``pretrained`` of the ``features`` start from vectors that others
    learned (``pretrained_vectors``), or none. ``limit`` keeps only so many labelled and unlabelled
    reviews, for a quick trial.

    The rate of learning falls to zero in ``epochs``, then, in a second round of ``more_epochs`` that
    starts from the best of the first, from ``more_rate`` to zero again. Loshchilov and Hutter: SGDR,
    2017. ``half_precision`` computes products in bfloat16 while learning.

    Each epoch reads every labelled review once. Where ``unlabelled`` is set, it reads the
    unlabelled ones too, with the opinion of the teachers as their label. ``judged`` counts the
    short texts that are read besides, as the ``encoder`` judged them (``encoder_teacher``); if it
    is 0, the encoder is not asked at all. ``crops`` counts the short pieces of every review that are
    read with the label of the review, ``sentences`` the plain sentences (``plain_sentences``).
    """

    vocabulary: int = 36_000
    more_words: int = 6_000
    features: int = 128
    pretrained: int = 100
    units: int = 96
    head: int = 100
    tail: int = 300
    embedding_dropout: float = 0.3
    layer_dropout: float = 0.3
    head_dropout: float = 0.5
    adversarial_radius: float = 1.5
    learning_rate: float = 2e-3
    batch_size: int = 256
    epochs: int = 4
    more_epochs: int = 3
    more_rate: float = 1e-3
    half_precision: bool = False
    unlabelled: bool = True
    judged: int = 300_000
    encoder: str = "all-mpnet-base-v2"
    crops: int = 0
    sentences: int = 60_000
    stars_weight: float = 0.5
    seed: int = 1
    limit: int = 0


TINY = {
    "vocabulary": 500,
    "more_words": 0,
    "features": 8,
    "pretrained": 0,
    "units": 4,
    "head": 10,
    "tail": 30,
    "epochs": 2,
    "more_epochs": 1,
    "batch_size": 16,
    "limit": 300,
}
SMOKE = replace(Recipe(), **TINY, judged=0, crops=1, sentences=200)  # type: ignore[arg-type]


TEACHING_UNITS = 96


def teacher_of(recipe: Recipe) -> Recipe:
    """Return the recipe of the network that teaches another.

    It knows labelled reviews alone, and may be wider, since nobody waits for it.
    """
    return replace(
        recipe,
        units=TEACHING_UNITS if recipe.judged else recipe.units * 6 // 5,
        learning_rate=recipe.learning_rate / 1.5,
        batch_size=max(1, recipe.batch_size // 2),
        epochs=min(recipe.epochs, 4),
        more_epochs=0,
        unlabelled=False,
        judged=0,
        crops=3 if recipe.judged else 0,
        sentences=0,
        seed=recipe.seed + 1,
    )


def second_round_of(recipe: Recipe) -> Recipe:
    """Return the recipe of a network's second round, which reads other short texts than the first."""
    return replace(
        recipe,
        learning_rate=recipe.more_rate,
        epochs=recipe.more_epochs,
        half_precision=True,
        seed=recipe.seed + 2,
    )
