"""Interactive figures of the course: the same module runs in the book and in notebooks."""

from rnnwidgets._widget import CourseWidget
from rnnwidgets.lstm_gates import LSTMGates

__all__ = ["CourseWidget", "LSTMGates"]
