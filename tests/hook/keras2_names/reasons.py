"""Why a name of Keras 2 is not served: each that is missing must match one of these, or have a sentence of its own."""

from __future__ import annotations

import re
from collections.abc import Iterable

_HELPERS = (
    "to_list|has_arg|transpose_shape|object_list_uid|unpack_singleton|disable_tracking|getargspec|py_slice|eager|symbolic|"
    "path_to_string|is_symbolic|is_sequence|is_model|clip_norm|v1_variable_initialization|get_globals|filter_top_k|"
    "weighted_assign_add|broadcast_weights|expand_1d|apply_mask|get_mask|convert_to_list|K|standardize_input_data|"
    "print_layer_summary|is_built_in|is_tensor_or_variable|get_custom_objects_by_name|cast_variables_to_tensor|namespace|"
    "entries|required_entries|backend_module|load_backend|init_pool"
)

REASONS: tuple[tuple[str, str], ...] = (
    (r"\.(theano|cntk|numpy)_backend$|\.load_backend$|convert_all_kernels|convert_kernel|pattern_broadcast", "of Theano and CNTK"),
    (r"keras_modules_injection|applications\.(backend|layers|models|utils)$|preprocessing\.utils$", "how Keras was handed to keras_applications and keras_preprocessing"),
    (r"_gauge$", "counters of use inside TensorFlow"),
    (rf"\.({_HELPERS})$", "a helper of Keras' own code"),
    (r"H5Dict|h5dict|HDF5_OBJECT_HEADER_LIMIT|_binary_h5py|_from_gcs|_to_gcs|pickle_model", "a helper of reading and writing files"),
    (r"\.engine\.(training|training_utils|training_arrays|training_generator|compile_utils|sequential|base_layer_v1)\b(?!.*model$)", "inside the loop of training and the engine"),
    (r"\.get_(losses|updates)_for$", "removed with Keras 2.13: layer.losses has what there is"),
    (r"base_preprocessing_layer|CategoryCrossing|category_|\.reduction$|image_preprocessing|text_vectorization|relax_input_shape", "experimental preprocessing of 2.6"),
    (r"legacy_rnn|PeepholeLSTMCell|RECURRENT_DROPOUT_WARNING_MSG|keras_temporary_dropout_rate", "experimental recurrent layers of 2.6"),
    (r"mixed_precision\.", "experimental mixed precision of 2.6: use tf.keras.mixed_precision"),
    (r"\.saving\.|saved_model", "inside the reading and writing of SavedModel"),
    (r"\.legacy_tf_layers\.|\.combinations|\.distribute\.|\.dtensor|\.type\b|worker_training_state|strategy_supports", "TensorFlow's own, not for programs"),
    (r"\.(run_internal_graph|uses_learning_phase|assert_input_compatibility|Node\.get_config|cell|join_end_of_epoch|Sequential\.model)$", "an inner method or property of 2.2"),
    (r"\.Layer\.built$|\.Optimizer\.lr$", "is there on the object, not on the class"),
    (r"deconv_length|losses_utils\.Reduction|CustomMaskWarning|BaseMeanIoU|AddMetric|in_place_subclassed", "a helper of Keras' own code"),
)  # fmt: skip


def reason(name: str, sentence: str) -> str | None:
    """Why *name* is missing, in words, or None if nobody has said it yet.

    Args:
        sentence: what the option said when it was asked for.
    """
    _, found, instead = sentence.partition("means the same as ")
    if found:
        return f"no equal: {instead.partition(': ')[2]}"
    return next((why for pattern, why in REASONS if re.search(pattern, name)), None)


def unexplained(missing: dict[str, str]) -> list[str]:
    return [name for name, sentence in missing.items() if reason(name, sentence) is None]


def stale(missing: Iterable[str]) -> list[str]:
    """Patterns that no missing name needs any more."""
    names = list(missing)
    return [pattern for pattern, _ in REASONS if not any(re.search(pattern, name) for name in names)]
