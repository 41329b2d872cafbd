"""Vocabularies: ids there and back, and what is refused."""

import pytest

from rnncore.data import BOS, EOS, PAD, Vocabulary, label_vocabulary, token_vocabulary

LETTERS = token_vocabulary("xyz")


def test_specials_come_first() -> None:
    """Padding, begin and end have the ids 0, 1, 2; the tokens follow in their order."""
    assert (PAD, BOS, EOS) == (0, 1, 2)
    assert Vocabulary(("<pad>", "<bos>", "<eos>", "x", "y", "z")) == LETTERS
    assert LETTERS.size == 6
    assert LETTERS.encode(["z", "<eos>", "x"]) == [5, EOS, 3]


def test_labels_have_no_specials() -> None:
    """Labels are numbered from 0 and decode to themselves, id 0 included."""
    labels = label_vocabulary(["no", "yes"])
    assert labels.encode(["yes", "no"]) == [1, 0]
    assert labels.decode([0, 1, 0]) == ["no", "yes", "no"]


def test_decoding_stops_at_the_end() -> None:
    """What stands after EOS is not read, padding and begin are left out."""
    assert LETTERS.decode([BOS, 4, PAD, 3, EOS, 5]) == ["y", "x"]


REFUSED = [
    (label_vocabulary, [], ValueError, "at least one token, got none"),
    (token_vocabulary, "", ValueError, "at least one token, got none"),
    (label_vocabulary, ["a", "b", "a"], ValueError, "every token once, got 'a' again"),
    (token_vocabulary, ["<eos>"], ValueError, "every token once, got '<eos>' again"),
    (LETTERS.encode, "xq", ValueError, "tokens of the vocabulary, got 'q'"),
    (LETTERS.decode, [3, 6], IndexError, "ids between 0 and 5, got 6"),
    (LETTERS.decode, [-1], IndexError, "ids between 0 and 5, got -1"),
]


@pytest.mark.parametrize(("function", "argument", "error", "message"), REFUSED)
def test_wrong_arguments_are_named(function, argument, error, message) -> None:
    """A wrong argument is refused by one sentence that says what was expected and what came."""
    with pytest.raises(error, match="^expected " + message):
        function(argument)
