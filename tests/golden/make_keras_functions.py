#!/usr/bin/env python3
"""Writes activations, initializers and regularizers.safetensors, as make_keras_golden.py writes the others (see there for what
it needs)."""
from make_keras_golden import compiled, formula, history, images, set_weights, write  # first, since it sets Keras up

import keras
import numpy as np
import tensorflow as tf
from keras import activations, layers


def write_activations():
    """y and dy/dx at 33 points, far out and near 0 as well."""
    x = np.concatenate([[-1e4, -300.0, -50.0, -20.0, 20.0, 50.0, 300.0, 1e4], np.linspace(-6, 6, 24), [1e-3]])
    functions = {
        "sigmoid": activations.sigmoid,
        "tanh": activations.tanh,
        "silu": activations.silu,
        "softplus": activations.softplus,
        "gelu": activations.gelu,
        "gelu_tanh": lambda x: activations.gelu(x, approximate=True),
        "elu": activations.elu,
        "elu_0.75": lambda x: activations.elu(x, alpha=0.75),
        "leaky_relu": activations.leaky_relu,
        "LeakyReLU": layers.LeakyReLU(),
        "softmax": lambda x: activations.softmax(tf.reshape(x, (3, 11))),
    }
    tensors = {"x": x}
    for name, function in functions.items():
        variable = tf.Variable(x)
        with tf.GradientTape() as tape:
            y = function(variable)
            cotangent = formula(y.shape, 3000) if name == "softmax" else np.ones(y.shape)
        tensors[name + "/y"] = y.numpy()
        tensors[name + "/dx"] = tape.gradient(y, variable, output_gradients=tf.constant(cotangent)).numpy()
    write("activations", tensors)


def write_initializers():
    """Mean, variance and largest size of 36,000 numbers, 300 in and 1800 out."""
    shape, tensors = (3, 5, 20, 120), {}
    for name in ["GlorotUniform", "GlorotNormal", "HeUniform", "HeNormal", "LecunUniform", "LecunNormal", "RandomUniform",
                 "RandomNormal", "TruncatedNormal"]:
        values = np.asarray(getattr(keras.initializers, name)(seed=1)(shape))
        tensors[name] = np.array([values.mean(), values.var(), np.abs(values).max()])
    for name, shape in {"tall": (3, 2, 2, 5), "wide": (4, 9)}.items():
        values = np.asarray(keras.initializers.Orthogonal(gain=1.5, seed=1)(shape)).reshape(-1, shape[-1])
        tensors["Orthogonal/" + name] = values.T @ values if name == "tall" else values @ values.T
    write("initializers", tensors)


def write_regularizers():
    """One batch of 12 per epoch; the penalties are more than half of the loss."""
    l1, l2, l1_l2 = keras.regularizers.L1, keras.regularizers.L2, keras.regularizers.L1L2
    model = keras.Sequential([
        layers.Input((2, 2, 3)),
        layers.Conv2D(4, 2, activation="relu", padding="same", kernel_regularizer=l1(0.03125), bias_regularizer=l2(0.5),
                      activity_regularizer=l1_l2(0.015625, 0.0625)),
        layers.Flatten(),
        layers.Dense(10, kernel_regularizer=l1_l2(0.03125, 0.0625), bias_regularizer=l1(0.125),
                     activity_regularizer=l2(0.125))])
    set_weights(compiled(model, keras.optimizers.SGD(0.0625)), 3100)
    x, labels = images((12, 2, 2, 3), 3110), np.arange(12) % 10
    validation = images((7, 2, 2, 3), 3111), np.arange(7) % 10
    tensors = history(model, x, labels, batch_size=12, epochs=3, validation_data=validation)
    tensors["evaluate"] = np.array(model.evaluate(*validation, batch_size=4, verbose=0))  # loss, accuracy
    write("regularizers", tensors)


if __name__ == "__main__":
    write_activations()
    write_initializers()
    write_regularizers()
