"""A checkpoint to models/<name>: model.onnx (int8 weights, fp32 activations), config.json, vocab.txt.

The graph is written by hand so that every layer stays a plain MatMul: weights are int8
with one scale a column (a row in the tables), widened by Cast and Mul. For the dense
ones onnxruntime folds that when it loads the model; tables are widened after Gather.
"""
from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper

from evaluate import load_checkpoint
from features import PAD
from quantise import int8


class Graph:
    def __init__(self):
        self.nodes, self.initialisers, self.count = [], [], 0

    def constant(self, value: np.ndarray) -> str:
        self.count += 1
        name = f"c{self.count}"
        self.initialisers.append(numpy_helper.from_array(value, name))
        return name

    def node(self, op: str, *inputs: str, outputs: int = 1, **attributes):
        self.count += 1
        names = [f"{op.lower()}{self.count}_{i}" for i in range(outputs)]
        self.nodes.append(helper.make_node(op, list(inputs), names, **attributes))
        return names[0] if outputs == 1 else names

    def ints(self, *values: int) -> str:
        return self.constant(np.array(values, np.int64))

    def table(self, weight: np.ndarray, ids: str) -> str:
        """Rows of an int8 table, widened after they are gathered."""
        return self.look(*self.small(weight), ids)

    def small(self, weight: np.ndarray) -> tuple[str, str]:
        values, scale = int8(weight, 1)
        return self.constant(values), self.constant(scale)

    def look(self, values: str, scale: str, ids: str) -> str:
        rows = self.node("Cast", self.node("Gather", values, ids), to=TensorProto.FLOAT)
        return self.node("Mul", rows, self.node("Gather", scale, ids))

    def dense(self, x: str, weight: np.ndarray, bias: np.ndarray) -> str:
        """x @ weight + bias, weight [in, out] kept as int8."""
        values, scale = int8(weight, 0)
        wide = self.node("Mul", self.node("Cast", self.constant(values), to=TensorProto.FLOAT), self.constant(scale))
        return self.node("Add", self.node("MatMul", x, wide), self.constant(bias.astype(np.float32)))

    def shifted(self, x: str, axis: int, by: int, rank: int) -> list[str]:
        """x moved by -by, 0 and +by along an axis, zero-filled."""
        pads = [0] * (2 * rank)
        pads[axis] = pads[rank + axis] = by
        wide = self.node("Pad", x, self.ints(*pads))
        cut = lambda low, high: self.node("Slice", wide, self.ints(low), self.ints(high), self.ints(axis))
        return [cut(0, -2 * by), x, cut(2 * by, 2**62)]


def array(tensor: torch.Tensor) -> np.ndarray:
    return tensor.detach().float().numpy()


def linear(conv: torch.nn.Conv1d) -> tuple[np.ndarray, np.ndarray]:
    """[out, in, k] to [k * in, out]."""
    weight = array(conv.weight)
    return weight.transpose(2, 1, 0).reshape(-1, weight.shape[0]), array(conv.bias)


def build(model, config: dict) -> onnx.ModelProto:
    g = Graph()
    names = {"words": ["B", "T"], "bigrams": ["B", "T", 2], "chars": ["B", "T", config["char_width"]], "shapes": ["B", "T"], "gaps": ["B", "T"]}
    inputs = [helper.make_tensor_value_info(n, TensorProto.INT32, s) for n, s in names.items()]
    inputs.append(helper.make_tensor_value_info("mask", TensorProto.FLOAT, ["B", "T"]))
    mask = g.node("Unsqueeze", "mask", g.ints(2))
    table = g.small(array(model.table()))
    look = lambda ids: g.look(*table, ids)
    pairs = g.dense(g.node("Reshape", look("bigrams"), g.ints(0, 0, 2 * config["word_dim"])), *linear(model.pair))
    parts = [look("words"), pairs, spelling(g, model)]
    parts += [g.table(array(model.shape.weight), "shapes"), g.table(array(model.gap.weight), "gaps")]
    x = g.node("Mul", g.node("Concat", *parts, axis=2), mask)
    x = g.node("Mul", g.dense(x, *linear(model.enter)), mask)
    for block in model.blocks:
        x = gated(g, x, mask, block)
    logits = g.dense(norm(g, x, model.norm), *linear(model.out))
    g.nodes.append(helper.make_node("Mul", [logits, mask], ["logits"]))
    output = helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["B", "T", config["labels"]])
    graph = helper.make_graph(g.nodes, "cordon-words", inputs, [output], g.initialisers)
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], producer_name="cordon")
    made.ir_version = 8
    onnx.checker.check_model(made)
    return made


def spelling(g: Graph, model) -> str:
    """The character CNN as three look-ups: its embedding and kernel multiplied beforehand.
    A padded place gets -1000 in the middle table, below the floor of the Relu."""
    letters, kernel = array(model.char.weight), array(model.spell.weight)
    tables = [letters @ kernel[:, :, k].T for k in range(3)]
    for table in tables:
        table[PAD] = 0
    tables[1] += array(model.spell.bias)
    tables[1][PAD] = -1000
    total = None
    for table, ids in zip(tables, g.shifted("chars", 2, 1, 3)):
        wide = g.node("Cast", g.constant(table.astype(np.float16)), to=TensorProto.FLOAT)
        part = g.node("Gather", wide, ids)
        total = part if total is None else g.node("Add", total, part)
    return g.node("Relu", g.node("ReduceMax", total, axes=[2], keepdims=0))


def norm(g: Graph, x: str, layer: torch.nn.LayerNorm) -> str:
    return g.node("LayerNormalization", x, g.constant(array(layer.weight)), g.constant(array(layer.bias)), axis=-1, epsilon=layer.eps)


def gated(g: Graph, x: str, mask: str, block) -> str:
    y = g.node("Mul", norm(g, x, block.norm), mask)
    wide = g.node("Concat", *g.shifted(y, 1, block.conv.dilation[0], 3), axis=2)
    value, gate = g.node("Split", g.dense(wide, *linear(block.conv)), axis=2, outputs=2)
    step = g.node("Mul", value, g.node("Sigmoid", gate))
    return g.node("Add", x, g.node("Mul", step, mask))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--checkpoint", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--version", default="1")
    parser.add_argument("--thresholds", type=json.loads, default={"PERSON": 0.35, "LOCATION": 0.4, "ORGANIZATION": 0.5})
    parser.add_argument("--person-points", type=json.loads, default={"outside": 2, "english": 0.15, "chinese": 0.15, "whole": 0.35, "other": 0.55}, help="where a person begins to count: see src/detect/ner/operating-points.ts")
    args = parser.parse_args()
    model, _, saved = load_checkpoint(args.checkpoint)
    model.eval()
    config = saved["config"]
    args.out.mkdir(parents=True, exist_ok=True)
    (args.out / "vocab.txt").write_text("\n".join(saved["vocab"]) + "\n", "utf-8")
    onnx.save(build(model, config), str(args.out / "model.onnx"))
    described = {
        "model_type": "cordon-words",
        "version": args.version,
        "id2label": {str(i): tag for i, tag in enumerate(config["tags"])},
        "receptive_field": sum(config["dilations"]),
        "max_units": 512,
        "thresholds": args.thresholds,
        "person_points": args.person_points,
        "max_word": 48,
        "char_width": config["char_width"],
        "char_head": config["char_head"],
        "chars": config["chars"],
    }
    if "transitions" in saved:
        described["transitions"] = [[round(float(v), 4) for v in row] for row in saved["transitions"]]
    (args.out / "config.json").write_text(json.dumps(described, ensure_ascii=False, indent=1) + "\n", "utf-8")
    print({p.name: p.stat().st_size for p in args.out.iterdir()})


if __name__ == "__main__":
    main()
