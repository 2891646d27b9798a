"""int8 with one scale a row or column: the arithmetic shared by the export and its check."""
from __future__ import annotations

import numpy as np
import torch


def int8(weight: np.ndarray, axis: int) -> tuple[np.ndarray, np.ndarray]:
    """(int8 values, fp32 scales); one scale for each index along the other axis."""
    scale = np.maximum(np.abs(weight).max(axis, keepdims=True), 1e-8) / 127
    return np.round(weight / scale).astype(np.int8), scale.astype(np.float32)


def round_weights(model: torch.nn.Module) -> None:
    """Gives a model the weights that its export will have."""
    with torch.no_grad():
        model.word.weight.copy_(model.table())
        model.learnt.weight.zero_()
        for name, module in model.named_modules():
            if isinstance(module, torch.nn.Embedding) and name != "char":
                values, scale = int8(module.weight.numpy(), 1)
                module.weight.copy_(torch.from_numpy(values * scale))
            elif isinstance(module, torch.nn.Conv1d) and name != "spell":
                flat = module.weight.reshape(module.weight.shape[0], -1)
                values, scale = int8(flat.numpy(), 1)
                module.weight.copy_(torch.from_numpy(values * scale).reshape(module.weight.shape))
