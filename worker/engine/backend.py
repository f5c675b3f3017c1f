"""TensorFlow and Keras, imported in one place with the settings that the numbers rely on.

Whoever imports this module waits 3 to 8 seconds for TensorFlow; nothing that does not train may do so.
"""

from __future__ import annotations

import contextlib
import logging
import os
import sys
from collections.abc import Iterable, Iterator
from typing import Final

from store.collection import uncollected
from store.writable import temporary_file

logger = logging.getLogger(__name__)

os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
# oneDNN picks its kernels by the processor; without it the same build gives the same bits everywhere.
os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"
# AVX2 and AVX-512 machines then run the same instructions; the cost is within the noise of the benchmark. LLVM's level
# 3, XLA's default, makes programs of small models that take twice as long to run as those of level 2.
_XLA_FLAGS = (
    "--xla_cpu_max_isa=AVX2",
    "--xla_backend_optimization_level=2",
    # A loop that touches fewer bytes in a turn is compiled as one function, where the operations of others are called
    # one by one: up to four times as fast for models of few units. Products of matrices, which models of 17 units
    # and more have, are slow in such a function. A sum over 131,072 bytes, which a library does, cannot be in one.
    "--xla_backend_extra_options=xla_cpu_small_while_loop_byte_threshold=100000",
    # On a GPU XLA would otherwise time several kernels for a product and take the quickest, another one in the next
    # process: seen to change the last bits of convolutional models.
    "--xla_gpu_autotune_level=0",
    "--xla_gpu_deterministic_ops=true",
)
#: what those flags of XLA begin with that change no number: what is written down, and where CUDA is
_OF_THE_USER = ("--xla_dump_", "--xla_gpu_cuda_data_dir")


def _xla_flags(given: str) -> str:
    """Return the flags of XLA: of those that the user gives the ones that change no number, and ours."""
    words = [word for word in given.split() if word not in _XLA_FLAGS]  # of the process that started this one
    ignored = [word for word in words if not word.startswith(_OF_THE_USER)]
    if ignored:
        logger.warning("left out of XLA_FLAGS, since it may change the numbers of a repeat: %s", " ".join(ignored))
    return " ".join([*(word for word in words if word not in ignored), *_XLA_FLAGS])


os.environ["XLA_FLAGS"] = _xla_flags(os.environ.get("XLA_FLAGS", ""))
#: What Keras imports if it is there, for features that are not used here: half of the time, a fifth of the memory.
_OPTIONAL = ("IPython", "PIL", "matplotlib", "pandas", "pydot", "scipy", "sklearn", "tensorboard")


@contextlib.contextmanager
def _without(modules: Iterable[str]) -> Iterator[None]:
    """Let imports of some modules fail as if they were not installed, unless they were imported before."""
    missing = [name for name in modules if name not in sys.modules]
    # None is how the import system is told that there is no such module.
    sys.modules.update(dict.fromkeys(missing))  # type: ignore[arg-type]
    try:
        yield
    finally:
        for name in missing:
            del sys.modules[name]


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Keep what C++ writes to stderr while it loads off the terminal, unless loading fails."""
    saved = os.dup(2)
    with temporary_file() as noise:
        os.dup2(noise.fileno(), 2)
        try:
            yield
        except BaseException:
            noise.seek(0)
            os.write(saved, noise.read())
            raise
        finally:
            os.dup2(saved, 2)
            os.close(saved)


# Imports make a million objects that stay.
with _quiet(), uncollected(), _without(_OPTIONAL):
    import keras
    import tensorflow as tf
    from tensorflow.compiler.tf2xla.ops import gen_xla_ops as xla

    _GPUS = tf.config.list_physical_devices("GPU")
    for device in _GPUS:
        tf.config.experimental.set_memory_growth(device, True)
    if _GPUS:
        # Products of matrices would otherwise be of TF32, whose numbers have 10 bits: a thousand times as far from
        # those of a CPU as float32 is.
        tf.config.experimental.enable_tensor_float_32_execution(False)

#: Whether programs run on a GPU.
ON_GPU: Final = bool(_GPUS)

__all__ = ["ON_GPU", "keras", "tf", "xla"]
