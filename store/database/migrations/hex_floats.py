"""SQL that turns floats of a BLOB into numbers, to the last bit, on SQLite and on DuckDB with the file attached.

DuckDB runs a view of an attached file itself if it understands it, and reads everything else as text. It knows no
`x'..'` literals and cuts no bytes from a BLOB, so the BLOB is written in hexadecimal, which both can cut and look up.
Sign, exponent and mantissa are arithmetic on whole numbers; powers of two are exact. NaN becomes NULL, as everywhere in
SQLite.
"""

from __future__ import annotations

from dataclasses import dataclass

_POWER_32 = "4294967296e0"


@dataclass(frozen=True)
class _Format:
    """How a float is laid out; positions are those of hexadecimal digits, from 1."""

    #: digits of the sign and the exponent, highest first
    top: tuple[int, ...]
    #: digits of the mantissa, lowest first
    mantissa: tuple[int, ...]
    #: bits of the exponent; of the mantissa
    exponent: int
    bits: int

    @property
    def bias(self) -> int:
        """What to subtract from the exponent when the mantissa is a whole number."""
        return (1 << (self.exponent - 1)) - 1 + self.bits


#: A byte's high digit comes first, and the lowest byte. The highest mantissa digit of four bytes is shared.
_FORMATS = {
    4: _Format((7, 8, 5), (2, 1, 4, 3, 6, 5), 8, 23),
    8: _Format((15, 16, 13), (2, 1, 4, 3, 6, 5, 8, 7, 10, 9, 12, 11, 14), 11, 52),
}


def cut(column: str, number: str, *, size: int) -> str:
    """Return an expression for the digits of one float.

    Args:
        column: `hex` of the BLOB.
        number: an expression, from 1.
        size: 4 or 8 bytes.
    """
    return f"substr({column}, ({number}) * {2 * size} - {2 * size - 1}, {2 * size})"


def decoded(digits: str, *, size: int) -> str:
    """Return an expression for the float that `cut` found.

    SQLite does not merge inner queries without a FROM into the outer one, so each digit is looked up once.
    """
    form = _FORMATS[size]
    hidden, bias = 1 << form.bits, form.bias
    return f"""(
    SELECT CASE
        WHEN e BETWEEN {bias - 62} AND {bias} THEN sign * (m + {hidden}) / (CAST(1 AS BIGINT) << ({bias} - e))
        WHEN e = {(1 << form.exponent) - 1} THEN CASE WHEN m = 0 THEN sign * 9e999 END
        WHEN e > {bias} THEN sign * (m + {hidden}){_scaled("*", f"(e - {bias})", form)}
        ELSE sign * (m + CASE WHEN e > 0 THEN {hidden} ELSE 0 END){
        _scaled("/", f"({bias} - CASE WHEN e > 1 THEN e ELSE 1 END)", form)
    } END
    FROM (
        SELECT CASE WHEN {_digit(form.top[0])} >= 8 THEN -1e0 ELSE 1e0 END AS sign,
            {_exponent(form)} AS e, {_mantissa(form)} AS m
        FROM (SELECT {digits} AS h) AS digits) AS parts)"""


def _digit(place: int) -> str:
    """Return an expression for a hexadecimal digit; one that is not found is 0."""
    return f"instr('123456789ABCDEF', substr(h, {place}, 1))"


def _exponent(form: _Format) -> str:
    first, second, third = (_digit(place) for place in form.top)
    if form.exponent == 8:  # of the third digit one bit
        return f"(({first} & 7) << 5) | ({second} << 1) | ({third} >> 3)"
    return f"(({first} & 7) << 8) | ({second} << 4) | {third}"


def _mantissa(form: _Format) -> str:
    parts = [f"({_digit(place)} << {4 * number})" for number, place in enumerate(form.mantissa)]
    if form.exponent == 8:
        parts[-1] = f"(({_digit(form.mantissa[-1])} & 7) << 20)"
    return " | ".join(parts)


def _scaled(operator: str, power: str, form: _Format) -> str:
    """Multiply or divide by two to the `power`, bit by bit of it."""
    factors = [(1 << bit, f"{1 << (1 << bit)}e0") for bit in range(5)]
    # The larger ones are products: their decimals would be too long to trust.
    most = 8 if form.exponent == 8 else 10
    factors += [(1 << bit, " * ".join([_POWER_32] * (1 << (bit - 5)))) for bit in range(5, most)]
    if form.exponent == 11:
        factors += [(1024, factors[-1][1])] * 2  # 2 ** 1024 itself is no double
    return "".join(f" {operator} CASE WHEN {power} & {bit} > 0 THEN {by} ELSE 1e0 END" for bit, by in factors)
