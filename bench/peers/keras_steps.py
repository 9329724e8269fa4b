#!/usr/bin/env python3
"""A training step of one of the eight models in Keras on TensorFlow: prints its time and memory as a line of JSON.

usage: bench/peers/keras_steps.py MODEL [--variant graph|xla] [--batch-size N] [--steps N] [--threads N]

A step is one call of a tf.function: forward (dropout and batch normalization as in training), the mean cross-entropy,
backward, Adam, and Keras's metrics of loss and accuracy, which are not read. The variant xla compiles it with XLA, as
model.compile does unless told otherwise. The batch lies ready in memory; loading it is not counted.
"""
import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")

import keras
import tensorflow as tf
from keras import layers as kl

from models import measure, options
from start import batch_of, layers_of


def layer_of(kind, *arguments):
    if kind == "conv":
        filters, padding = arguments
        return kl.Conv2D(filters, 3, activation="relu", padding=padding)
    if kind == "dense":
        units, activation, l2 = arguments
        return kl.Dense(units, activation=activation, kernel_regularizer=keras.regularizers.L2(l2) if l2 else None)
    kinds = {"pool": lambda: kl.MaxPooling2D(2), "flatten": kl.Flatten, "norm": kl.BatchNormalization,
             "relu": lambda: kl.Activation("relu"), "dropout": kl.Dropout}
    return kinds[kind](*arguments)


def main():
    chosen = options(__doc__, ["graph", "xla"])
    tf.config.threading.set_intra_op_parallelism_threads(chosen.threads)
    keras.utils.set_random_seed(0)
    images, labels, weights = batch_of(chosen)
    images, labels = tf.constant(images), tf.constant(labels)
    models = []

    def make_step():
        model = keras.Sequential([keras.Input((32, 32, 3))] + [layer_of(*layer) for layer in layers_of(chosen)])
        models.append(model)
        for variable, weight in zip(model.trainable_variables, weights or []):
            variable.assign(weight)
        adam = keras.optimizers.Adam()
        adam.build(model.trainable_variables)
        loss_of = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
        mean_loss, accuracy = keras.metrics.Mean(), keras.metrics.SparseCategoricalAccuracy()

        @tf.function(jit_compile=chosen.variant == "xla")
        def step():
            with tf.GradientTape() as tape:
                logits = model(images, training=True)
                loss = loss_of(labels, logits)
                if model.losses:
                    loss += tf.add_n(model.losses)
            adam.apply_gradients(zip(tape.gradient(loss, model.trainable_variables), model.trainable_variables))
            mean_loss.update_state(loss)
            accuracy.update_state(labels, logits)
            return loss

        return step

    measure(make_step, lambda: sum(int(tf.size(w)) for w in models[0].trainable_weights), chosen,
            f"Keras {keras.__version__} (TensorFlow {tf.__version__})")


main()
