"""Interactive figures of the course: the same module runs in the book and in notebooks."""

from rnnwidgets._widget import CourseWidget
from rnnwidgets.attention_board import AttentionBoard
from rnnwidgets.gradient_decay import GradientDecay
from rnnwidgets.gru_gates import GRUGates
from rnnwidgets.lstm_gates import LSTMGates

__all__ = ["AttentionBoard", "CourseWidget", "GRUGates", "GradientDecay", "LSTMGates"]
