"""Tokens and their ids."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

SPECIALS = ("<pad>", "<bos>", "<eos>")
# Padding, begin and end of sequence: the same ids in every `token_vocabulary`.
PAD, BOS, EOS = range(3)


class Vocabulary(NamedTuple):
    """Tokens in the order of their ids.

    Example:
        >>> letters = token_vocabulary("abc")
        >>> letters.encode("cab")
        [5, 3, 4]
        >>> letters.decode([5, 3, 4, EOS, PAD])
        ['c', 'a', 'b']
    """

    tokens: tuple[str, ...]

    @property
    def size(self) -> int:
        """Number of tokens, `vocab_size`; `len` of a tuple is its number of fields."""
        return len(self.tokens)

    def encode(self, tokens: Iterable[str]) -> list[int]:
        """Return the ids of tokens.

        Raises:
            ValueError: if a token is not in the vocabulary.
        """
        ids = {token: number for number, token in enumerate(self.tokens)}
        tokens = list(tokens)
        unknown = [token for token in tokens if token not in ids]
        if unknown:
            raise ValueError(f"expected tokens of the vocabulary, got {unknown[0]!r}")
        return [ids[token] for token in tokens]

    def decode(self, ids: Iterable[int]) -> list[str]:
        """Return the tokens of ids, up to the first end of sequence; padding and begin left out.

        Raises:
            IndexError: if an id is outside the vocabulary.
        """
        found = []
        for number in ids:
            if not 0 <= number < self.size:
                raise IndexError(f"expected ids between 0 and {self.size - 1}, got {number}")
            token = self.tokens[number]
            if token == SPECIALS[EOS]:
                break
            if token not in SPECIALS:
                found.append(token)
        return found


def label_vocabulary(tokens: Sequence[str]) -> Vocabulary:
    """Number tokens from 0, in their order: classes, labels.

    Raises:
        ValueError: if there are none, or one occurs twice.
    """
    if not tokens:
        raise ValueError("expected at least one token, got none")
    twice = [token for number, token in enumerate(tokens) if token in tokens[:number]]
    if twice:
        raise ValueError(f"expected every token once, got {twice[0]!r} again")
    return Vocabulary(tuple(tokens))


def token_vocabulary(tokens: Sequence[str]) -> Vocabulary:
    """Number tokens from 3, after padding (0), begin (1) and end of sequence (2).

    Raises:
        ValueError: if there are none, or one occurs twice.
    """
    if not tokens:
        raise ValueError("expected at least one token, got none")
    return label_vocabulary([*SPECIALS, *tokens])
