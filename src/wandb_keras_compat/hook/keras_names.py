"""Where the names of Keras 2 are in tf_keras today: what ``keras="tf_keras"`` serves beside tf_keras' own names.

Everything is named as seen from the package: ``layers.core`` is ``keras.layers.core`` in a program and
``tf_keras.layers.core``, if it existed, in the package. A module that is in no table here is looked for at its own
place and then below ``tf_keras.src``, where tf_keras keeps what Keras 2.6 to 2.12 had at the top; a name that is in
none is looked for in the module, then in the module of the same place below ``src``.

Standard library only, and no code: this is the table.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

# --- modules that are nowhere in tf_keras, or hold less there than they did ----------------------------------------

_MERGE = "Add Subtract Multiply Average Maximum Minimum Concatenate Dot add subtract multiply average maximum minimum"

#: Module -> (where its names are looked for, in order; the names that ``import *`` gives).
MODULES: Mapping[str, tuple[Sequence[str], str]] = {
    "layers.advanced_activations": (("layers",), "LeakyReLU PReLU ELU ThresholdedReLU Softmax ReLU"),
    "layers.convolutional": (
        ("layers", "src.layers.convolutional"),
        "Conv1D Conv2D Conv3D Conv1DTranspose Conv2DTranspose Conv3DTranspose DepthwiseConv2D SeparableConv1D "
        "SeparableConv2D UpSampling1D UpSampling2D UpSampling3D ZeroPadding1D ZeroPadding2D ZeroPadding3D "
        "Cropping1D Cropping2D Cropping3D Convolution1D Convolution2D Convolution3D Deconvolution2D Deconvolution3D",
    ),
    "layers.convolutional_recurrent": (("layers", "src.layers.rnn.base_conv_lstm"), "ConvLSTM2D"),
    "layers.core": (
        ("src.layers.core", "layers"),
        "Masking Dropout SpatialDropout1D SpatialDropout2D SpatialDropout3D Activation Reshape Permute Flatten "
        "RepeatVector Lambda Dense ActivityRegularization",
    ),
    "layers.cudnn_recurrent": (("layers",), "CuDNNGRU CuDNNLSTM"),
    "layers.dense_attention": (("layers", "src.layers.attention.base_dense_attention"), "Attention AdditiveAttention"),
    "layers.einsum_dense": (("layers",), "EinsumDense"),
    "layers.embeddings": (("layers",), "Embedding"),
    "layers.local": (("layers", "src.layers.locally_connected"), "LocallyConnected1D LocallyConnected2D"),
    "layers.merge": (("layers", "src.layers.merging"), f"{_MERGE} concatenate dot"),
    "layers.multi_head_attention": (("layers",), "MultiHeadAttention"),
    "layers.noise": (("layers",), "GaussianNoise GaussianDropout AlphaDropout"),
    "layers.normalization": (("src.layers.normalization", "layers"), "BatchNormalization LayerNormalization"),
    "layers.pooling": (
        ("layers", "src.layers.pooling"),
        "MaxPooling1D MaxPooling2D MaxPooling3D AveragePooling1D AveragePooling2D AveragePooling3D "
        "GlobalAveragePooling1D GlobalAveragePooling2D GlobalAveragePooling3D GlobalMaxPooling1D GlobalMaxPooling2D "
        "GlobalMaxPooling3D MaxPool1D MaxPool2D MaxPool3D AvgPool1D AvgPool2D AvgPool3D",
    ),
    "layers.recurrent": (
        ("layers", "src.layers.rnn"),
        "RNN SimpleRNNCell SimpleRNN GRUCell GRU LSTMCell LSTM StackedRNNCells",
    ),
    "layers.recurrent_v2": (("layers", "src.layers.rnn"), "GRU GRUCell LSTM LSTMCell"),
    "layers.wrappers": (("layers",), "Wrapper TimeDistributed Bidirectional"),
    "engine": (("layers", "models", "src.engine"), "InputSpec Layer Input InputLayer Model"),
    "engine.network": (("src.engine.functional", "models", "layers"), "Network"),
    "engine.topology": (
        ("layers", "models", "src.engine.base_layer", "src.utils.layer_utils", "src.utils.io_utils"),
        "Layer Input InputLayer InputSpec Node Network Container get_source_inputs",
    ),
    "engine.saving": (("src.saving.legacy.hdf5_format", "models"), "save_model load_model model_from_config"),
    "legacy": ((), ""),
    "objectives": (("losses", "src.losses"), ""),
    "backend.tensorflow_backend": (("backend", "src.backend"), ""),
    "backend.common": (("backend", "src.backend_config"), "epsilon set_epsilon floatx set_floatx cast_to_floatx"),
    "utils.layer_utils": (("src.utils.layer_utils", "utils"), ""),
    "utils.multi_gpu_utils": ((), ""),
    "utils.training_utils": ((), ""),
    "utils.test_utils": ((), ""),
}

# --- single names --------------------------------------------------------------------------------------------------

#: Name -> its place today, as "module:attribute" below tf_keras; a leading "=" says: in our own keras_served.
NAMES: Mapping[str, str] = {
    "layers.CuDNNLSTM": "=CuDNNLSTM",
    "layers.CuDNNGRU": "=CuDNNGRU",
    "layers.Convolution2DTranspose": "layers:Conv2DTranspose",
    "layers.Deconvolution2D": "layers:Conv2DTranspose",
    "layers.Deconvolution3D": "layers:Conv3DTranspose",
    "engine.network.Network": "src.engine.functional:Functional",
    "engine.topology.Network": "src.engine.functional:Functional",
    "engine.topology.Container": "src.engine.functional:Functional",
    "engine.topology.Node": "src.engine.node:Node",
    "applications.imagenet_utils._obtain_input_shape": "src.applications.imagenet_utils:obtain_input_shape",
    "utils.np_utils": "src.utils.np_utils:",
}

#: The optimizers that exist in two editions; programs in Keras 2 spelling mean the one with ``lr`` and ``decay``.
LEGACY_OPTIMIZERS = ("Adadelta", "Adagrad", "Adam", "Adamax", "Ftrl", "Nadam", "Optimizer", "RMSprop", "SGD")

# --- what cannot mean the same -------------------------------------------------------------------------------------

#: Name, or module with all that is in it -> what to write.
GONE: Mapping[str, str] = {
    "utils.multi_gpu_model": "tf.distribute.MirroredStrategy, with the model built and compiled in its scope()",
    "utils.multi_gpu_utils": "tf.distribute.MirroredStrategy, with the model built and compiled in its scope()",
    "wrappers": "the package scikeras (pip install scikeras; from scikeras.wrappers import KerasClassifier)",
}

#: What only Keras 3 has, as far as programs and packages ask for it.
KERAS_3_ONLY = frozenset({"ops", "random", "distribution", "tree", "dtype_policies", "quantizers", "visualization"}) | {
    "KerasTensor", "Operation", "StatelessScope", "SymbolicScope", "Quantizer", "DTypePolicy", "FloatDTypePolicy",
    "Variable", "RematScope", "remat", "device", "version",
}  # fmt: skip
