"""A training of one process, or of two by PyTorch's DistributedDataParallel; the arguments are the rank, how many, and a file.

A loop of its own, as in Keras' guide for it: ``fit`` of Keras on PyTorch trains in one process.
"""

import sys

RANK, PROCESSES, MEETING = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]

import keras
import numpy as np
import torch
import wandb
from torch.nn.parallel import DistributedDataParallel
from wandb.keras import WandbCallback

BATCH, EPOCHS = 8, 2

torch.set_num_threads(1)
keras.utils.set_random_seed(1)
rng = np.random.default_rng(2)
x = rng.random((48, 8, 8, 1)).astype("float32")
y = np.eye(3, dtype="float32")[rng.integers(0, 3, 48)]

model = keras.Sequential(
    [
        keras.Input((8, 8, 1)),
        keras.layers.Conv2D(4, 3, activation="relu", name="conv"),
        keras.layers.Flatten(),
        keras.layers.Dense(3, activation="softmax", name="out"),
    ]
)
loss_of = keras.losses.CategoricalCrossentropy()
optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
model.compile(keras.optimizers.SGD(0.05), loss_of)  # the callback reads the loss from here
trained = model
if PROCESSES > 1:
    torch.distributed.init_process_group("gloo", f"file://{MEETING}", rank=RANK, world_size=PROCESSES)
    trained = DistributedDataParallel(model)

chosen = []
if RANK == 0:
    wandb.init(project="data-parallel")
    chosen = [
        WandbCallback(
            log_weights=True,
            log_gradients=True,
            training_data=(x, y),
            validation_data=(x[:16], y[:16]),
            labels=["a", "b", "c"],
            predictions=5,
            input_type="image",
            output_type="label",
            log_evaluation=True,
            log_batch_frequency=2,
            compute_flops=True,
        )
    ]
callbacks = keras.callbacks.CallbackList(chosen, model=trained, epochs=EPOCHS, steps=len(x) // BATCH)


def mean_of_all(value):
    value = value.detach().clone()
    if PROCESSES > 1:
        torch.distributed.all_reduce(value)
    return float(value / PROCESSES)


callbacks.on_train_begin()
for epoch in range(EPOCHS):
    callbacks.on_epoch_begin(epoch)
    losses = []
    for step in range(len(x) // BATCH):
        callbacks.on_train_batch_begin(step)
        rows = slice(step * BATCH + RANK * BATCH // PROCESSES, step * BATCH + (RANK + 1) * BATCH // PROCESSES)
        optimizer.zero_grad()
        loss = loss_of(torch.from_numpy(y[rows]), trained(torch.from_numpy(x[rows]), training=True))
        loss.backward()
        optimizer.step()
        losses.append(mean_of_all(loss))
        callbacks.on_train_batch_end(step, {"loss": losses[-1]})
    with torch.no_grad():
        validated = float(loss_of(torch.from_numpy(y[:16]), model(torch.from_numpy(x[:16]), training=False)))
    callbacks.on_epoch_end(epoch, {"loss": float(np.mean(losses)), "val_loss": validated})
callbacks.on_train_end()
if PROCESSES > 1:
    torch.distributed.barrier()  # nobody waits for the writer, who is slower
    torch.distributed.destroy_process_group()
