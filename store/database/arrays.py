"""How arrays are stored: exact to the last bit, small, written without a loop in Python, and readable in SQL.

Postgres has `real[]` and `double precision[]`; they travel in its binary format, which NumPy can lay out whole. SQLite
has a BLOB of little-endian floats; the views turn its bytes into numbers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import UserDefinedType

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray
    from psycopg import Connection
    from psycopg.abc import Buffer

#: Postgres' type numbers: of the element, and of the array of it
TYPES = {"float32": (700, 1021), "float64": (701, 1022)}


class Packed:
    """An array as Postgres sends it: dimensions, flags, element type, length, lower bound; then each size and value."""

    __slots__ = ("data",)

    def __init__(self, values: NDArray[Any]) -> None:
        import numpy as np  # here and below, since the tables are loaded by commands that read no array

        element, _ = TYPES[values.dtype.name]
        cells = np.empty(values.size, dtype=[("size", ">i4"), ("value", values.dtype.newbyteorder(">"))])
        cells["size"] = values.dtype.itemsize
        cells["value"] = values.ravel()
        self.data = np.array([1, 0, element, values.size, 1], dtype=">i4").tobytes() + cells.tobytes()


class PackedFloat32(Packed):
    """A `real[]`."""


class PackedFloat64(Packed):
    """A `double precision[]`."""


def register(connection: Connection) -> None:
    """Enable a psycopg connection to send `Packed` arrays."""
    from psycopg.adapt import Dumper  # a store in a file needs no psycopg
    from psycopg.pq import Format

    class PackedDumper(Dumper):
        format = Format.BINARY

        def dump(self, obj: Packed) -> Buffer:
            return obj.data

    for kind, dtype in ((PackedFloat32, "float32"), (PackedFloat64, "float64")):
        made = type(f"{kind.__name__}Dumper", (PackedDumper,), {"oid": TYPES[dtype][1]})
        connection.adapters.register_dumper(kind, made)


def unpacked(data: bytes, dtype: np.dtype[Any]) -> NDArray[Any]:
    """Read what `array_send` returns: an array of one dimension, or an empty one of none."""
    import numpy as np

    cells = np.frombuffer(data, dtype=[("size", ">i4"), ("value", dtype.newbyteorder(">"))], offset=min(20, len(data)))
    return cells["value"].astype(dtype)


class FloatArray(UserDefinedType["NDArray[Any]"]):
    """A column of arrays of one dimension; NaN, infinity and every bit survive."""

    cache_ok = True

    def __init__(self, dtype: str) -> None:
        #: float32 or float64
        self.dtype = dtype

    def get_col_spec(self, **_: Any) -> str:
        """Return Postgres' name of the type."""
        return {"float32": "REAL[]", "float64": "DOUBLE PRECISION[]"}[self.dtype]

    def bind_processor(self, dialect: Dialect) -> Any:
        """Return what makes a parameter of an array."""
        import numpy as np

        packed = {"float32": PackedFloat32, "float64": PackedFloat64}[self.dtype]
        if dialect.name == "postgresql":
            return lambda values: None if values is None else packed(np.asarray(values, dtype=self.dtype))
        little = np.dtype(self.dtype).newbyteorder("<")
        return lambda values: None if values is None else np.asarray(values, dtype=little).tobytes()

    def column_expression(self, column: Any) -> Any:
        """Select the array's bytes."""
        return _Sent(column, self)

    def result_processor(self, dialect: Dialect, coltype: object) -> Any:
        """Return what makes an array of the bytes."""
        import numpy as np

        dtype = np.dtype(self.dtype)
        if dialect.name == "postgresql":
            return lambda data: None if data is None else unpacked(data, dtype)
        little = dtype.newbyteorder("<")
        return lambda data: None if data is None else np.frombuffer(data, dtype=little).astype(dtype, copy=False)


class FloatBytes(FloatArray):
    """The same column, read as the database sends it, for `stacked` to read many at once."""

    cache_ok = True

    def result_processor(self, dialect: Dialect, coltype: object) -> Any:
        """Return None: the bytes are not converted."""
        return None

    def stacked(self, cells: Sequence[bytes], dialect: str) -> NDArray[Any]:
        """Read arrays of one length: `(cells, length)`.

        Raises:
            ValueError: they differ in length.
        """
        import numpy as np

        if len({len(cell) for cell in cells}) > 1:
            raise ValueError("The arrays differ in length.")
        dtype, data = np.dtype(self.dtype), b"".join(cells)
        if dialect != "postgresql":
            return np.frombuffer(data, dtype=dtype.newbyteorder("<")).astype(dtype).reshape(len(cells), -1)
        cell = np.dtype([("size", ">i4"), ("value", dtype.newbyteorder(">"))])
        head = 20 if len(cells[0]) > 12 else len(cells[0])  # an empty array has no dimension
        length = (len(cells[0]) - head) // cell.itemsize
        rows = np.frombuffer(data, dtype=[("head", f"V{head}"), ("cells", cell, (length,))])
        return rows["cells"]["value"].astype(dtype)


@compiles(FloatBytes, "sqlite")
@compiles(FloatArray, "sqlite")
def _blob(_type: FloatArray, _compiler: Any, **_: Any) -> str:
    return "BLOB"


class _Sent(FunctionElement[Any]):
    """The bytes of an array column, whichever the database."""

    inherit_cache = True

    def __init__(self, column: Any, type_: FloatArray) -> None:
        super().__init__(column)
        self.type = type_


@compiles(_Sent)
def _plain(element: _Sent, compiler: Any, **options: Any) -> str:
    return str(compiler.process(element.clauses, **options))


@compiles(_Sent, "postgresql")
def _send(element: _Sent, compiler: Any, **options: Any) -> str:
    return f"array_send({compiler.process(element.clauses, **options)})"
