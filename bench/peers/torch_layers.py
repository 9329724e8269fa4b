"""The eight models of models.py as PyTorch modules."""
import torch
from torch import nn


def modules_of(layers):
    """The layers for images (N, C, H, W), and the penalized weights as (weight, lambda)."""
    modules, penalties = [], []
    channels, height = 3, 32
    for kind, *arguments in layers:
        if kind == "conv":
            filters, padding = arguments
            modules += [nn.Conv2d(channels, filters, 3, padding=padding), nn.ReLU()]
            channels, height = filters, height if padding == "same" else height - 2
        elif kind == "pool":
            modules.append(nn.MaxPool2d(2))
            height //= 2
        elif kind == "flatten":
            modules.append(nn.Flatten())
            channels, height = channels * height * height, 0
        elif kind == "dense":
            units, activation, l2 = arguments
            modules.append(nn.Linear(channels, units))
            if l2:
                penalties.append((modules[-1].weight, l2))
            if activation:
                modules.append(nn.ReLU())
            channels = units
        elif kind == "norm":  # with Keras's constants
            modules.append((nn.BatchNorm2d if height else nn.BatchNorm1d)(channels, eps=1e-3, momentum=0.01))
        elif kind == "relu":
            modules.append(nn.ReLU())
        elif kind == "dropout":
            modules.append(nn.Dropout(*arguments))
    return modules, penalties


def set_weights(modules, weights):
    """Weights as batch_of() of models.py gives them. PyTorch's kernels are (O, I, kh, kw) and (O, I), and it flattens images
    (C, H, W), not (H, W, C)."""
    weights, channels = iter(weights), None
    with torch.no_grad():
        for module in modules:
            if isinstance(module, nn.Flatten):
                channels = channels or 3
            if not list(module.parameters()):
                continue
            weight, bias = (torch.from_numpy(next(weights)) for _ in range(2))
            if isinstance(module, nn.Conv2d):
                weight, channels = weight.permute(3, 2, 0, 1), weight.shape[3]
            elif isinstance(module, nn.Linear):
                if channels:  # the first one, behind the flattened images
                    inputs, outputs = weight.shape
                    weight = weight.reshape(-1, channels, outputs).transpose(0, 1).reshape(inputs, outputs)
                weight, channels = weight.t(), None
            module.weight.copy_(weight)
            module.bias.copy_(bias)
