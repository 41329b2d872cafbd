"""Interactive figures of the course: the same module runs in the book and in notebooks."""

from rnnwidgets._widget import CourseWidget
from rnnwidgets.alignment_map import AlignmentMap
from rnnwidgets.attention_board import AttentionBoard
from rnnwidgets.bottleneck import Bottleneck
from rnnwidgets.bptt_unrolled import BPTTUnrolled
from rnnwidgets.forcing_vs_free import ForcingVsFree
from rnnwidgets.gradient_decay import GradientDecay
from rnnwidgets.gru_gates import GRUGates
from rnnwidgets.lstm_gates import LSTMGates
from rnnwidgets.memory_race import MemoryRace
from rnnwidgets.sentence_scrubber import SentenceScrubber

__all__ = [
    "AlignmentMap",
    "AttentionBoard",
    "BPTTUnrolled",
    "Bottleneck",
    "CourseWidget",
    "ForcingVsFree",
    "GRUGates",
    "GradientDecay",
    "LSTMGates",
    "MemoryRace",
    "SentenceScrubber",
]
