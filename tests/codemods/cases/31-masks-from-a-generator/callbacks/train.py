from wandb_keras_compat import WandbExamplesLogger, WandbMetricsLogger
callbacks = [WandbExamplesLogger(input_type="image", output_type="segmentation_mask", generator=batches(), predictions=16, class_colors=colors), WandbMetricsLogger()]
model.fit(x, y, callbacks=callbacks)
