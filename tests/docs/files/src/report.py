import wandb

for run in wandb.Api().runs("team/old-project"):
    print(run.name, run.summary["best_val_loss"])
