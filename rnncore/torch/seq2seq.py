"""The encoder-decoder for autograd: equations, names and shapes of `rnncore.seq2seq`."""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from rnncore.seq2seq import Design, Seq2SeqParams
from rnncore.torch.bridge import DTYPES, load_params
from rnncore.torch.cells import LSTM


class Seq2Seq(nn.Module):
    """An encoder-decoder that starts from a copy of `params`, equal to `seq2seq_forward`.

    Args:
        params: give sizes, dtype and values.
        design: as given to `init_seq2seq`.
    """

    def __init__(self, params: Seq2SeqParams, design: Design) -> None:
        super().__init__()
        encoder, decoder = params
        self.design = design
        self.source_embedding = nn.Parameter(torch.tensor(encoder.embedding))
        self.target_embedding = nn.Parameter(torch.tensor(decoder.embedding))
        dtype = DTYPES[encoder.embedding.dtype]
        hidden_size = encoder.lstm.weight_hh.shape[1]
        self.encoder = LSTM(encoder.lstm.weight_ih.shape[1], hidden_size, dtype)
        self.decoder = LSTM(decoder.lstm.weight_ih.shape[1], hidden_size, dtype)
        load_params(self.encoder, encoder.lstm)
        load_params(self.decoder, decoder.lstm)
        self.attention = nn.ParameterList(torch.tensor(array) for array in decoder.attention)
        self.weight_out = nn.Parameter(torch.tensor(decoder.weight_out))
        self.bias_out = nn.Parameter(torch.tensor(decoder.bias_out))

    def scores(self, query: Tensor, keys: Tensor) -> Tensor:
        """Score each source position for one query per sequence."""
        if self.design.score == "additive":
            weight_query, weight_key, weight_score = self.attention
            hidden = torch.tanh((query @ weight_query.T)[:, None] + keys @ weight_key.T)
            return torch.einsum("bsa,a->bs", hidden, weight_score)
        if self.design.score == "bilinear":
            query = query @ self.attention[0]
        scores = torch.einsum("bq,bsq->bs", query, keys)
        return scores / query.shape[1] ** 0.5 if self.design.score == "scaled_dot" else scores

    def look(self, query: Tensor, outputs: Tensor, mask: Tensor) -> Tensor:
        """Return the context: the mean of encoder states, weighted by attention; 0 without any."""
        # Where nothing is real, softmax of -inf only would make the gradient NaN.
        hidden = ~mask & mask.any(dim=1, keepdim=True)
        scores = self.scores(query, outputs).masked_fill(hidden, -torch.inf)
        return torch.einsum("bs,bsh->bh", torch.softmax(scores, dim=-1) * mask, outputs)

    def forward(
        self, source: Tensor, fed: Tensor, lengths: Tensor | Sequence[int] | None = None
    ) -> Tensor:
        """Score the next token at every step.

        Args:
            source: token ids, (batch, source).
            fed: ids that go into the decoder, (batch, target): `shift_right` of the target.
            lengths: number of real tokens of each source; None: all are real.

        Returns: logits, (batch, target, vocab_size).

        Raises:
            ValueError: if `lengths` has another shape, or a length lies outside 0..source.
        """
        outputs, (h_n, c_n) = self.encoder(self.source_embedding[source], None, lengths)
        real = torch.full(source.shape[:1], source.shape[1]) if lengths is None else lengths
        mask = torch.arange(source.shape[1]) < torch.as_tensor(real)[:, None]
        h, c, logits = h_n, c_n, []
        for x in self.target_embedding[fed].unbind(dim=1):
            if self.design.context == "every_step":
                x = torch.cat([x, h_n], dim=-1)
            if self.design.context == "previous_query":
                x = torch.cat([x, self.look(h, outputs, mask)], dim=-1)
            h, c = self.decoder.step(x, h, c)
            features = h
            if self.design.context == "current_query":
                features = torch.cat([h, self.look(h, outputs, mask)], dim=-1)
            logits.append(features @ self.weight_out.T + self.bias_out)
        return torch.stack(logits, dim=1)
