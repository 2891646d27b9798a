"""The network: static word vectors, a character CNN, shape and gap embeddings, then
gated dilated convolutions. Every layer is masked, so padding cannot change an answer."""
from __future__ import annotations

import torch
from torch import nn
from torch.nn import functional as F

from features import CHAR_BASE, GAP_COUNT, SHAPE_COUNT


STYLE_COUNT = 4  # prepare.STYLES and ours


class Block(nn.Module):
    def __init__(self, width: int, dilation: int, drop: float):
        super().__init__()
        self.norm = nn.LayerNorm(width)
        self.conv = nn.Conv1d(width, 2 * width, 3, padding=dilation, dilation=dilation)
        self.drop = nn.Dropout(drop)

    def forward(self, x: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        y = (self.norm(x) * mask).transpose(1, 2)
        value, gate = self.conv(y).transpose(1, 2).chunk(2, dim=-1)
        return x + self.drop(value * torch.sigmoid(gate)) * mask


class Tagger(nn.Module):
    def __init__(self, c: dict):
        super().__init__()
        self.word = nn.Embedding(c["vocab_size"], c["word_dim"], padding_idx=0)
        self.pair = nn.Conv1d(2 * c["word_dim"], c["pair_dim"], 1)
        self.char = nn.Embedding(c["char_count"] + CHAR_BASE, c["char_dim"], padding_idx=0)
        self.spell = nn.Conv1d(c["char_dim"], c["spell_dim"], 3, padding=1)
        self.shape = nn.Embedding(SHAPE_COUNT, c["shape_dim"], padding_idx=0)
        self.gap = nn.Embedding(GAP_COUNT, c["gap_dim"], padding_idx=0)
        total = c["word_dim"] + c["pair_dim"] + c["spell_dim"] + c["shape_dim"] + c["gap_dim"]
        self.enter = nn.Conv1d(total, c["width"], 1)
        self.style = nn.Embedding(STYLE_COUNT, c["width"], padding_idx=0)
        self.blocks = nn.ModuleList(Block(c["width"], d, c["drop"]) for d in c["dilations"])
        self.norm = nn.LayerNorm(c["width"])
        self.out = nn.Conv1d(c["width"], c["labels"], 1)
        self.drop = nn.Dropout(c["drop"])
        self.word.weight.requires_grad_(False)
        # What training adds to the vectors: of the most frequent words, of those named in `also`, and of
        # the words after `fixed`, which fastText never saw. The other vectors stay as they are.
        ids = [*range(c["frequent"]), *c.get("also", []), *range(c["fixed"], c["vocab_size"])]
        slot = torch.zeros(c["vocab_size"], dtype=torch.int64)
        slot[ids] = torch.arange(len(ids))
        self.register_buffer("slot", slot, persistent=False)
        self.learnt = nn.Embedding(len(ids), c["word_dim"], padding_idx=0)
        nn.init.zeros_(self.learnt.weight)

    def vectors(self, ids: torch.Tensor) -> torch.Tensor:
        return self.word(ids) + self.learnt(self.slot[ids])

    def table(self) -> torch.Tensor:
        """All word vectors as the trained model sees them, [vocab_size, word_dim]."""
        with torch.no_grad():
            return torch.cat([self.vectors(ids) for ids in torch.arange(self.word.num_embeddings).split(4096)])

    def spellings(self, chars: torch.Tensor) -> torch.Tensor:
        """chars [n, C] to [n, spell_dim]."""
        real = (chars != 0).unsqueeze(1).float()
        letters = self.spell(self.char(chars).transpose(1, 2) * real)
        # Padded places get -30, below anything the convolution gives, then the floor 0.
        return torch.relu((letters * real - 30.0 * (1.0 - real)).max(dim=2)[0])

    def forward(self, words, bigrams, chars, shapes, gaps, mask, which=None, style=None) -> torch.Tensor:
        """With `which` [B, T], chars is [n, C] and holds each spelling of the batch once. `style` [B]
        names the rules a training row was labelled by; 0, ours, adds nothing."""
        size, length = words.shape
        m = mask.unsqueeze(-1)
        pairs = self.vectors(bigrams).reshape(size, length, -1).transpose(1, 2)
        if which is None:
            spelling = self.spellings(chars.reshape(size * length, -1)).reshape(size, length, -1)
        else:
            spelling = F.embedding(which, self.spellings(chars))
        parts = [self.vectors(words), self.pair(pairs).transpose(1, 2), spelling, self.shape(shapes), self.gap(gaps)]
        x = self.drop(torch.cat(parts, dim=-1)) * m
        x = self.enter(x.transpose(1, 2)).transpose(1, 2) * m
        if style is not None:
            x = x + self.style(style).unsqueeze(1) * m
        for block in self.blocks:
            x = block(x, m)
        return self.out(self.norm(x).transpose(1, 2)).transpose(1, 2) * m
