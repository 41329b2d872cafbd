"""The encoder-decoder: one sequence to another, in the designs that `Design` names."""

from rnncore.seq2seq.decoder import DecoderCache as DecoderCache
from rnncore.seq2seq.decoder import decoder_step as decoder_step
from rnncore.seq2seq.decoder import decoder_step_backward as decoder_step_backward
from rnncore.seq2seq.decoding import Decoded as Decoded
from rnncore.seq2seq.decoding import beam_decode as beam_decode
from rnncore.seq2seq.decoding import greedy_decode as greedy_decode
from rnncore.seq2seq.decoding import sample_decode as sample_decode
from rnncore.seq2seq.encoder import EncoderCache as EncoderCache
from rnncore.seq2seq.encoder import Memory as Memory
from rnncore.seq2seq.encoder import encode as encode
from rnncore.seq2seq.encoder import encode_backward as encode_backward
from rnncore.seq2seq.model import Seq2SeqCache as Seq2SeqCache
from rnncore.seq2seq.model import seq2seq_backward as seq2seq_backward
from rnncore.seq2seq.model import seq2seq_forward as seq2seq_forward
from rnncore.seq2seq.model import shift_right as shift_right
from rnncore.seq2seq.parameters import DecoderParams as DecoderParams
from rnncore.seq2seq.parameters import Design as Design
from rnncore.seq2seq.parameters import EncoderParams as EncoderParams
from rnncore.seq2seq.parameters import Seq2SeqParams as Seq2SeqParams
from rnncore.seq2seq.parameters import init_seq2seq as init_seq2seq

__all__ = [
    "Decoded",
    "DecoderCache",
    "DecoderParams",
    "Design",
    "EncoderCache",
    "EncoderParams",
    "Memory",
    "Seq2SeqCache",
    "Seq2SeqParams",
    "beam_decode",
    "decoder_step",
    "decoder_step_backward",
    "encode",
    "encode_backward",
    "greedy_decode",
    "init_seq2seq",
    "sample_decode",
    "seq2seq_backward",
    "seq2seq_forward",
    "shift_right",
]
