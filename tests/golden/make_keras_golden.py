#!/usr/bin/env python3
"""Writes the golden numbers that the tests beside this file compare cairn with, computed by Keras in float64.

    python3 -m venv /tmp/keras && /tmp/keras/bin/pip install tensorflow-cpu==2.18.0 keras==3.15.1
    /tmp/keras/bin/python tests/golden/make_keras_golden.py

The files are committed: running the tests needs no Python. What is too large to be stored (images, initial weights)
follows from `formula`, which golden.h computes as well, bit for bit.
"""
import json
import os

os.environ.update(TF_CPP_MIN_LOG_LEVEL="3", TF_ENABLE_ONEDNN_OPTS="0", KERAS_BACKEND="tensorflow")
import keras
import numpy as np
import tensorflow as tf
from keras import layers

assert (tf.__version__, keras.__version__) == ("2.18.0", "3.15.1"), "install the versions named above"
keras.config.set_floatx("float64")
FOLDER = os.path.dirname(os.path.abspath(__file__))


def bits(count, salt):
    """uint32 number i is the finalizer of MurmurHash3 (Appleby) applied to i + 2654435769 salt."""
    h = (np.arange(count, dtype=np.uint64) + 2654435769 * salt) & 0xFFFFFFFF
    h ^= h >> 16
    h = h * 0x85EBCA6B & 0xFFFFFFFF
    h ^= h >> 13
    h = h * 0xC2B2AE35 & 0xFFFFFFFF
    return h ^ h >> 16


def formula(shape, salt, scale=1.0):
    """Uniform in [-scale, scale); exact in float32 if the scale is a power of two."""
    return ((bits(int(np.prod(shape)), salt) >> 8) / 2.0**23 - 1).reshape(shape) * scale


def images(shape, salt):
    return (bits(int(np.prod(shape)), salt) >> 24).reshape(shape) / 255.0


def write(name, tensors):
    """safetensors: the length of a JSON header, the header, the elements."""
    header, data = {}, b""
    for key, value in tensors.items():
        block = np.asarray(value, dtype="<f8", order="C")
        offsets = [len(data), len(data) + block.nbytes]
        header[key] = {"dtype": "F64", "shape": list(block.shape), "data_offsets": offsets}
        data += block.tobytes()
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(os.path.join(FOLDER, name + ".safetensors"), "wb") as file:
        file.write(len(text).to_bytes(8, "little") + text + data)


def run_layer(layer, x, salt):
    """A training step of one layer without an update: x, dy -> y, dx and the gradients of its weights."""
    x = tf.Variable(x)
    with tf.GradientTape() as tape:
        y = layer(x, training=True)
    dy = formula(y.shape, salt)
    dx, *gradients = tape.gradient(y, [x, *layer.trainable_variables], output_gradients=tf.constant(dy))
    results = {"x": x.numpy(), "y": y.numpy(), "dy": dy, "dx": dx.numpy()}
    for variable, gradient in zip(layer.trainable_variables, gradients):
        results[variable.name] = variable.numpy()
        results["d" + variable.name] = gradient.numpy()
    return results


def conv2d():
    cases = {  # name: input, filters, kernel, strides, activation
        "even": ((2, 8, 8, 3), 4, (3, 3), 2, None),  # 'same' pads one pixel, behind the image
        "odd": ((2, 7, 5, 2), 3, (3, 3), 2, "relu"),
        "wide": ((1, 6, 9, 2), 3, (5, 2), 2, None),
        "three": ((2, 10, 8, 1), 2, (4, 4), 3, None),
    }
    tensors = {}
    for salt, (name, (shape, filters, kernel, strides, activation)) in enumerate(cases.items()):
        layer = layers.Conv2D(filters, kernel, strides=strides, padding="same", activation=activation)
        layer.build(shape)
        layer.set_weights([formula(v.shape, 10 * salt + i, 0.5) for i, v in enumerate(layer.trainable_variables)])
        results = run_layer(layer, formula(shape, 10 * salt + 2), 10 * salt + 3)
        tensors.update({f"{name}/{key}": value for key, value in results.items()})
    write("conv2d", tensors)


def max_pool2d():
    cases = {  # name: input, pool, strides, padding
        "odd": ((2, 7, 5, 3), 2, None, "valid"),
        "overlapping": ((2, 9, 7, 2), 3, 2, "valid"),
        "same": ((2, 8, 7, 2), 3, 2, "same"),
    }
    tensors = {}
    for salt, (name, (shape, pool, strides, padding)) in enumerate(cases.items()):
        x = np.floor(formula(shape, 100 + salt, 1.5))  # -2, -1, 0 or 1: most windows have several maxima
        results = run_layer(layers.MaxPooling2D(pool, strides=strides, padding=padding), x, 110 + salt)
        tensors.update({f"{name}/{key}": value for key, value in results.items()})
    write("max_pool2d", tensors)


def batch_normalization():
    tensors = {}
    for salt, (name, shape) in enumerate({"dense": (6, 5), "conv": (4, 3, 2, 3)}.items()):
        layer = layers.BatchNormalization()
        layer.build(shape)
        gamma, beta = 1 + formula(shape[-1:], 200 + salt, 0.5), formula(shape[-1:], 210 + salt)
        layer.set_weights([gamma, beta, np.zeros(shape[-1:]), np.ones(shape[-1:])])
        for step in range(3):
            x = formula(shape, 220 + 10 * salt + step, 2.0) + step  # the mean moves, so that the order of steps shows
            results = run_layer(layer, x, 240 + 10 * salt + step)
            tensors.update({f"{name}/{step}/{key}": value for key, value in results.items()})
        x = formula(shape, 260 + salt)
        tensors.update({f"{name}/moving_mean": layer.moving_mean.numpy(),
                        f"{name}/moving_variance": layer.moving_variance.numpy(),
                        f"{name}/inference/x": x, f"{name}/inference/y": layer(x, training=False).numpy()})
    write("batch_normalization", tensors)


def set_weights(model, salt):
    """Every kernel and bias in the order of the layers; kernels within Glorot's limit, rounded to a power of two."""
    values = []
    for i, variable in enumerate(model.trainable_variables):
        scale = 2.0**-4
        if len(variable.shape) > 1:
            window = np.prod(variable.shape[:-2])
            scale = 2.0**np.floor(np.log2(np.sqrt(6 / (window * (variable.shape[-2] + variable.shape[-1])))))
        values.append(formula(variable.shape, salt + i, scale))
    model.set_weights(values)


def compiled(model, optimizer):
    model.compile(optimizer, keras.losses.SparseCategoricalCrossentropy(from_logits=True), metrics=["accuracy"])
    return model


def history(model, x, labels, **options):
    return {key: np.array(values) for key, values in
            model.fit(x, labels, shuffle=False, verbose=0, **options).history.items()}


def l2():
    """One batch of 12 per epoch, so that its order does not matter; the penalty is about half of the loss."""
    model = keras.Sequential([
        layers.Input((2, 2, 3)), layers.Flatten(),
        layers.Dense(8, activation="relu", kernel_regularizer=keras.regularizers.L2(0.25)), layers.Dense(10)])
    set_weights(compiled(model, keras.optimizers.SGD(0.1)), 300)
    x, labels = images((12, 2, 2, 3), 310), np.arange(12) % 10
    validation = images((7, 2, 2, 3), 311), np.arange(7) % 10
    tensors = history(model, x, labels, batch_size=12, epochs=3, validation_data=validation)
    tensors["evaluate"] = np.array(model.evaluate(*validation, batch_size=4, verbose=0))  # loss, accuracy
    write("l2", tensors)


def adam():
    """simple-cnn, five steps on one batch of 8; of the weights after them, some of each and the sum of squares."""
    model = keras.Sequential([
        layers.Input((32, 32, 3)), layers.Conv2D(32, 3, activation="relu"), layers.MaxPooling2D(),
        layers.Conv2D(64, 3, activation="relu"), layers.MaxPooling2D(), layers.Flatten(),
        layers.Dense(64, activation="relu"), layers.Dense(10)])
    set_weights(compiled(model, keras.optimizers.Adam()), 400)
    x, labels = images((8, 32, 32, 3), 410), np.arange(8) % 10
    tensors = history(model, x, labels, batch_size=8, epochs=5, validation_data=(x, labels))
    for i, variable in enumerate(model.trainable_variables):
        values = variable.numpy().ravel()
        tensors[f"weights/{i}"] = values[::max(1, len(values) // 40)]
        tensors[f"squares/{i}"] = np.sum(values**2)
    write("adam", tensors)


def epochs():
    """50 images in batches of 32: the means of loss and accuracy over an epoch, the last batch smaller."""
    # The momentum is exact in float32, to which Keras rounds it.
    model = keras.Sequential([layers.Input((2, 2, 3)), layers.Flatten(), layers.Dense(10)])
    set_weights(compiled(model, keras.optimizers.SGD(0.5, momentum=0.875)), 500)
    write("epochs", history(model, images((50, 2, 2, 3), 510), np.arange(50) ** 2 % 10, batch_size=32, epochs=4))


# Numbers that are exact in float32, to which Keras rounds some of them.
OPTIMIZERS = {
    "sgd": lambda: keras.optimizers.SGD(2.0**-4, momentum=0.875, nesterov=True, weight_decay=0.125, clipvalue=0.5),
    "adam": lambda: keras.optimizers.Adam(2.0**-5, 0.875, 0.96875, 2.0**-20, weight_decay=0.25, global_clipnorm=1.5,
                                          use_ema=True, ema_momentum=0.75),
    "adamw": lambda: keras.optimizers.AdamW(2.0**-5, beta_1=0.875, beta_2=0.96875, epsilon=2.0**-20),
    "rmsprop": lambda: keras.optimizers.RMSprop(2.0**-5, 0.875, epsilon=2.0**-20, clipvalue=0.25),
    "rmsprop_centered": lambda: keras.optimizers.RMSprop(2.0**-5, 0.875, 0.5, 2.0**-20, True, use_ema=True,
                                                         ema_momentum=0.5),
    "adagrad": lambda: keras.optimizers.Adagrad(2.0**-5, 0.125, 2.0**-20, weight_decay=0.5),
    "lion": lambda: keras.optimizers.Lion(2.0**-6, 0.875, 0.96875, weight_decay=0.5, global_clipnorm=2.0),
}


def optimizers():
    """Five steps of each on a kernel and a bias, which does not decay; the rate is halved after the third."""
    tensors = {}
    for name, make in OPTIMIZERS.items():
        kernel, bias = (keras.Variable(formula(shape, 600 + i), name=key)
                        for i, (key, shape) in enumerate({"kernel": (4, 3), "bias": (3,)}.items()))
        optimizer = make()
        optimizer.exclude_from_weight_decay(var_names=["bias"])
        values = []
        for step in range(5):
            if step == 3:
                optimizer.learning_rate = float(optimizer.learning_rate) / 2
            gradients = formula((15,), 610 + step)
            optimizer.apply([tf.constant(gradients[:12].reshape(4, 3)), tf.constant(gradients[12:])], [kernel, bias])
            values.append(np.concatenate([kernel.numpy().ravel(), bias.numpy()]))
        tensors[name] = np.array(values)
        if optimizer.use_ema:
            averages = optimizer._model_variables_moving_average
            tensors[name + "/average"] = np.concatenate([a.numpy().ravel() for a in averages])
    write("optimizers", tensors)


def losses():
    """Of logits (5, 4), some of them large, and classes or numbers; weighted by sample, and the gradient."""
    kinds = keras.losses
    classes, weights = np.array([2, 0, 3, 1, 1]), np.array([0.5, 2.0, 0.0, 1.0, 0.25])
    one_hot = np.eye(4)[classes]
    made = {
        "categorical": (kinds.CategoricalCrossentropy(from_logits=True), one_hot),
        "sparse": (kinds.SparseCategoricalCrossentropy(from_logits=True), classes),
        "categorical_smoothed": (kinds.CategoricalCrossentropy(from_logits=True, label_smoothing=0.25), one_hot),
        "binary": (kinds.BinaryCrossentropy(from_logits=True), one_hot),
        "binary_smoothed": (kinds.BinaryCrossentropy(from_logits=True, label_smoothing=0.25), one_hot),
        "mean_squared_error": (kinds.MeanSquaredError(), one_hot),
        "mean_absolute_error": (kinds.MeanAbsoluteError(), one_hot),
        "huber": (kinds.Huber(), one_hot),
        "huber_wide": (kinds.Huber(delta=2.5), one_hot),
        "binary_numbers": (kinds.BinaryCrossentropy(from_logits=True), 0.5 + formula((5, 4), 701, 0.5)),
        "squared_numbers": (kinds.MeanSquaredError(), formula((5, 4), 701, 4.0)),
    }
    logits = formula((5, 4), 700, 4.0)
    logits[1] *= 64
    tensors = {"logits": logits, "classes": classes, "weights": weights}
    for name, (loss, labels) in made.items():
        x = tf.Variable(logits)
        with tf.GradientTape() as tape:
            weighted = loss(labels, x, sample_weight=weights)
        tensors.update({f"{name}/mean": loss(labels, x).numpy(), f"{name}/weighted": weighted.numpy(),
                        f"{name}/gradient": tape.gradient(weighted, x).numpy(), f"{name}/labels": labels})
    write("losses", tensors)


def schedules():
    """Learning rates: of PolynomialDecay at steps 0 to 39 of 40, of ReduceLROnPlateau after each of 14 val_losses."""
    class Rate:  # as much of a model as the callback looks at
        optimizer = keras.optimizers.SGD(0.5)

    val_losses = [1.0, 0.9, 0.95, 0.9, 0.9, 0.8999, 0.5, 0.6, 0.6, 0.7, 0.8, 0.4, 0.4, 0.4]
    plateau = keras.callbacks.ReduceLROnPlateau(factor=0.25, patience=2, cooldown=1, min_lr=0.0625)
    plateau.set_model(Rate())
    plateau.on_train_begin()
    plateau.monitor_op = keras.ops.less
    plateau.min_delta = -1e-4
    rates = []
    for epoch, loss in enumerate(val_losses):
        plateau.on_epoch_end(epoch, {"val_loss": loss})
        rates.append(float(Rate.optimizer.learning_rate))
    decay = keras.optimizers.schedules.PolynomialDecay(0.5, 40, 0.125, 2.0)
    write("schedules", {"polynomial": np.array([float(decay(step)) for step in range(40)]),
                        "plateau": np.array(rates), "val_losses": np.array(val_losses)})


if __name__ == "__main__":
    for make in [conv2d, max_pool2d, batch_normalization, l2, adam, epochs, optimizers, losses, schedules]:
        make()
