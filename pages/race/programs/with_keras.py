"""The same race with Keras: the same start, the same sequences."""

import keras
import numpy as np

from lstm_core.training.race import LOOK_EVERY, Race, Setting

TASK = "adding"
LENGTH = 30
BUDGET = 4500  # parameters of each network
OPTIMIZER = "Adam"
RATE = 0.01
MAX_NORM = 1.0  # None: the gradient is not clipped
BATCH = 32
SEED = 1
UPDATES = 100

race = Race(Setting(TASK, LENGTH, BUDGET, OPTIMIZER, RATE, MAX_NORM, BATCH, SEED))
task, unseen = race.task, race.unseen
layers = {"RNN": keras.layers.SimpleRNN, "LSTM": keras.layers.LSTM, "GRU": keras.layers.GRU}
optimizers = {
    "Adam": keras.optimizers.Adam,
    "RMSprop": keras.optimizers.RMSprop,
    "SGD": keras.optimizers.SGD,
    "SGD with momentum": keras.optimizers.SGD,
}
options = {} if MAX_NORM is None else {"global_clipnorm": MAX_NORM}
if OPTIMIZER == "SGD with momentum":
    options["momentum"] = 0.9
if task.classes:
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
else:
    loss = keras.losses.MeanSquaredError()

result = {}
for name, runner in race.runners.items():
    layer = layers[name](runner.learner.cell.units, return_sequences=task.every_step)
    readout = keras.layers.Dense(task.outputs)
    model = keras.Sequential([keras.Input((None, task.features)), layer, readout])
    model.set_weights(list(runner.learner.parameters.values()))
    model.compile(optimizers[OPTIMIZER](RATE, **options), loss)
    looks = [model.evaluate(unseen.inputs, unseen.targets, batch_size=256, verbose=0)]
    for update in range(1, UPDATES + 1):
        batch = task.draw(BATCH, np.random.default_rng((SEED, update, 0)))
        model.train_on_batch(batch.inputs, batch.targets)
        if update % LOOK_EVERY == 0:
            looks.append(model.evaluate(unseen.inputs, unseen.targets, batch_size=256, verbose=0))
    result[name] = np.array(looks)
    print(name, model.count_params(), looks[-1])
