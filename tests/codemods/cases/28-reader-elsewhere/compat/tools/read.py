import wandb

print(wandb.Api().run("a/b/c").summary["best_val_loss"])
