from wandb.keras import *

model.fit(x, callbacks=[WandbCallback(**options)])
