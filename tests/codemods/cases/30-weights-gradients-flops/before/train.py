import wandb
from wandb.keras import WandbCallback

wandb.init(project="a")
model.fit(
    x,
    y,
    callbacks=[
        Other(),
        WandbCallback(
            save_model=False,
            log_weights=True,
            log_gradients=True,
            training_data=(x[:100], y[:100]),
            compute_flops=True,
        ),
    ],
)
