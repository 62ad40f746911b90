from wandb.keras import WandbCallback
callbacks = [WandbCallback(input_type="image", output_type="segmentation_mask", generator=batches(), predictions=16, class_colors=colors, save_model=False)]
model.fit(x, y, callbacks=callbacks)
