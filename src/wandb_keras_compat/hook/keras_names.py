"""Table of the Keras 2 names that tf_keras has moved or removed, for the option ``keras="tf_keras"``.

Everything is named as seen from the package: ``layers.core`` is ``keras.layers.core`` in a program and
``tf_keras.layers.core``, if it existed, in the package. A module that is in no table here is looked for at its own
place and then below ``tf_keras.src``, where tf_keras keeps what Keras 2.6 to 2.12 had at the top; a name that is in
none is looked for in the module, then in the module of the same place below ``src``.

Standard library only, and no code: this is the table.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

# --- modules under another name ------------------------------------------------------------------------------------

_OPTIMIZERS = ("adadelta", "adagrad", "adam", "adamax", "ftrl", "gradient_descent", "nadam", "rmsprop")

#: Module, or package with all below it -> where it is now.
MOVED: Mapping[str, str] = {
    "applications.mobilenetv2": "applications.mobilenet_v2",
    "callbacks.callbacks": "callbacks",
    "callbacks.tensorboard_v2": "callbacks",
    "distribute.sidecar_evaluator": "src.utils.sidecar_evaluator",
    "initializers.initializers_v2": "src.initializers.initializers",
    "layers.legacy_rnn.rnn_cell_impl": "src.layers.rnn.legacy_cells",
    "layers.legacy_rnn.rnn_cell_wrapper_impl": "src.layers.rnn.legacy_cell_wrappers",
    "layers.rnn_cell_wrapper_v2": "src.layers.rnn.cell_wrappers",
    "optimizer_v1": "src.optimizers.optimizer_v1",
    **{f"optimizers.{name}_v2": f"src.optimizers.legacy.{name}" for name in _OPTIMIZERS},
    "optimizer_v2": "src.optimizers.legacy",
    "optimizer_v2.learning_rate_schedule": "src.optimizers.schedules.learning_rate_schedule",
    "optimizer_v2.legacy_learning_rate_decay": "src.optimizers.legacy_learning_rate_decay",
    "optimizer_v2.utils": "src.optimizers.utils",
    "premade": "src.premade_models",
    "preprocessing.dataset_utils": "src.utils.dataset_utils",
    "preprocessing.image_dataset": "src.utils.image_dataset",
    "preprocessing.text_dataset": "src.utils.text_dataset",
    "preprocessing.timeseries": "src.utils.timeseries_dataset",
    "saving.hdf5_format": "src.saving.legacy.hdf5_format",
    "saving.model_config": "src.saving.legacy.model_config",
    "saving.save": "src.saving.legacy.save",
    "saving.saved_model": "src.saving.legacy.saved_model",
    "saving.saving_utils": "src.saving.legacy.saving_utils",
}

# --- modules whose names are in several today ----------------------------------------------------------------------

_CONVOLUTIONS = (
    "Conv1D Conv2D Conv3D Conv1DTranspose Conv2DTranspose Conv3DTranspose DepthwiseConv2D SeparableConv1D "
    "SeparableConv2D UpSampling1D UpSampling2D UpSampling3D ZeroPadding1D ZeroPadding2D ZeroPadding3D "
    "Cropping1D Cropping2D Cropping3D Convolution1D Convolution2D Convolution3D Deconvolution2D Deconvolution3D"
)
_CORE = (
    "Masking Dropout SpatialDropout1D SpatialDropout2D SpatialDropout3D Activation Reshape Permute Flatten "
    "RepeatVector Lambda Dense ActivityRegularization"
)
_POOLING = (
    "MaxPooling1D MaxPooling2D MaxPooling3D AveragePooling1D AveragePooling2D AveragePooling3D "
    "GlobalAveragePooling1D GlobalAveragePooling2D GlobalAveragePooling3D GlobalMaxPooling1D GlobalMaxPooling2D "
    "GlobalMaxPooling3D MaxPool1D MaxPool2D MaxPool3D AvgPool1D AvgPool2D AvgPool3D"
)
_MERGE = "Add Subtract Multiply Average Maximum Minimum Concatenate Dot"
_SERIALIZATION = ("src.saving.legacy.serialization", "src.saving.object_registration", "utils")
_OLD_ENGINE = (
    "layers", "models", "src.engine.node", "src.engine.training_utils_v1", "src.utils.layer_utils",
    "src.utils.generic_utils", "src.utils.io_utils",
)  # fmt: skip

#: Module -> (where its names are looked for, in order; the names that ``import *`` gives, all of them if empty).
MODULES: Mapping[str, tuple[Sequence[str], str]] = {
    "backend.common": (
        ("backend", "src.backend_config", "src.backend", "src.utils.conv_utils"),
        "epsilon set_epsilon floatx set_floatx cast_to_floatx image_data_format set_image_data_format",
    ),
    "backend.tensorflow_backend": (("backend", "src.backend"), ""),
    "callbacks.tensorboard_v1": (("src.callbacks_v1", "callbacks"), "TensorBoard"),
    "engine": (("layers", "models", "src.engine", "src.utils.layer_utils"), "InputSpec Input InputLayer Layer Model"),
    "engine.base_layer": (("src.engine.base_layer", *_OLD_ENGINE), "Layer Node InputSpec"),
    "engine.base_layer_v1": (("src.engine.base_layer_v1", "layers", "src.engine.keras_tensor"), "Layer"),
    "engine.input_layer": (("src.engine.input_layer", *_OLD_ENGINE), "InputLayer Input"),
    "engine.network": (("src.engine.functional", *_OLD_ENGINE), "Network get_source_inputs"),
    "engine.saving": (
        ("src.saving.legacy.hdf5_format", "models", "src.utils.io_utils"),
        "save_model load_model model_from_config model_from_json",
    ),
    "engine.sequential": (("src.engine.sequential", *_OLD_ENGINE), "Sequential"),
    "engine.topology": (
        ("layers", "models", "src.engine.base_layer", "src.saving.legacy.hdf5_format", *_OLD_ENGINE),
        "Layer Input InputLayer InputSpec Node Network Container get_source_inputs",
    ),
    "engine.training": (("src.engine.training", *_OLD_ENGINE), "Model"),
    "engine.training_utils": (("src.engine.training_utils", "src.engine.training_utils_v1", *_OLD_ENGINE), ""),
    "layers.advanced_activations": (("layers",), "LeakyReLU PReLU ELU ThresholdedReLU Softmax ReLU"),
    "layers.convolutional": (
        (
            "layers",
            "src.layers.convolutional",
            "src.layers.convolutional.base_conv",
            "src.layers.convolutional.base_separable_conv",
        ),
        _CONVOLUTIONS,
    ),
    "layers.convolutional_recurrent": (("layers", "src.layers.rnn.base_conv_lstm"), "ConvLSTM2D"),
    "layers.core": (
        ("src.layers.core", "layers", "src.layers.core.tf_op_layer", "src.utils.generic_utils"),
        _CORE,
    ),
    "layers.cudnn_recurrent": (("layers",), "CuDNNGRU CuDNNLSTM"),
    "layers.dense_attention": (("layers", "src.layers.attention.base_dense_attention"), "Attention AdditiveAttention"),
    "layers.einsum_dense": (("layers", "src.layers.core.einsum_dense"), "EinsumDense"),
    "layers.embeddings": (("layers",), "Embedding"),
    "layers.legacy_rnn": (("src.layers.rnn.legacy_cells", "src.layers.rnn.legacy_cell_wrappers"), ""),
    "layers.local": (
        ("layers", "src.layers.locally_connected.locally_connected_utils"),
        "LocallyConnected1D LocallyConnected2D",
    ),
    "layers.merge": (("layers", "src.layers.merging.base_merge"), f"{_MERGE} {_MERGE.lower()}"),
    "layers.multi_head_attention": (("layers", "src.layers.attention.multi_head_attention"), "MultiHeadAttention"),
    "layers.noise": (("layers",), "GaussianNoise GaussianDropout AlphaDropout"),
    "layers.normalization": (("src.layers.normalization", "layers"), "BatchNormalization LayerNormalization"),
    "layers.pooling": (
        ("layers", *(f"src.layers.pooling.base_{kind}pooling{n}d" for kind in ("", "global_") for n in (1, 2, 3))),
        _POOLING,
    ),
    "layers.recurrent": (
        (
            "layers",
            "src.layers.rnn.rnn_utils",
            "src.layers.rnn.dropout_rnn_cell_mixin",
            "src.layers.rnn.gru_lstm_utils",
            "src.utils.generic_utils",
        ),
        "RNN SimpleRNNCell SimpleRNN GRUCell GRU LSTMCell LSTM StackedRNNCells",
    ),
    "layers.recurrent_v2": (
        ("layers", "src.layers.rnn.gru_lstm_utils", "src.layers.rnn.gru", "src.layers.rnn.lstm"),
        "GRU GRUCell LSTM LSTMCell",
    ),
    "layers.wrappers": (("layers", "src.utils.generic_utils"), "Wrapper TimeDistributed Bidirectional"),
    "objectives": (("losses", "src.losses"), ""),
    "utils.all_utils": (("utils",), ""),
    "utils.generic_utils": (("src.utils.generic_utils", *_SERIALIZATION, "src.saving.serialization_lib"), ""),
    "utils.io_utils": (("src.utils.io_utils", "utils"), ""),
    "utils.layer_utils": (("src.utils.layer_utils", "utils"), ""),
    "utils.vis_utils": (("src.utils.vis_utils", "utils", "models", "layers"), ""),
}

#: Module of tf_keras -> where a name is looked for that is missing in it, beside the one of the same place in src.
MORE: Mapping[str, Sequence[str]] = {
    "activations": ("layers", *_SERIALIZATION),
    "backend": ("src.backend_config",),
    "callbacks": ("src.engine.training_utils_v1",),
    "engine": ("src.engine",),
    "initializers": _SERIALIZATION,
    "layers": ("src.utils.generic_utils", *_SERIALIZATION),
    "metrics": ("layers", "src.utils.generic_utils"),
    "models": ("layers", *_SERIALIZATION, "src.utils.generic_utils"),
    "preprocessing.image": ("preprocessing", "utils"),
    "preprocessing.text": ("preprocessing",),
    "utils": ("src.utils.layer_utils", "src.utils.generic_utils", "src.utils.io_utils"),
}

# --- single names --------------------------------------------------------------------------------------------------

#: Name -> its place today, as "module:attribute" below tf_keras; a leading "=" says: in our own keras_served.
NAMES: Mapping[str, str] = {
    "applications.imagenet_utils._obtain_input_shape": "src.applications.imagenet_utils:obtain_input_shape",
    "applications.mobilenet.DepthwiseConv2D": "layers:DepthwiseConv2D",
    "applications.mobilenet.relu6": "=relu6",
    "backend.Function": "src.backend:GraphExecutionFunction",
    "backend.control_dependencies": "=control_dependencies",
    "backend.get_variable_shape": "backend:int_shape",
    "backend.image_dim_ordering": "=image_dim_ordering",
    "backend.is_tensor": "=is_tensor",
    "backend.is_variable": "=is_variable",
    "backend.normalize_data_format": "src.utils.conv_utils:normalize_data_format",
    "backend.set_image_dim_ordering": "=set_image_dim_ordering",
    "backend.size": "=size",
    "backend.slice": "=slice",
    "engine.network.Network": "src.engine.functional:Functional",
    "engine.topology.Container": "src.engine.functional:Functional",
    "engine.topology.Network": "src.engine.functional:Functional",
    "engine.training.Network": "src.engine.functional:Functional",
    "layers.Convolution2DTranspose": "layers:Conv2DTranspose",
    "layers.CuDNNGRU": "=CuDNNGRU",
    "layers.CuDNNLSTM": "=CuDNNLSTM",
    "layers.Deconv2D": "layers:Conv2DTranspose",
    "layers.Deconv3D": "layers:Conv3DTranspose",
    "layers.Deconvolution2D": "layers:Conv2DTranspose",
    "layers.Deconvolution3D": "layers:Conv3DTranspose",
    "losses.cosine": "losses:cosine_similarity",
    "losses.cosine_proximity": "losses:cosine_similarity",
    "metrics.cosine": "losses:cosine_similarity",
    "metrics.cosine_proximity": "losses:cosine_similarity",
    "optimizers.adadelta": "optimizers:Adadelta",
    "optimizers.adagrad": "optimizers:Adagrad",
    "optimizers.adam": "optimizers:Adam",
    "optimizers.adamax": "optimizers:Adamax",
    "optimizers.nadam": "optimizers:Nadam",
    "optimizers.rmsprop": "optimizers:RMSprop",
    "optimizers.sgd": "optimizers:SGD",
}

#: The optimizers that exist in two editions; programs in Keras 2 spelling mean the one with ``lr`` and ``decay``.
LEGACY_OPTIMIZERS = ("Adadelta", "Adagrad", "Adam", "Adamax", "Ftrl", "Nadam", "Optimizer", "RMSprop", "SGD")

# --- what cannot mean the same -------------------------------------------------------------------------------------

_STRATEGY = "tf.distribute.MirroredStrategy, with the model built and compiled in its scope()"
_DILATED = "with dilation_rate in place of atrous_rate"
_KERAS_1 = "it was Keras 1's and deprecated in Keras 2.0"

#: Name, or module with all that is in it -> what to write.
GONE: Mapping[str, str] = {
    "layers.AtrousConv1D": f"Conv1D {_DILATED}",
    "layers.AtrousConv2D": f"Conv2D {_DILATED}",
    "layers.AtrousConvolution1D": f"Conv1D {_DILATED}",
    "layers.AtrousConvolution2D": f"Conv2D {_DILATED}",
    "layers.ConvLSTM2DCell": "ConvLSTM2D",
    "layers.ConvRNN2D": "ConvLSTM2D",
    "layers.ConvRecurrent2D": f"ConvLSTM2D ({_KERAS_1})",
    "layers.Highway": f"a layer of your own ({_KERAS_1})",
    "layers.MaxoutDense": f"a layer of your own ({_KERAS_1})",
    "layers.Recurrent": "RNN, with the step in a cell",
    "legacy": f"what its documentation names in its place ({_KERAS_1})",
    "mixed_precision.experimental": "tf.keras.mixed_precision itself: set_global_policy in place of set_policy",
    "utils.HDF5Matrix": "the data set of h5py itself: h5py.File(path)[name]",
    "utils.multi_gpu_model": _STRATEGY,
    "utils.multi_gpu_utils": _STRATEGY,
    "utils.training_utils": _STRATEGY,
    "wrappers": "the wrappers of the package scikeras, or fit and predict themselves",
}

#: Arguments that Keras 2 renamed, and took under their old name up to 2.2.
ARGUMENTS_OF_KERAS_1: Mapping[str, str] = {
    "nb_epoch": "epochs",
    "samples_per_epoch": "steps_per_epoch, which counts batches",
    "nb_val_samples": "validation_steps, which counts batches",
    "val_samples": "steps, which counts batches",
    "max_q_size": "max_queue_size",
    "nb_worker": "workers",
    "pickle_safe": "use_multiprocessing",
    "output_dim": "units",
    "nb_filter": "filters",
    "border_mode": "padding",
    "subsample": "strides",
    "dim_ordering": "data_format",
    "init": "kernel_initializer",
    "inner_init": "recurrent_initializer",
    "inner_activation": "recurrent_activation",
    "W_regularizer": "kernel_regularizer",
    "U_regularizer": "recurrent_regularizer",
    "b_regularizer": "bias_regularizer",
    "W_constraint": "kernel_constraint",
    "b_constraint": "bias_constraint",
    "bias": "use_bias",
    "p": "rate",
    "dropout_W": "dropout",
    "dropout_U": "recurrent_dropout",
    "input": "inputs",
    "output": "outputs",
}

#: What only Keras 3 has, as far as programs and packages ask for it.
KERAS_3_ONLY = frozenset({"ops", "random", "distribution", "tree", "dtype_policies", "quantizers", "visualization"}) | {
    "KerasTensor", "Operation", "StatelessScope", "SymbolicScope", "Quantizer", "DTypePolicy", "FloatDTypePolicy",
    "Variable", "RematScope", "remat", "device", "version",
}  # fmt: skip
