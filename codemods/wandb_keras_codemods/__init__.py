"""Codemods that move code off W&B's legacy Keras callback.

The package rewrites Python files, notebooks and YAML files. It needs neither wandb nor TensorFlow: nothing it
reads is ever imported. ``python -m wandb_keras_codemods PATH…`` runs it, and so does the ``migrate``
subcommand of ``wandb-keras-compat``; ``codemods/README.md`` documents every rule.
"""
