import wandb
from wandb_keras_compat import WandbBestModel, WandbBestSummary, WandbGraphLogger, WandbMetricsLogger


def train(args):
    wandb.init(project="a")
    callback = [
        WandbGraphLogger(),
        WandbMetricsLogger(log_freq=10, keys="both"),
        WandbBestSummary(monitor=args.monitor, mode="max"),
        WandbBestModel(monitor=args.monitor, mode="max", verbose=1),
    ]
    model.fit(x, y, callbacks=[*callback])
    wandb.restore("model-best.h5")
    print(wandb.run.summary["best_" + args.monitor])
