#!/usr/bin/env python3
"""A training step of one of the eight models in JAX: prints its time and memory as a line of JSON.

usage: bench/peers/jax_steps.py MODEL [--variant reduce_window|reshape] [--batch-size N] [--steps N] [--threads N]

A step is one call of a function compiled by jax.jit, whose state is donated, so that XLA may write the new one over it:
forward (dropout and batch normalization as in training), the mean cross-entropy, backward, Adam as in Keras, and the sums
of the loss and of the right answers, which are not read. The clock stops when the new state is there; the compilation is
not timed. The variants are two ways to write max pooling. The batch lies ready in memory; loading it is not counted.
"""
import os

from models import measure, options
from start import batch_of, layers_of

chosen = options(__doc__, ["reduce_window", "reshape"])
# XLA takes as many threads as this process may use processors when it starts.
os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:chosen.threads])
os.environ["JAX_PLATFORMS"] = "cpu"

import jax
import jax.numpy as jnp

from jax_layers import forward, initial_moving, initial_parameters

RATE, BETA1, BETA2, EPSILON = 1e-3, 0.9, 0.999, 1e-7


def step_of(layers):
    def loss_of(parameters, state, key, images, labels):
        logits, penalty, moving = forward(layers, parameters, state["moving"], key, images, chosen.variant)
        right_ones = jnp.take_along_axis(jax.nn.log_softmax(logits), labels[:, None], axis=1)
        return penalty - right_ones.mean(), (logits, moving)

    def step(state, images, labels):
        time = state["time"] + 1
        key = jax.random.fold_in(jax.random.key(0), time)
        (loss, (logits, moving)), gradients = jax.value_and_grad(loss_of, has_aux=True)(
            state["parameters"], state, key, images, labels)
        rate = RATE * jnp.sqrt(1 - BETA2 ** time) / (1 - BETA1 ** time)
        m = [m + (1 - BETA1) * (g - m) for m, g in zip(state["m"], gradients)]
        v = [v + (1 - BETA2) * (g * g - v) for v, g in zip(state["v"], gradients)]
        parameters = [w - rate * m / (jnp.sqrt(v) + EPSILON) for w, m, v in zip(state["parameters"], m, v)]
        right = jnp.sum(jnp.argmax(logits, axis=1) == labels)
        return {"parameters": parameters, "m": m, "v": v, "moving": moving, "time": time,
                "loss": state["loss"] + loss, "right": state["right"] + right}, loss

    return jax.jit(step, donate_argnums=0)


def main():
    layers, (images, labels, weights) = layers_of(chosen), batch_of(chosen)
    images, labels = jnp.asarray(images), jnp.asarray(labels)
    states = []

    def make_step():
        parameters = [jnp.asarray(weight) for weight in weights] if weights else initial_parameters(layers)
        states.append({"parameters": parameters, "m": [jnp.zeros_like(p) for p in parameters],
                       "v": [jnp.zeros_like(p) for p in parameters], "moving": initial_moving(layers, parameters),
                       "time": jnp.zeros((), jnp.int32), "loss": jnp.zeros(()), "right": jnp.zeros((), jnp.int32)})
        compiled = step_of(layers)

        def step():
            state, loss = compiled(states.pop(), images, labels)
            states.append(jax.block_until_ready(state))
            return loss

        return step

    measure(make_step, lambda: sum(p.size for p in states[0]["parameters"]), chosen, f"JAX {jax.__version__}")


main()
