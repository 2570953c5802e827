"""A search as a small tree that each database writes in its own language."""

from dataclasses import dataclass

from tracks.search.documents import NAME_SIGN

SHORT_BEGINNINGS = (1, 2)  # letters of a name that are a term of their own on PostgreSQL
BEGINNING_SIGN = "^"


@dataclass(frozen=True, slots=True)
class Term:
    """One word of the index; with `prefix`, all words that begin so."""

    text: str
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class Phrase:
    """Several words, one right after the other."""

    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AllOf:
    parts: "tuple[Expression, ...]"


@dataclass(frozen=True, slots=True)
class AnyOf:
    parts: "tuple[Expression, ...]"


Expression = Term | Phrase | AllOf | AnyOf


def phrase(words: tuple[str, ...]) -> Expression:
    return Term(words[0]) if len(words) == 1 else Phrase(words)


def all_of(*parts: Expression) -> Expression:
    return parts[0] if len(parts) == 1 else AllOf(parts)


def any_of(*parts: Expression) -> Expression:
    return parts[0] if len(parts) == 1 else AnyOf(parts)


def n_terms(expression: Expression) -> int:
    """How many words the expression has when it is written out."""
    match expression:
        case Term():
            return 1
        case Phrase(words):
            return len(words)
        case AllOf(parts) | AnyOf(parts):
            return sum(map(n_terms, parts))


def fts5(expression: Expression) -> str:
    """The expression for SQLite: everything a person typed stands in quotes, where nothing is syntax."""
    match expression:
        case Term(text, prefix):
            return _quoted(text, '"') + (" *" if prefix else "")
        case Phrase(words):
            return _quoted(" ".join(words), '"')
        case AllOf(parts):
            return f"({' AND '.join(map(fts5, parts))})"
        case AnyOf(parts):
            return f"({' OR '.join(map(fts5, parts))})"


def tsquery(expression: Expression) -> str:
    """The expression for PostgreSQL."""
    match expression:
        case Term(text, True) if text[0] == NAME_SIGN and len(text) - 1 in SHORT_BEGINNINGS:
            return lexeme(beginning(text))
        case Term(text, prefix):
            return lexeme(text) + (":*" if prefix else "")
        case Phrase(words):
            return f"({' <-> '.join(map(lexeme, words))})"
        case AllOf(parts):
            return f"({' & '.join(map(tsquery, parts))})"
        case AnyOf(parts):
            return f"({' | '.join(map(tsquery, parts))})"


def beginning(name_term: str) -> str:
    """The first letters of a name as a term, of which PostgreSQL knows how common it is, unlike a prefix."""
    return BEGINNING_SIGN + name_term[1:]


def lexeme(word: str) -> str:
    """A word as PostgreSQL reads it in a tsvector or a tsquery."""
    return _quoted(word.replace("\\", "\\\\"), "'")


def _quoted(text: str, quote: str) -> str:
    return quote + text.replace(quote, quote * 2) + quote
