"""SQL for SQLite that turns four or eight bytes of a BLOB into the number they stand for, to the last bit.

SQLite has no function for it, so it is arithmetic: sign, exponent and mantissa are cut from the bytes, and powers of
two are exact. NaN becomes NULL, as everywhere in SQLite.
"""

from __future__ import annotations

#: `instr` of a byte in this is its value plus one
_BYTES = f"x'{bytes(range(256)).hex()}'"
_POWER_32 = "4294967296.0"


def decoded(column: str, number: str, *, size: int) -> str:
    """Return an expression for one float of a little-endian BLOB.

    The two inner queries without a FROM are not merged into the outer one, so that each byte is looked up once.

    Args:
        column: the BLOB.
        number: an expression, from 1.
        size: 4 or 8 bytes.
    """
    shift, top, bias = {4: (7, 255, 150), 8: (4, 2047, 1075)}[size]
    rest = (size - 2) * 8
    hidden = 1 << (rest + shift)
    low = " | ".join(f"(({_byte(column, number, size, place)}) << {8 * place})" for place in range(size - 2))
    return f"""(
    SELECT CASE
        WHEN e BETWEEN {bias - 62} AND {bias} THEN sign * (m + {hidden}) / (1 << ({bias} - e))
        WHEN e = {top} THEN CASE WHEN m = 0 THEN sign * 9e999 END
        WHEN e > {bias} THEN sign * (m + {hidden}){_scaled("*", f"(e - {bias})", size)}
        ELSE sign * (m + CASE WHEN e > 0 THEN {hidden} ELSE 0 END){_scaled("/", f"({bias} - max(e, 1))", size)} END
    FROM (
        SELECT CASE WHEN high >= 32768 THEN -1.0 ELSE 1.0 END AS sign,
            (high >> {shift}) & {top} AS e, ((high & {(1 << shift) - 1}) << {rest}) | low AS m
        FROM (
            SELECT (({_byte(column, number, size, size - 1)}) << 8) | ({_byte(column, number, size, size - 2)}) AS high,
                {low} AS low)))"""


def _byte(column: str, number: str, size: int, place: int) -> str:
    return f"instr({_BYTES}, substr({column}, ({number}) * {size} - {size - 1 - place}, 1)) - 1"


def _scaled(operator: str, power: str, size: int) -> str:
    """Multiply or divide by two to the `power`, bit by bit of it."""
    factors = [(1 << bit, f"{float(1 << (1 << bit))}") for bit in range(5)]
    # The larger ones are products: their decimals would be too long to trust.
    factors += [(1 << bit, " * ".join([_POWER_32] * (1 << (bit - 5)))) for bit in range(5, 8 if size == 4 else 10)]
    if size == 8:
        factors += [(1024, factors[-1][1])] * 2  # 2 ** 1024 itself is no double
    return "".join(f" {operator} CASE WHEN {power} & {bit} THEN {factor} ELSE 1.0 END" for bit, factor in factors)
