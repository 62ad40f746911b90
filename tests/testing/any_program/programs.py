"""Programs that have no Keras in them, in the shapes that are in use: ``programs.py NAME``.

A plain loop, a logger class around PyTorch, a classifier of scikit-learn, and a trainer with callbacks like that of
Hugging Face's transformers. Each makes the same numbers every time.
"""

from __future__ import annotations

import json
import os
import pathlib
import pickle
import sys

import numpy as np
import wandb


def plain_loop():
    """A script that logs: a config by attribute, rows of several calls, a best value in the summary, an alert, a file."""
    wandb.init(project="plain", config={"lr": 0.5, "epochs": 3}, tags=["baseline"])
    config = wandb.config
    config.batch = 4
    rng = np.random.default_rng(0)
    weight, best = 4.0, float("inf")
    for epoch in range(config.epochs):
        loss = weight**2
        wandb.log({"loss": loss, "epoch": epoch}, commit=False)
        wandb.log({"weights": wandb.Histogram(rng.normal(size=20)), "learning rate": config.lr})
        if loss < best:
            best = loss
            wandb.run.summary["best_loss"] = best
            pathlib.Path("weight.json").write_text(json.dumps(weight))
        weight -= config.lr * 2 * weight * 0.5
    table = wandb.Table(columns=["epoch", "loss"])
    table.add_data(0, 16.0)
    wandb.log({"examples": [wandb.Image(np.full((4, 4, 3), shade, "uint8"), caption=str(shade)) for shade in (0, 200)]})
    wandb.log({"table": table})
    artifact = wandb.Artifact("weight", type="model", metadata={"best": best})
    artifact.add_file("weight.json")
    wandb.log_artifact(artifact, aliases=["best"])
    wandb.finish()


def torch_logger():
    """A class that wraps a run: names it late, watches the model, logs by step, keeps the best checkpoint."""
    import torch

    class Logger:
        def __init__(self, model, config):
            self.run = wandb.init(project="torch", job_type="train", group="folds")
            self.run.config.update(config)
            wandb.run.name = "training-DT"
            wandb.watch(model, log="all", log_freq=2)

        def log(self, metrics, step):
            wandb.log(metrics, step=step)

        def checkpoint(self, model, name):
            torch.save(model.state_dict(), "best.pt")
            artifact = wandb.Artifact(name, type="model")
            artifact.add_file("best.pt")
            self.run.log_artifact(artifact, aliases=["best"])

    torch.manual_seed(0)
    torch.set_num_threads(1)
    model = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.ReLU(), torch.nn.Linear(4, 1))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
    logger = Logger(model, {"lr": 0.05, "layers": [3, 4, 1]})
    x = torch.linspace(-1, 1, 24).reshape(8, 3)
    y = x.sum(1, keepdim=True)
    for step in range(6):
        optimizer.zero_grad()
        loss = torch.nn.functional.mse_loss(model(x), y)
        loss.backward()
        optimizer.step()
        logger.log({"train/loss": round(loss.item(), 3), "Prediction/epoch": step}, step)
    logger.checkpoint(model, "net")
    logger.run.finish()


def sklearn_classifier():
    """Fit, then log what there is to say: scores, a confusion matrix, feature importances, the pickled model."""
    from sklearn.datasets import make_classification
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.metrics import accuracy_score, f1_score

    x, y = make_classification(n_samples=60, n_features=4, random_state=0)
    model = RandomForestClassifier(n_estimators=5, random_state=0).fit(x[:40], y[:40])
    guess = model.predict(x[40:])
    run = wandb.init(project="sklearn", name="forest", config={"n_estimators": 5})
    run.config.update({"train_len": 40, "test_len": 20})
    wandb.log({"accuracy": accuracy_score(y[40:], guess), "f1": f1_score(y[40:], guess)})
    wandb.log(
        {"confusion": wandb.plot.confusion_matrix(y_true=y[40:].tolist(), preds=guess.tolist(), class_names=["n", "p"])}
    )
    importances = wandb.Table(
        columns=["feature", "importance"], data=[[i, float(v)] for i, v in enumerate(model.feature_importances_)]
    )
    wandb.log({"importances": wandb.plot.bar(importances, "feature", "importance", title="Importances")})
    pathlib.Path("model.pkl").write_bytes(
        pickle.dumps({"importances": model.feature_importances_.tolist()}, protocol=4)
    )
    artifact = wandb.Artifact("forest", type="model")
    artifact.add_file("model.pkl")
    run.log_artifact(artifact)
    run.finish()


def trainer_with_callbacks():
    """A trainer that tells its callbacks; that of W&B begins a run where there is none, and ends with the model."""

    class Reporter:
        """In the shape of the one in transformers: metrics over ``train/global_step``, names rewritten by prefix."""

        started = False

        def setup(self, arguments, state):
            self.started = True
            if wandb.run is None:
                wandb.init(project=os.environ.get("WANDB_PROJECT", "huggingface"), name=arguments["run_name"])
            wandb.config.update(arguments, allow_val_change=True)
            wandb.define_metric("train/global_step")
            wandb.define_metric("*", step_metric="train/global_step", step_sync=True)

        def on_log(self, arguments, state, logs):
            if not self.started:
                self.setup(arguments, state)
            single = {k: v for k, v in logs.items() if k in {"train_runtime", "total_flos"}}
            for name, value in single.items():
                wandb.run.summary[name] = value
            rest = {k: v for k, v in logs.items() if k not in single}
            named = {f"eval/{k[5:]}" if k.startswith("eval_") else f"train/{k}": v for k, v in rest.items()}
            wandb.log({**named, "train/global_step": state["global_step"]})

        def on_train_end(self, arguments, state):
            artifact = wandb.Artifact(f"model-{arguments['run_name']}", type="model", metadata={"final": state["loss"]})
            for name, text in (("config.json", "{}"), ("model.safetensors", "weights")):
                with artifact.new_file(name) as file:
                    file.write(text)
            wandb.run.log_artifact(artifact, aliases=["final_model"])
            wandb.finish()

    reporter, arguments = Reporter(), {"run_name": "tiny", "learning_rate": 0.1, "per_device_batch": 2, "seed": 0}
    state = {"global_step": 0, "loss": 8.0}
    for epoch in range(2):
        for _ in range(3):
            state["global_step"] += 1
            state["loss"] /= 2
            reporter.on_log(arguments, state, {"loss": state["loss"], "learning_rate": 0.1, "epoch": epoch})
        reporter.on_log(arguments, state, {"eval_loss": state["loss"] + 1, "eval_accuracy": 0.5, "epoch": epoch})
    reporter.on_log(arguments, state, {"train_runtime": 1.5, "total_flos": 10, "train_loss": 1.0, "epoch": 2})
    arguments["learning_rate"] = 0.05
    wandb.config.update(arguments, allow_val_change=True)
    reporter.on_train_end(arguments, state)


PROGRAMS = {each.__name__: each for each in (plain_loop, torch_logger, sklearn_classifier, trainer_with_callbacks)}

if __name__ == "__main__":
    PROGRAMS[sys.argv[1]]()
