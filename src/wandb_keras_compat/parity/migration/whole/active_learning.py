"""Active learning: a loop of fits in one run, the callback made anew in each call, a query of the pool between, rows of one's own."""
import argparse
import random

import numpy as np
import tensorflow as tf
import wandb
from wandb.keras import WandbCallback

N_CLASSES = 3


class Pool:
    """Indices of what is labelled and of what is not."""

    def __init__(self, inputs, targets, init_size):
        self.inputs, self.targets = inputs, targets
        self.labelled = [int(np.flatnonzero(targets == kind)[at]) for kind in range(N_CLASSES) for at in range(init_size)]

    @property
    def unlabelled(self):
        taken = set(self.labelled)
        return [index for index in range(len(self.inputs)) if index not in taken]

    def annotate(self, indices):
        self.labelled.extend(int(index) for index in indices)

    def labelled_data(self):
        return self.inputs[self.labelled], self.targets[self.labelled]

    def __len__(self):
        return len(self.labelled)


def blobs(number, seed):
    rng = np.random.default_rng(seed)
    kinds = rng.integers(0, N_CLASSES, size=number)
    centers = np.array([[0, 0, 0, 1], [2, 0, 1, 0], [0, 2, 1, 1]])
    return (centers[kinds] + rng.normal(scale=0.8, size=(number, 4))).astype("float32"), kinds


def create_model(dropout):
    model = tf.keras.Sequential([
        tf.keras.layers.Dense(10, activation="relu", input_shape=(4,)),
        tf.keras.layers.Dropout(dropout),
        tf.keras.layers.Dense(N_CLASSES, activation="softmax"),
    ])
    model.compile(optimizer=tf.keras.optimizers.Adam(0.02), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def entropy(probabilities):
    return -(probabilities * np.log(probabilities + 1e-9)).sum(axis=-1)


def query(model, pool, how_many, acquisition):
    candidates = pool.unlabelled
    if acquisition == "random":
        return random.sample(candidates, how_many)
    probabilities = model.predict(pool.inputs[candidates], verbose=0)
    order = np.argsort(-entropy(probabilities), kind="stable")
    return [candidates[at] for at in order[:how_many]]


def main(args):
    tf.keras.utils.set_random_seed(args.seed)
    wandb.init(project="active-learning", name=args.acquisition, config=vars(args))

    pool = Pool(*blobs(120, args.seed), init_size=args.init_size)
    x_val, y_val = blobs(45, args.seed + 1)
    model = create_model(args.dropout)
    initial = model.get_weights()

    spent = 0
    for iteration in range(args.iterations):
        if args.reset and iteration:
            # from scratch each time; the second round starts far off and is never the best one
            model.set_weights([weights * 3 if iteration == args.iterations - 1 else weights for weights in initial])
        x, y = pool.labelled_data()
        history = model.fit(
            x, y,
            batch_size=args.batch_size,
            initial_epoch=spent,
            epochs=spent + args.epochs,
            validation_data=(x_val, y_val),
            callbacks=[WandbCallback()],
            verbose=0,
        )
        spent += args.epochs

        chosen = query(model, pool, args.step_size, args.acquisition)
        wandb.log({
            "iteration": iteration,
            "labelled": len(pool),
            "pool_entropy": float(entropy(model.predict(pool.inputs[pool.unlabelled], verbose=0)).mean()),
            "chosen_kinds": wandb.Histogram(np_histogram=np.histogram(pool.targets[chosen], bins=N_CLASSES, range=(0, N_CLASSES))),
        })
        pool.annotate(chosen)
        print("iteration %d: %d labelled, accuracy %.2f" % (iteration, len(pool), history.history["val_accuracy"][-1]))

    wandb.run.summary["labels_used"] = len(pool)
    wandb.finish()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--acquisition", choices=["entropy", "random"], default="entropy")
    parser.add_argument("--iterations", type=int, default=3)
    parser.add_argument("--init_size", type=int, default=4)
    parser.add_argument("--step_size", type=int, default=6)
    parser.add_argument("--epochs", type=int, default=2)
    parser.add_argument("--batch_size", type=int, default=8)
    parser.add_argument("--dropout", type=float, default=0.1)
    parser.add_argument("--seed", type=int, default=3)
    parser.add_argument("--reset", action="store_true", default=True)
    main(parser.parse_args())
