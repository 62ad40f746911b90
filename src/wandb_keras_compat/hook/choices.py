"""The values of ``keras=``, and the environment variable that hands the choice to child processes."""

from __future__ import annotations

#: What ``install(keras=...)`` takes. The second logs metrics under the names that Keras up to 2.2 gave them.
KERAS_CHOICES = ("tf_keras", "tf_keras:2.2")
AS_IN_2_2 = KERAS_CHOICES[1]
#: Names the Keras that a program means, as ``install(keras=...)`` does.
KERAS_VARIABLE = "WANDB_KERAS_COMPAT_KERAS"
