"""An exported model back to a checkpoint, to train on from it: on one's own labels, say, without
the vectors' corpora. What int8 rounded away stays lost; that is little.

Writes WORK/vocab.txt, WORK/vectors.npy and WORK/restored.pt, for `train.py --start`.
"""
from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto, numpy_helper

import tags
from evaluate import load_checkpoint
from features import CHAR_BASE, PAD
from model import STYLE_COUNT


class Reader:
    """The constants of export.py's graph, in the order in which it made them."""

    def __init__(self, path: Path):
        wanted = (TensorProto.INT8, TensorProto.FLOAT, TensorProto.FLOAT16)
        made = [i for i in onnx.load(str(path)).graph.initializer if i.data_type in wanted]
        self.values = [numpy_helper.to_array(i) for i in made]

    def plain(self) -> torch.Tensor:
        return torch.from_numpy(self.values.pop(0).astype(np.float32))

    def small(self) -> torch.Tensor:
        return self.plain() * self.plain()

    def conv(self, name: str, kernel: int) -> dict[str, torch.Tensor]:
        flat, bias = self.small(), self.plain()
        weight = flat.reshape(kernel, -1, flat.shape[1]).permute(2, 1, 0).contiguous()
        return {f"{name}.weight": weight, f"{name}.bias": bias}

    def norm(self, name: str) -> dict[str, torch.Tensor]:
        return {f"{name}.weight": self.plain(), f"{name}.bias": self.plain()}


def spelling(tables: list[torch.Tensor], char_dim: int) -> dict[str, torch.Tensor]:
    """Embedding and kernel from their three products: all rows but the padding's, less their
    mean, have the rank of the embedding; what no mean embedding explains of the middle one is the bias."""
    products = np.concatenate([t.numpy()[1:] for t in tables], 1).astype(np.float64)
    mean = products.mean(0)
    _, _, right = np.linalg.svd(products - mean, full_matrices=False)
    kernel, width = right[:char_dim], tables[0].shape[1]
    outer = np.r_[0:width, 2 * width:3 * width]
    centre = np.linalg.lstsq(kernel[:, outer].T, mean[outer], rcond=None)[0]
    letters = np.zeros((products.shape[0] + 1, char_dim))
    letters[1:] = (products - mean) @ kernel.T + centre
    bias = (mean - centre @ kernel)[width:2 * width]
    print("largest error of a spelling table:", np.abs(letters[1:] @ kernel[:, :width] - tables[0].numpy()[1:]).max())
    weight = kernel.reshape(char_dim, 3, width).transpose(2, 0, 1)
    as_torch = lambda a: torch.from_numpy(np.ascontiguousarray(a)).float()
    return {"char.weight": as_torch(letters), "spell.weight": as_torch(weight), "spell.bias": as_torch(bias)}


def keep(work: Path, vocab: list[str], table: torch.Tensor) -> None:
    work.mkdir(parents=True, exist_ok=True)
    (work / "vocab.txt").write_text("\n".join(vocab) + "\n", "utf-8")
    np.save(work / "vectors.npy", table.numpy().astype(np.float16))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, help="an exported model's folder")
    parser.add_argument("--checkpoint", type=Path, help="or a checkpoint, to train on from all of its words in a new round: give it to `train.py --start` too")
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--char-dim", type=int, default=24)
    parser.add_argument("--dilations", type=int, nargs="+", default=[1, 1, 2, 4, 8, 1])
    parser.add_argument("--frequent", type=int, default=10000)
    args = parser.parse_args()
    if args.checkpoint:
        model, _, saved = load_checkpoint(args.checkpoint)
        keep(args.work, saved["vocab"], model.table())
        return
    shipped = json.loads((args.model / "config.json").read_text("utf-8"))
    vocab = (args.model / "vocab.txt").read_text("utf-8").split("\n")[:-1]
    reader = Reader(args.model / "model.onnx")
    table = reader.small()
    state = {"word.weight": table, **reader.conv("pair", 1)}
    state |= spelling([reader.plain() for _ in range(3)], args.char_dim)
    state |= {"shape.weight": reader.small(), "gap.weight": reader.small()}
    state |= reader.conv("enter", 1)
    for i in range(len(args.dilations)):
        state |= reader.norm(f"blocks.{i}.norm") | reader.conv(f"blocks.{i}.conv", 3)
    state |= reader.norm("norm") | reader.conv("out", 1)
    width = state["norm.weight"].shape[0]
    state["style.weight"] = torch.randn(STYLE_COUNT, width) * 0.1
    state["style.weight"][0] = 0
    state["learnt.weight"] = torch.zeros(args.frequent, table.shape[1])
    config = {
        "vocab_size": len(vocab), "fixed": len(vocab), "frequent": args.frequent, "word_dim": table.shape[1], "pair_dim": state["pair.bias"].shape[0],
        "char_count": len(shipped["chars"]), "char_dim": args.char_dim, "spell_dim": state["spell.bias"].shape[0], "shape_dim": state["shape.weight"].shape[1],
        "gap_dim": state["gap.weight"].shape[1], "width": width, "dilations": args.dilations, "drop": 0.25, "labels": len(tags.TAGS), "tags": tags.TAGS,
        "chars": shipped["chars"], "char_width": shipped["char_width"], "char_head": shipped["char_head"],
    }
    assert state["char.weight"].shape[0] == config["char_count"] + CHAR_BASE and not state["char.weight"][PAD].any()
    keep(args.work, vocab, table)
    torch.save({"model": state, "config": config, "vocab": vocab, "step": 0}, args.work / "restored.pt")
    print("left over:", len(reader.values), "constants;", len(vocab), "words")


if __name__ == "__main__":
    main()
