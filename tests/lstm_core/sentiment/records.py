"""Made-up records of trainings: with an encoder among the teachers, with others, with none."""

import copy

EPOCH = {
    f"{part}_{kind}": 0.5 for part in ("train", "development") for kind in ("accuracy", "loss")
}
BEFORE = {
    "command": "python -m lstm_core.sentiment train",
    "recipe": {
        "vocabulary": 30_000,
        "features": 128,
        "units": 64,
        "head": 100,
        "tail": 300,
        "embedding_dropout": 0.3,
        "layer_dropout": 0.3,
        "head_dropout": 0.5,
        "adversarial_radius": 1.5,
        "learning_rate": 0.0015,
        "batch_size": 128,
        "epochs": 6,
        "crops": 3,
        "sentences": 24_000,
        "seed": 1,
    },
    "reviews": {"train": 21_730, "unlabelled": 45_037, "development": 2_779},
    "parameters": 4_038_146,
    "history": [{"epoch": 1, **EPOCH}],
    "chosen_epoch": 1,
    "teachers": {
        "development_accuracy": {"network": 0.9082, "paragraph vectors": 0.9147, "joint": 0.9259}
    },
}
"""Of a training whose record has no counts of parameters, no short texts and no encoder."""
TRIALS = [
    {
        "name": "before",
        "development": 0.92,
        "sentence": 0.8,
        "parameters": 4_038_146,
        "probe": {"negation": 0.6, "irony": 0.5},
    },
    {
        "name": "between",
        "development": 0.93,
        "parameters": 5_000_000,
        "probe": {"negation": 0.7, "irony": 0.5},
    },
    {
        "name": "after",
        "development": 0.94,
        "contrast": 0.8,
        "parameters": 5_003_522,
        "probe": {"negation": 0.9, "irony": 0.5},
    },
]


def untaught():
    """Return the record of a training without teachers."""
    return copy.deepcopy(BEFORE) | {"teachers": None}


def taught_by_an_encoder():
    """Return the record of a training in which an encoder teaches alone."""
    training = copy.deepcopy(BEFORE)
    training["recipe"] |= {
        "vocabulary": 36_000,
        "more_words": 6_000,
        "pretrained": 100,
        "units": 96,
        "epochs": 4,
        "judged": 250_000,
        "crops": 0,
        "sentences": 60_000,
    }
    training["parameters"] = 5_003_522
    training["reviews"]["short_texts"] = 203_456
    training["teachers"] = {
        "teaches": "encoder",
        "parameters": {"network": 5_003_522, "word sequences": 1_234_567},
        "development_accuracy": {
            "network": 0.9103,
            "word sequences": 0.914,
            "encoder": 0.9234,
            "joint": 0.9361,
        },
        "pieces": 6_123,
        "accuracy_on_pieces": {
            "network": 0.742,
            "word sequences": 0.713,
            "encoder": 0.801,
            "joint": 0.805,
        },
    }
    training["encoder"] = {
        "recipe": {
            "encoder": "all-MiniLM-L6-v2",
            "members": 1,
            "pieces": 256,
            "batch_size": 32,
            "steps": 1_380,
        },
        "parameters": 22_565_378,
        "ms_a_review": 183.4,
    }
    training["student"] = {"accuracy_on_pieces": 0.789, "ms_a_review": 7.3}
    return training
