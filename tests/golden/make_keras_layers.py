#!/usr/bin/env python3
"""Writes layers.safetensors: a training step of one layer after the other, as make_keras_golden.py writes the others (see
there for what it needs)."""
from make_keras_golden import formula, run_layer, write  # first, since it sets Keras up

import tensorflow as tf
from keras import layers


class ByGroup(layers.Layer):
    """A Conv2D with groups, as the Conv2Ds of its groups: TensorFlow has no gradient of groups on the processor."""

    def __init__(self, filters, kernel_size, groups, **options):
        super().__init__()
        self.grouped = layers.Conv2D(filters, kernel_size, groups=groups, **options)
        self.options = {**options, "kernel_size": kernel_size, "filters": filters // groups}

    def build(self, shape):
        self.grouped.build(shape)  # it owns the weights

    def call(self, x, training=None):
        outputs, groups = [], self.grouped.groups
        kernels = tf.split(self.grouped.kernel, groups, axis=-1)
        biases = tf.split(self.grouped.bias, groups)
        for part, kernel, bias in zip(tf.split(x, groups, axis=-1), kernels, biases):
            y = tf.nn.conv2d(part, kernel, self.grouped.strides, self.grouped.padding.upper(),
                             dilations=self.grouped.dilation_rate)
            outputs.append(y + bias)
        return self.grouped.activation(tf.concat(outputs, axis=-1))


CASES = {  # name: layer, shape of x
    "conv2d_dilated": (layers.Conv2D(2, (3, 2), padding="same", dilation_rate=(2, 3)), (1, 5, 6, 2)),
    "conv2d_dilated_valid": (layers.Conv2D(2, 3, dilation_rate=2, activation="relu"), (1, 6, 5, 2)),
    "conv2d_groups": (ByGroup(4, 3, 2, padding="same", activation="relu"), (1, 4, 3, 4)),
    "conv2d_groups_strides": (ByGroup(3, (2, 3), 3, strides=2, padding="same"), (1, 5, 4, 6)),
    "depthwise": (layers.DepthwiseConv2D(3, padding="same"), (1, 4, 3, 3)),
    "depthwise_multiplied": (layers.DepthwiseConv2D(3, strides=2, padding="same", depth_multiplier=2,
                                                    activation="relu"), (1, 6, 5, 2)),
    "depthwise_dilated": (layers.DepthwiseConv2D((2, 3), dilation_rate=2, use_bias=False), (1, 5, 6, 2)),
    "separable": (layers.SeparableConv2D(2, 3, padding="same", depth_multiplier=2, activation="relu"), (1, 4, 3, 2)),
    "separable_strides": (layers.SeparableConv2D(3, 3, strides=2), (1, 5, 7, 2)),
    "transpose": (layers.Conv2DTranspose(2, 3), (1, 3, 2, 2)),
    "transpose_strides": (layers.Conv2DTranspose(2, 3, strides=2, padding="same", activation="relu"), (1, 3, 2, 2)),
    "transpose_beyond": (layers.Conv2DTranspose(2, 2, strides=3), (1, 2, 3, 1)),
    "transpose_output_padding": (layers.Conv2DTranspose(1, 3, strides=2, padding="same", output_padding=0),
                                 (1, 3, 2, 2)),
    "transpose_valid_output_padding": (layers.Conv2DTranspose(1, (3, 2), strides=(2, 3), output_padding=(1, 2)),
                                       (1, 2, 2, 2)),
    "average": (layers.AveragePooling2D(2), (1, 5, 4, 2)),
    "average_same": (layers.AveragePooling2D(3, strides=2, padding="same"), (1, 6, 5, 2)),
    "average_overlapping": (layers.AveragePooling2D((2, 3), strides=1), (1, 3, 4, 2)),
    "global_average": (layers.GlobalAveragePooling2D(), (2, 3, 2, 3)),
    "global_average_kept": (layers.GlobalAveragePooling2D(keepdims=True), (2, 3, 2, 3)),
    "global_max": (layers.GlobalMaxPooling2D(), (2, 3, 2, 3)),
    "global_max_kept": (layers.GlobalMaxPooling2D(keepdims=True), (2, 3, 2, 3)),
    "up_sampling": (layers.UpSampling2D((2, 3)), (1, 2, 3, 2)),
    "reshape": (layers.Reshape((3, -1)), (2, 2, 3, 2)),
    "zero_padding": (layers.ZeroPadding2D(((1, 2), (0, 3))), (1, 2, 3, 2)),
    "cropping": (layers.Cropping2D(((1, 0), (2, 1))), (1, 3, 5, 2)),
    "layer_normalization": (layers.LayerNormalization(), (2, 2, 3, 5)),
    "layer_normalization_dense": (layers.LayerNormalization(epsilon=0.25, center=False), (4, 6)),
    "group_normalization": (layers.GroupNormalization(2), (2, 3, 2, 6)),
    "instance_normalization": (layers.GroupNormalization(-1, epsilon=0.25), (2, 3, 2, 3)),
    "group_normalization_dense": (layers.GroupNormalization(3, scale=False), (3, 6)),
    "rescaling": (layers.Rescaling(0.125, offset=-2.0), (2, 2, 3, 2)),
    # A factor from one number to the same is that number. TensorFlow computes shifts in float32, in which these are exact.
    "translation": (layers.RandomTranslation((0.25, 0.25), (-0.5, -0.5)), (1, 4, 4, 2)),
    "translation_by_parts": (layers.RandomTranslation((-0.375, -0.375), (0.25, 0.25)), (1, 4, 5, 2)),
    "translation_constant": (layers.RandomTranslation((0.375, 0.375), (-0.25, -0.25), fill_mode="constant",
                                                      fill_value=0.5), (1, 4, 5, 1)),
    "translation_wrap": (layers.RandomTranslation((0.25, 0.25), (-0.375, -0.375), fill_mode="wrap"), (1, 5, 4, 1)),
    "translation_nearest": (layers.RandomTranslation((-0.625, -0.625), (0.25, 0.25), fill_mode="nearest"),
                            (1, 4, 5, 1)),
    "translation_whole": (layers.RandomTranslation((0.25, 0.25), (-0.25, -0.25), interpolation="nearest"),
                          (1, 5, 6, 1)),
    # At the end, so that the numbers of those above stay.
    "layer_normalization_rows": (layers.LayerNormalization(axis=1), (2, 3, 2, 4)),
    "layer_normalization_pixels": (layers.LayerNormalization(axis=[1, 2], scale=False), (2, 3, 2, 4)),
    "layer_normalization_rows_and_channels": (layers.LayerNormalization(axis=[1, 3]), (2, 3, 2, 4)),
    "layer_normalization_samples": (layers.LayerNormalization(axis=[1, 2, 3], epsilon=0.25), (2, 3, 2, 2)),
}

MERGES = {  # name: layer, shapes of the inputs
    "add": (layers.Add(), [(2, 2, 3)] * 3),
    "subtract": (layers.Subtract(), [(2, 2, 3)] * 2),
    "multiply": (layers.Multiply(), [(2, 2, 3)] * 3),
    "multiply_channels": (layers.Multiply(), [(2, 2, 3, 2), (2, 1, 1, 2)]),
    "average_of_three": (layers.Average(), [(2, 2, 3)] * 3),
    "maximum": (layers.Maximum(), [(2, 2, 3)] * 3),
    "minimum": (layers.Minimum(), [(2, 2, 3)] * 3),
    "concatenate": (layers.Concatenate(), [(2, 2, 3), (2, 2, 1), (2, 2, 2)]),
    "concatenate_rows": (layers.Concatenate(axis=1), [(2, 1, 3), (2, 2, 3)]),
}


def merge(layer, shapes, salt):
    """A step of a layer of several inputs: x0, x1, …, dy -> y, dx0, dx1, …"""
    inputs = [tf.Variable(formula(shape, salt + i)) for i, shape in enumerate(shapes)]
    with tf.GradientTape() as tape:
        y = layer(inputs)
    dy = formula(y.shape, salt + 9)
    results = {"y": y.numpy(), "dy": dy}
    for i, (x, dx) in enumerate(zip(inputs, tape.gradient(y, inputs, output_gradients=tf.constant(dy)))):
        results.update({f"x{i}": x.numpy(), f"dx{i}": dx.numpy()})
    return results


if __name__ == "__main__":
    tensors = {}
    for salt, (name, (layer, shape)) in enumerate(CASES.items()):
        layer.build(shape)
        layer.set_weights([formula(v.shape, 1000 + 10 * salt + i, 0.5) for i, v in enumerate(layer.weights)])
        results = run_layer(layer, formula(shape, 1008 + 10 * salt), 1009 + 10 * salt)
        if isinstance(layer, layers.RandomTranslation):  # TensorFlow's gradient is an approximation
            results = {key: results[key] for key in ("x", "y")}
        tensors.update({f"{name}/{key}": value for key, value in results.items()})
    for salt, (name, (layer, shapes)) in enumerate(MERGES.items()):
        tensors.update({f"{name}/{key}": value for key, value in merge(layer, shapes, 2000 + 10 * salt).items()})
    write("layers", tensors)
