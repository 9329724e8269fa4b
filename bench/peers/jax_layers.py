"""The eight models of models.py in JAX: plain functions of a list of parameters, with jax.numpy and jax.lax."""
import math

import jax
import jax.numpy as jnp
import numpy
from jax import lax


def initial_parameters(layers):
    """For each layer with parameters in turn: kernel and bias, or gamma and beta. Kernels as Keras draws them."""
    random = numpy.random.default_rng(0)
    parameters, channels, height = [], 3, 32

    def kernel(*shape):
        fan = math.prod(shape[:-2])
        limit = math.sqrt(6 / (fan * shape[-2] + fan * shape[-1]))
        return jnp.asarray(random.uniform(-limit, limit, shape), jnp.float32)

    for kind, *arguments in layers:
        if kind == "conv":
            filters, padding = arguments
            parameters += [kernel(3, 3, channels, filters), jnp.zeros(filters)]
            channels, height = filters, height if padding == "same" else height - 2
        elif kind == "pool":
            height //= 2
        elif kind == "flatten":
            channels *= height * height
        elif kind == "dense":
            units = arguments[0]
            parameters += [kernel(channels, units), jnp.zeros(units)]
            channels = units
        elif kind == "norm":
            parameters += [jnp.ones(channels), jnp.zeros(channels)]
    return parameters


def initial_moving(layers, parameters):
    """The moving mean and variance of each batch normalization."""
    gammas, at = [], 0
    for kind, *_ in layers:
        gammas += [parameters[at]] if kind == "norm" else []
        at += 2 if kind in ("conv", "dense", "norm") else 0
    return [statistic for gamma in gammas for statistic in (jnp.zeros_like(gamma), jnp.ones_like(gamma))]


def max_pool(x, pooling):
    """The maxima of 2 x 2, in the two ways in which JAX programs write it; the gradients are compiled quite differently."""
    if pooling == "reduce_window":
        return lax.reduce_window(x, -jnp.inf, lax.max, (1, 2, 2, 1), (1, 2, 2, 1), "VALID")
    n, h, w, c = x.shape
    return x[:, :h // 2 * 2, :w // 2 * 2].reshape(n, h // 2, 2, w // 2, 2, c).max(axis=(2, 4))


def batch_norm(x, gamma, beta, moving):
    """With Keras's constants; returns the new moving statistics too."""
    axes = tuple(range(x.ndim - 1))
    mean, variance = x.mean(axes), x.var(axes)
    old_mean, old_variance = moving
    y = (x - mean) * (gamma * lax.rsqrt(variance + 1e-3)) + beta
    return y, [0.99 * old_mean + 0.01 * mean, 0.99 * old_variance + 0.01 * variance]


def forward(layers, parameters, moving, key, x, pooling):
    """The logits and the penalty for images (N, H, W, C), and the new moving statistics; as in training."""
    parameters, moving, new_moving, penalty = iter(parameters), iter(moving), [], 0.0
    for number, (kind, *arguments) in enumerate(layers):
        if kind == "conv":
            dimensions = ("NHWC", "HWIO", "NHWC")
            x = lax.conv_general_dilated(x, next(parameters), (1, 1), arguments[1].upper(), dimension_numbers=dimensions)
            x = jax.nn.relu(x + next(parameters))
        elif kind == "pool":
            x = max_pool(x, pooling)
        elif kind == "flatten":
            x = x.reshape(len(x), -1)
        elif kind == "dense":
            _, activation, l2 = arguments
            kernel = next(parameters)
            x = x @ kernel + next(parameters)
            x = jax.nn.relu(x) if activation else x
            penalty += l2 * jnp.sum(kernel * kernel) if l2 else 0.0
        elif kind == "norm":
            x, statistics = batch_norm(x, next(parameters), next(parameters), (next(moving), next(moving)))
            new_moving += statistics
        elif kind == "relu":
            x = jax.nn.relu(x)
        elif kind == "dropout":
            kept = jax.random.bernoulli(jax.random.fold_in(key, number), 1 - arguments[0], x.shape)
            x = jnp.where(kept, x / (1 - arguments[0]), 0)
    return x, penalty, new_moving
