import wandb
from wandb_keras_compat import WandbCallback


def train(args):
    wandb.init(project="a")
    callback = WandbCallback(monitor=args.monitor, mode="max", verbose=1, log_batch_frequency=10)
    model.fit(x, y, callbacks=[callback])
    wandb.restore("model-best.h5")
    print(wandb.run.summary["best_" + args.monitor])
