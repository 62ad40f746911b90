"""What each program is, and why it is among them."""

from __future__ import annotations

from typing import NamedTuple


class Kind(NamedTuple):
    """*known* are the ids of the ledger's entries that are about single trainings, and about this one."""

    shape: str
    why: str
    known: str = ""


KINDS = {
    "age_and_gender": Kind("two outputs", "losses, weights and metrics by name; the monitor is one output's; `layers.normalization`", "KD-043"),
    "airline_lstm": Kind("time series", "windows by hand, a callback of its own that logs without a row; `layers.recurrent`"),
    "attention_layer": Kind("subclassed layer", "`engine.topology`, `K.` functions, masks, `layers.wrappers`"),
    "callbacks_beside": Kind("dense classifier", "six other callbacks, rates that change each epoch; `layers.noise`"),
    "char_rnn": Kind("text generator", "no validation data; predicts within a callback; `RMSprop(lr=)`"),
    "color_augmented": Kind("image classifier", "`ImageDataGenerator.flow`, `fit_generator`, `Adam(lr=, decay=)`"),
    "cudnn_gru": Kind("time series", "`CuDNNGRU`, on a machine without a GPU"),
    "denoising_autoencoder": Kind("autoencoder", "images to images; `layers.convolutional`; adadelta by name"),
    "dense_autoencoder": Kind("autoencoder", "models in a model, `data_type='image'`; saves beside the callback"),
    "digits_perceptron": Kind("image classifier", "`np_utils`; the monitor is an accuracy; logs after the training"),
    "dots_gan": Kind("GAN", "`train_on_batch`, `wandb.log`, images of its own; `layers.advanced_activations`", "KD-043"),
    "endless_generators": Kind("generators", "endless ones for training, validation and evaluation; `evaluate_generator`"),
    "f1_metrics": Kind("dense classifier", "loss and metrics made of `K.` functions, class weights; tags and notes", "KD-043"),
    "finetune_saved": Kind("resume", "an `.h5` that Keras 2 saved; frozen layers; weight histograms"),
    "flowers": Kind("dense classifier", "a notebook; `layers.core`, `np_utils`", "KD-043"),
    "folds_in_processes": Kind("dense classifier", "starts a process for each fold; runs in a group", "KD-043"),
    "headlines_cnn": Kind("text", "argparse, `main()`; `metrics=['acc']` and `monitor='val_acc'`; `layers.embeddings`", "KD-043"),
    "mixed_imports": Kind("dense classifier", "`keras` and `tensorflow.keras` in one model; `validation_split`; `utils.vis_utils`"),
    "own_sequence": Kind("generators", "a `Sequence` of its own for both data; `utils.data_utils`"),
    "pets_from_folders": Kind("image classifier", "`flow_from_directory`; the callback reads a generator"),
    "price_merge": Kind("two inputs", "`layers.merge`, embedding; `Nadam(lr=)`"),
    "resume_best": Kind("resume", "`load_model` of `model-best.h5` in the same run, a second callback", "KD-043"),
    "restore_checkpoint": Kind("resume", "W&B's documented snippet with `wandb.restore`; `initial_epoch=wandb.run.step`"),
    "reviews_lstm": Kind("text", "`text.Tokenizer`, `sequence.pad_sequences`, embedding and LSTM"),
    "sensor_generator": Kind("time series", "`TimeseriesGenerator`, `predict_generator`; `metrics=['mae']`", "KD-043"),
    "shapes_cnn": Kind("image classifier", "`layers.core`, `layers.convolutional`; the callback inline, images by data of fit"),
    "siamese_lambda": Kind("two inputs", "`Lambda`, contrastive loss, a shared model; weights only"),
    "sweep_defaults": Kind("dense classifier", "defaults for a sweep; `SGD(lr=, momentum=, decay=)`; no model saved"),
    "toxic_bow": Kind("text", "`texts_to_matrix`; reads `history.history['val_acc']`", "KD-043"),
    "transfer_mobilenet": Kind("transfer learning", "`keras.applications`, frozen; weights only"),
    "unet_dice": Kind("segmentation", "U-net with a dice loss; `layers.pooling`; images to images"),
    "variational_autoencoder": Kind("autoencoder", "`Lambda`, `add_loss`, no targets; `keras.losses.mse`"),
    "vgg_like_decay": Kind("image classifier", "`SGD(lr=, decay=, momentum=, nesterov=)`, `predict_classes`, `maxnorm`"),
}  # fmt: skip
