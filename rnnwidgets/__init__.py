"""Interactive figures of the course: the same module runs in the book and in notebooks."""

from rnnwidgets._widget import CourseWidget
from rnnwidgets.gradient_decay import GradientDecay
from rnnwidgets.lstm_gates import LSTMGates

__all__ = ["CourseWidget", "GradientDecay", "LSTMGates"]
