"""``input_type`` / ``output_type``: example images with predictions and references, once per epoch."""

from __future__ import annotations

from itertools import chain
from typing import Any

import numpy as np
import wandb

from .. import messages
from ..data import batches as forms
from ..data.arrays import class_names
from ..data.batch_memory import BatchMemory
from ..host.feature import Feature
from ..sdk import images as sdk_images

#: The kinds that are drawn. ``images`` is another word for ``image``.
PICTURES = ("image", "images", "segmentation_mask")


class Examples(Feature):
    """Logs ``examples``: for each sample some of input, prediction and reference, in that order.

    =============================  ==============  ===============================  =====================
    input_type                     output_type     images of a sample               caption
    =============================  ==============  ===============================  =====================
    image, segmentation_mask       label           input                            predicted class
    image, segmentation_mask       image or mask   input, prediction, reference
    image, segmentation_mask       anything else   input
    label                          image or mask   prediction, reference            class of the input
    None, anything else            image or mask   prediction, reference
    =============================  ==============  ===============================  =====================
    """

    lost = "example images"

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        # A generator of its own: choosing examples must not move the user's random stream.
        self._random = np.random.default_rng(0)
        self._sampled: tuple[Any, tuple[Any, Any]] | None = None
        self._last: Any = None
        self._batch_size: int | None = None

    def on_epoch_end(self, epoch: int, logs: dict[str, Any]) -> None:
        callback = self.callback
        if callback.predictions < 1 or self._surely_draws_nothing():
            return
        pair = self._validation_data()
        if pair is not None:
            self._guess_types_from_data(*pair[:2])
        if callback.input_type not in PICTURES and callback.output_type not in PICTURES:
            if pair is not None:
                self.warn(messages.nothing_to_draw(callback.input_type, callback.output_type), "types")
            return
        if pair is None:
            return
        given, callback.validation_data = callback.validation_data, pair
        try:
            images = self.callback._log_images(num_images=callback.predictions)
        finally:
            callback.validation_data = given
        self.run.add({"examples": images})

    # --- data ----------------------------------------------------------------------------------------------

    def _surely_draws_nothing(self) -> bool:
        """Whether the types are known and draw nothing: then no batch is taken from a generator."""
        types = input_type, output_type = self.callback.input_type, self.callback.output_type
        guessed = input_type == "auto" or (input_type and output_type is None)
        if guessed or any(t in PICTURES for t in types):
            return False
        self.warn(messages.nothing_to_draw(input_type, output_type), "types")
        return True

    def _validation_data(self) -> Any:
        """This epoch's ``(x, y)``, or None: the next batch of a generator, or samples of anything else."""
        source = self.callback._validation_source()
        if source is None:
            unreadable = self.callback._unreadable()
            legacy = messages.NO_VALIDATION_DATA
            self.warn(f"{legacy} {unreadable}" if unreadable else messages.no_examples(), unreadable)
            return None
        if isinstance(source, (list, tuple)):
            return source
        if isinstance(source, BatchMemory) and not source.seen:
            return None  # Keras did not validate in this epoch, as validation_freq has it
        if hasattr(source, "__next__"):
            try:
                self._last = next(source)
            except StopIteration:
                dry = messages.generator_ran_dry("validation data")
                self.warn(messages.no_examples("the generator gave no batch") if self._last is None else dry)
            return self._last
        batches = source.seen if isinstance(source, BatchMemory) else source
        if self._sampled is None or self._sampled[0] is not source:
            self._sampled = (source, forms.first_samples(batches, self.callback.predictions))
        return self._sampled[1]

    def guess_types_from_model(self) -> None:
        """Guesses ``input_type="auto"`` and a missing ``output_type`` from the shapes of a single input and output."""
        callback = self.callback
        inputs, outputs = self.backend.input_shapes(self.model), self.backend.output_shapes(self.model)
        if callback.input_type == "auto" and inputs is not None and len(inputs) == 1:
            callback.input_type = sdk_images.guess_data_type(inputs[0], risky=True)
        if callback.input_type and callback.output_type is None and outputs is not None and len(outputs) == 1:
            callback.output_type = sdk_images.guess_data_type(outputs[0])

    def _guess_types_from_data(self, x: Any, y: Any) -> None:
        """Guesses from the data the types that the model did not tell because it has no symbolic inputs."""
        callback = self.callback
        if callback.input_type == "auto" and self.backend.input_shapes(self.model) is None:
            callback.input_type = sdk_images.guess_data_type(np.shape(forms.sole_array(x)), risky=True)
        if callback.input_type and callback.output_type is None and self.backend.output_shapes(self.model) is None:
            callback.output_type = sdk_images.guess_data_type(np.shape(forms.sole_array(y)))

    # --- images --------------------------------------------------------------------------------------------

    def images(self, num_images: int) -> list[wandb.Image] | None:
        """The images of up to *num_images* samples: all in order, or as many drawn at random.

        None where nothing is drawn for the pair of types.
        """
        callback = self.callback
        x, y = self._one_array(callback.validation_data[0]), callback.validation_data[1]
        samples = forms.sample_count(x)
        chosen: Any = range(samples)
        if samples > num_images:
            chosen = self._random.choice(samples, num_images, replace=False)
        inputs = forms.take(x, chosen)
        references = None if y is None else forms.sole_array(forms.take(y, chosen))
        predictions = forms.sole_array(self._predict(inputs))
        if callback.input_type in PICTURES:
            return self._of_inputs(inputs, predictions, references)
        if callback.output_type not in PICTURES:
            return None
        captions = self._captions(inputs) if callback.input_type == "label" else None
        groups = [self._pictures(predictions), self._pictures(references)]
        return _interleaved(groups, captions)

    def _of_inputs(self, inputs: Any, predictions: Any, references: Any) -> list[wandb.Image]:
        callback, inputs = self.callback, forms.sole_array(inputs)
        if isinstance(inputs, dict) or forms.is_structure(inputs):
            raise ValueError(messages.several_inputs())
        if callback.output_type == "label":
            return _interleaved([inputs], self._captions_if_any(predictions))
        if callback.output_type not in PICTURES:
            return _interleaved([inputs], None)
        drawn = self._colored(inputs) if callback.input_type == "segmentation_mask" else inputs
        return _interleaved([drawn, self._pictures(predictions), self._pictures(references)], None)

    def _pictures(self, outputs: Any) -> Any:
        if not _is_one(outputs):
            raise ValueError(messages.several_outputs())
        if self.callback.output_type == "segmentation_mask":
            return self._colored(outputs)
        return outputs

    def _captions_if_any(self, predictions: Any) -> list[Any] | None:
        """None where the model has several outputs, unless a subclass has captions for them."""
        if _is_one(predictions):
            return self._captions(predictions)
        try:
            return self._captions(predictions)
        except ValueError:
            self.warn(messages.no_captions(), "captions")
            return None

    def _captions(self, logits: Any) -> list[Any]:
        return self.callback._logits_to_captions(logits)

    def _colored(self, masks: Any) -> Any:
        return self.callback._masks_to_pixels(masks)

    def _one_array(self, x: Any) -> Any:
        """*x* without the list around it, where the model has one input.

        A list may hold one array per input, as Keras reads it, or one array per sample, as the legacy
        class read it; only the first has as many entries as the model has inputs.
        """
        inputs = self.backend.input_shapes(self.model)
        if not forms.is_structure(x) or inputs is None:
            return x
        if len(x) != len(inputs):
            return np.stack(x)
        return x[0] if len(x) == 1 else x

    def _predict(self, inputs: Any) -> Any:
        samples = forms.sample_count(inputs)
        predictions = self.backend.predict(self.model, inputs, self._batch_size)
        if forms.sample_count(predictions) != samples:  # the model's output is not per sample in larger batches
            self._batch_size = 1
            predictions = self.backend.predict(self.model, inputs, 1)
        return predictions

    def captions(self, logits: Any) -> list[Any]:
        """A caption for each row of *logits*, shape (samples, classes) or (samples, 1).

        Classes: the label of the highest value, or its index where there is no such label. One value:
        the second label above 0.5 and the first otherwise; the value itself without two labels.
        """
        if isinstance(logits, dict) or (isinstance(logits, (list, tuple)) and np.ndim(logits[0]) > 1):
            raise ValueError(messages.several_outputs())
        labels = class_names(self.callback.labels)
        if np.shape(logits[0])[-1] == 1:
            values = [float(np.ravel(row)[0]) for row in logits]
            if len(labels) == 2:
                return [labels[int(value > 0.5)] for value in values]
            if len(labels) != 0:
                self.warn(messages.TWO_LABELS)
            return values
        classes = [int(index) for index in np.argmax(np.stack(logits), axis=1)]
        return [labels[index] if index < len(labels) else index for index in classes]

    def pixels(self, masks: Any) -> Any:
        """*masks*, shape (samples, height, width, classes), as colours of their most likely classes.

        Masks of two dimensions or of one channel are grey images already and come back as they are.
        """
        if np.ndim(masks[0]) == 2 or np.shape(masks[0])[-1] == 1:
            return masks
        colors = self.callback.class_colors
        if colors is None:
            colors = np.array(wandb.util.class_colors(np.shape(masks[0])[2]))
        return colors[np.argmax(masks, axis=-1)]


def _is_one(outputs: Any) -> bool:
    """Whether *outputs* are those of one output of the model: an array, or a list of samples as in the legacy class."""
    return not isinstance(outputs, (dict, tuple)) and not (isinstance(outputs, list) and np.ndim(outputs[0]) > 1)


def _interleaved(groups: list[Any], captions: Any) -> list[wandb.Image]:
    """The images of all *groups* in the order first of each, second of each, ..., as W&B lays them out in rows."""
    if any(group is None for group in groups):
        raise ValueError(messages.no_references())
    columns = [
        [
            sdk_images.image(
                picture,
                caption=None if captions is None else captions[index],
                grouping=len(groups) if position == 0 and len(groups) > 1 else None,
            )
            for index, picture in enumerate(group)
        ]
        for position, group in enumerate(groups)
    ]
    return list(chain.from_iterable(zip(*columns)))
