"""Cross validation: a run for each fold in one group, the callback beside rows of one's own that wait for it, a run for the result."""
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import tensorflow as tf
from sklearn.metrics import f1_score, roc_auc_score
from sklearn.model_selection import StratifiedKFold
from sklearn.preprocessing import StandardScaler
from tensorflow.keras import Sequential, layers, regularizers

import wandb
from wandb.keras import WandbCallback

EXPERIMENT = "churn-mlp"


@dataclass
class CFG:
    n_splits: int = 3
    epochs: int = 2
    batch_size: int = 20
    hidden: tuple = (8, 4)
    l2: float = 1e-4
    lr: float = 0.02
    seed: int = 29
    features: list = field(default_factory=lambda: ["age", "months", "calls", "plan_basic", "plan_gold"])


def load_frame(rows, seed):
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame({
        "age": rng.integers(18, 80, size=rows),
        "months": rng.integers(1, 60, size=rows),
        "calls": rng.poisson(2.0, size=rows),
        "plan": rng.choice(["basic", "gold"], size=rows),
    })
    risk = frame["calls"] * 0.9 - frame["months"] * 0.06 + (frame["plan"] == "basic") * 0.8
    frame["churn"] = (risk + rng.normal(scale=0.5, size=rows) > 0.8).astype(int)
    return pd.get_dummies(frame, columns=["plan"], dtype=float)


class LearningRateLog(tf.keras.callbacks.Callback):
    """Adds to the row that WandbCallback closes."""

    def on_epoch_end(self, epoch, logs=None):
        rate = self.model.optimizer.learning_rate
        wandb.log({"lr": float(rate.numpy() if hasattr(rate, "numpy") else rate), "progress": (epoch + 1) / CFG.epochs}, commit=False)


def build_model(cfg, width):
    model = Sequential()
    model.add(layers.Dense(cfg.hidden[0], activation="relu", input_shape=(width,), kernel_regularizer=regularizers.l2(cfg.l2)))
    for units in cfg.hidden[1:]:
        model.add(layers.BatchNormalization())
        model.add(layers.Dense(units, activation="relu", kernel_regularizer=regularizers.l2(cfg.l2)))
    model.add(layers.Dense(1, activation="sigmoid"))
    model.compile(
        optimizer=tf.keras.optimizers.Adam(learning_rate=cfg.lr),
        loss="binary_crossentropy",
        metrics=["accuracy", tf.keras.metrics.AUC(name="auc")],
    )
    return model


def run_fold(cfg, fold, frame, train_idx, val_idx):
    run = wandb.init(
        project="churn",
        group=EXPERIMENT,
        name=f"{EXPERIMENT}-fold-{fold}",
        job_type="fold",
        config={"fold": fold, "lr": cfg.lr, "hidden": list(cfg.hidden), "epochs": cfg.epochs},
    )
    tf.keras.backend.clear_session()
    tf.keras.utils.set_random_seed(cfg.seed + fold)

    scaler = StandardScaler().fit(frame.loc[train_idx, cfg.features])
    x_train, x_val = (scaler.transform(frame.loc[index, cfg.features]) for index in (train_idx, val_idx))
    y_train, y_val = frame.loc[train_idx, "churn"].to_numpy(), frame.loc[val_idx, "churn"].to_numpy()

    model = build_model(cfg, len(cfg.features))
    model.fit(
        x_train,
        y_train,
        epochs=cfg.epochs,
        batch_size=cfg.batch_size,
        class_weight={0: 1.0, 1: float((y_train == 0).sum() / max((y_train == 1).sum(), 1))},
        validation_data=(x_val, y_val),
        callbacks=[LearningRateLog(), WandbCallback(monitor="val_auc", mode="max", save_weights_only=True)],
        verbose=0,
    )

    probabilities = model.predict(x_val, verbose=0)[:, 0]
    scores = {"roc_auc": roc_auc_score(y_val, probabilities), "f1": f1_score(y_val, probabilities > 0.5)}
    wandb.log({f"fold/{name}": float(value) for name, value in scores.items()})
    run.finish()
    return probabilities, scores


def main():
    cfg = CFG()
    frame = load_frame(90, cfg.seed)
    out_of_fold = np.zeros(len(frame))
    fold_scores = []

    splitter = StratifiedKFold(n_splits=cfg.n_splits, shuffle=True, random_state=cfg.seed)
    for fold, (train_idx, val_idx) in enumerate(splitter.split(frame, frame["churn"]), start=1):
        print(f"### Fold: {fold} ({len(train_idx)} rows, {len(val_idx)} held out)")
        out_of_fold[val_idx], scores = run_fold(cfg, fold, frame, train_idx, val_idx)
        fold_scores.append(scores)

    run = wandb.init(project="churn", group=EXPERIMENT, name=f"{EXPERIMENT}-all", job_type="result")
    run.summary["roc_auc"] = float(roc_auc_score(frame["churn"], out_of_fold))
    run.summary["f1_mean"] = float(np.mean([scores["f1"] for scores in fold_scores]))
    run.finish()


if __name__ == "__main__":
    main()
