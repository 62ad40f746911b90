"""What Keras 2 had and Keras 3 has not: to know an error, or a line of a program, that comes of it.

Not everything: the modules and public names of Keras 2.2, 2.3, 2.6 and 2.12, held against Keras 3.15. TensorFlow's
``tf.keras`` is a Keras 3 with some of them kept, so there are two tables.

Standard library only, and no code but the questions at the end: ``run`` asks them too, without the extra ``codemods``.
"""

from __future__ import annotations

from collections.abc import Mapping

#: Module -> the names that are in neither ``keras`` nor ``tf.keras``.
REMOVED: Mapping[str, str] = {
    "": "dtensor engine estimator experimental",
    "backend": (
        "Function control_dependencies conv3d_transpose experimental function get_session get_variable_shape "
        "identity image_dim_ordering in_test_phase in_train_phase is_placeholder is_tensor is_variable "
        "learning_phase learning_phase_scope local_conv1d local_conv2d logsumexp "
        "manual_variable_initialization normalize_batch_in_training normalize_data_format pattern_broadcast "
        "placeholder print_tensor random_binomial reset_uids separable_conv1d set_image_dim_ordering "
        "set_learning_phase set_session size slice"
    ),
    "callbacks": "BaseLogger Progbar experimental",
    "constraints": "RadialConstraint maxnorm nonneg radial_constraint unitnorm",
    "initializers": "normal one uniform zero",
    "layers": (
        "AbstractRNNCell AtrousConv1D AtrousConv2D AtrousConvolution1D AtrousConvolution2D ConvLSTM2DCell "
        "ConvRNN2D ConvRecurrent2D CuDNNGRU CuDNNLSTM Deconv2D Deconv3D Deconvolution2D Deconvolution3D "
        "DenseFeatures Highway LocallyConnected1D LocallyConnected2D MaxoutDense Recurrent experimental"
    ),
    "losses": "LossFunctionWrapper cosine cosine_proximity huber_loss is_categorical_crossentropy",
    "metrics": (
        "BaseMeanIoU MeanRelativeError MeanTensor Reduce SensitivitySpecificityBase accuracy clone_metric "
        "clone_metrics cosine cosine_proximity cosine_similarity"
    ),
    "mixed_precision": "experimental",
    "models": "experimental model_from_config model_from_yaml",
    "optimizers": "TFOptimizer adadelta adagrad adam adamax experimental nadam rmsprop sgd",
    "preprocessing.image": "DataFrameIterator",
    "utils": (
        "GeneratorEnqueuer HDF5Matrix OrderedEnqueuer SequenceEnqueuer SidecarEvaluator conv_utils "
        "convert_all_kernels_in_model data_utils experimental generic_utils io_utils losses_utils "
        "metrics_utils multi_gpu_model np_utils print_summary"
    ),
}

#: Module -> the names that tf.keras has kept.
REMOVED_FROM_KERAS: Mapping[str, str] = {
    "backend": (
        "abs all any arange argmax argmin batch_dot batch_flatten batch_get_value batch_normalization "
        "batch_set_value bias_add binary_crossentropy binary_focal_crossentropy cast cast_to_floatx "
        "categorical_crossentropy clip concatenate constant conv1d conv2d conv2d_transpose conv3d cos "
        "count_params ctc_batch_cost ctc_decode ctc_label_dense_to_sparse cumprod cumsum depthwise_conv2d dot "
        "dropout dtype elu equal eval exp expand_dims eye flatten foldl foldr gather get_value gradients "
        "greater greater_equal hard_sigmoid in_top_k int_shape is_sparse l2_normalize less less_equal log "
        "map_fn max maximum mean min minimum moving_average_update name_scope ndim not_equal one_hot ones "
        "ones_like permute_dimensions pool2d pool3d pow prod random_bernoulli random_normal "
        "random_normal_variable random_uniform random_uniform_variable relu repeat repeat_elements reshape "
        "resize_images resize_volumes reverse rnn round separable_conv2d set_value shape sigmoid sign sin "
        "softmax softplus softsign sparse_categorical_crossentropy spatial_2d_padding spatial_3d_padding sqrt "
        "square squeeze stack std stop_gradient sum switch tanh temporal_padding tile to_dense transpose "
        "truncated_normal update update_add update_sub var variable zeros zeros_like"
    ),
    "layers": "RandomHeight RandomWidth ThresholdedReLU",
    "losses": "KLD MAE MAPE MSE MSLE Reduction kld kullback_leibler_divergence logcosh mae mape mse msle",
    "metrics": "KLD MAE MAPE MSE MSLE kld kullback_leibler_divergence logcosh mae mape mse msle",
    "preprocessing": "text",
    "preprocessing.image": (
        "DirectoryIterator ImageDataGenerator Iterator NumpyArrayIterator apply_affine_transform "
        "apply_brightness_shift apply_channel_shift random_brightness random_channel_shift random_rotation "
        "random_shear random_shift random_zoom"
    ),
    "preprocessing.sequence": "TimeseriesGenerator make_sampling_table skipgrams",
}

_REMOVED_MODULES = (
    "applications.mobilenetv2 backend.common backend.load_backend backend.tensorflow_backend backend_config "
    "callbacks.callbacks callbacks.experimental callbacks.tensorboard_v1 callbacks.tensorboard_v2 combinations "
    "datasets.cifar distribute dtensor engine estimator experimental feature_column layers.advanced_activations "
    "layers.attention layers.convolutional layers.convolutional_recurrent layers.core layers.cudnn_recurrent "
    "layers.dense_attention layers.einsum_dense layers.embeddings layers.experimental layers.kernelized "
    "layers.legacy_rnn layers.local layers.merge layers.merging layers.multi_head_attention layers.noise "
    "layers.normalization layers.pooling layers.recurrent layers.recurrent_v2 layers.rnn layers.serialization "
    "layers.wrappers legacy mixed_precision.experimental mixed_precision.policy models.experimental objectives "
    "optimizer_v1 optimizer_v2 optimizers.experimental premade preprocessing.timeseries saving.hdf5_format "
    "saving.save saving.saved_model saving.saving_utils utils.all_utils utils.conv_utils utils.data_utils "
    "utils.generic_utils utils.io_utils utils.layer_utils utils.losses_utils utils.metrics_utils "
    "utils.multi_gpu_utils utils.np_utils utils.test_utils utils.tf_utils utils.training_utils utils.vis_utils "
    "wrappers"
)
#: Packages and modules; with a package goes what is in it.
REMOVED_MODULES = frozenset(_REMOVED_MODULES.split())
REMOVED_MODULES_FROM_KERAS = frozenset({"preprocessing.text"})

_REMOVED_METHODS = (
    "fit_generator evaluate_generator predict_generator predict_classes predict_proba to_yaml state_updates "
    "uses_learning_phase get_losses_for get_updates_for get_input_at get_output_at get_input_shape_at "
    "get_output_shape_at get_input_mask_at get_output_mask_at input_mask output_mask add_update lr get_updates "
    "get_gradients get_weights set_weights output_shape input_shape"
)
#: Methods and attributes of models, layers and optimizers.
REMOVED_METHODS = frozenset(_REMOVED_METHODS.split())

_REMOVED_ARGUMENTS = (
    "decay lr workers use_multiprocessing max_queue_size period weights input_dim input_length batch_input_shape "
    "implementation batch_size epsilon write_grads embeddings_freq embeddings_layer_names embeddings_metadata "
    "embeddings_data fused virtual_batch_size options custom_objects sample_weight_mode target_tensors"
)
#: Arguments that a function or class of Keras 3 refuses and that Keras 2 took.
REMOVED_ARGUMENTS = frozenset(_REMOVED_ARGUMENTS.split())


def removed_module(below: str, *, tensorflow: bool = False) -> bool:
    """Whether Keras 2 had the module ``keras.<below>`` and Keras 3 has not.

    Args:
        tensorflow: ``tensorflow.keras.<below>`` is meant.
    """
    gone = REMOVED_MODULES if tensorflow else REMOVED_MODULES | REMOVED_MODULES_FROM_KERAS
    parts = below.split(".")
    return any(".".join(parts[: count + 1]) in gone for count in range(len(parts)))


def removed_name(below: str, name: str, *, tensorflow: bool = False) -> bool:
    """Whether Keras 2 had *name* in the module ``keras.<below>`` and Keras 3 has not."""
    tables = (REMOVED,) if tensorflow else (REMOVED, REMOVED_FROM_KERAS)
    full = f"{below}.{name}" if below else name
    return any(name in table.get(below, "").split() for table in tables) or removed_module(full, tensorflow=tensorflow)


#: Of those, what tf_keras has no more either, or not with the same meaning; named like the modules above.
_NOT_IN_TF_KERAS = (
    "layers.AtrousConv1D layers.AtrousConv2D layers.AtrousConvolution1D layers.AtrousConvolution2D "
    "layers.ConvLSTM2DCell layers.ConvRNN2D layers.ConvRecurrent2D layers.Highway layers.MaxoutDense "
    "layers.Recurrent legacy mixed_precision.experimental utils.HDF5Matrix utils.multi_gpu_model "
    "utils.multi_gpu_utils utils.training_utils wrappers"
)
NOT_IN_TF_KERAS = frozenset(_NOT_IN_TF_KERAS.split())


def not_in_tf_keras(below: str) -> bool:
    """Whether ``keras.<below>`` is one of :data:`NOT_IN_TF_KERAS`, or in one of those modules."""
    parts = below.split(".")
    return any(".".join(parts[: count + 1]) in NOT_IN_TF_KERAS for count in range(len(parts)))
