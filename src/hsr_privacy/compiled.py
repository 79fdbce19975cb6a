"""Compile kernels of numbers to machine code, once that pays, and keep the result on disk."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache, wraps
from itertools import count
from types import FunctionType
from typing import Any, Final, TypeVar, cast

_Function = TypeVar("_Function", bound=Callable[..., object])
_KERNEL: Final = "__kernel__"

PAYS_FROM: Final = 8_000_000
"""Numbers that a plain form goes through before its kernel is compiled.

A plain form loses some 30 ns a number; the compiler takes half a second to start. Two searches of
30,000 rows go through about as many.
"""


_TASKS: Final = count()


def begin_task() -> None:
    """Say that a search begins. The first of a process may do without the compiler; a second may not."""
    if next(_TASKS):
        import numba  # noqa: F401 - from now on no plain form is called


def compiled(
    signature: str, *, plain: Callable[..., object] | None = None
) -> Callable[[_Function], _Function]:
    """Compile a function for one signature when that pays: on its first call, or later.

    One signature means one compilation. A program waits for the kernels that it calls and for no
    other; one that calls none, or has little for them to do, never imports the compiler, which takes
    longer than all else and most of the memory. The machine code is kept in ``__pycache__`` beside
    the source; where that is read-only, numba keeps it in the user's cache folder, or in
    ``NUMBA_CACHE_DIR`` if that is set. Where nothing can be written at all, the kernels are compiled
    anew in every process, which costs seconds and nothing else.

    A kernel may call other kernels by their names. No division by zero is told.

    Args:
        signature: as numba writes it, such as ``f8(f8[::1], i8)``.
        plain: takes the same arguments and gives the same result without a compiler; it is called
            as long as the compiler is not there and its calls went through few numbers, which are
            counted in the first argument.
    """

    def decorate(function: _Function) -> _Function:
        left = PAYS_FROM if plain is not None else 0

        @cache
        def kernel() -> Any:
            with _no_collection():
                return _machine_code(signature, function)

        @wraps(function)
        def call(*arguments: Any) -> object:
            nonlocal left
            if plain is None or left <= 0 or "numba" in sys.modules:
                return kernel()(*arguments)
            left -= arguments[0].size
            return plain(*arguments)

        call.__dict__[_KERNEL] = kernel
        return cast("_Function", call)

    return decorate


def _machine_code(signature: str, function: Callable[..., object]) -> Any:
    """The function compiled, or what is kept of an earlier compilation."""
    import numba

    known = function.__globals__
    called = {name: known.get(name) for name in function.__code__.co_names}
    kernels = {
        name: one.__dict__[_KERNEL]()
        for name, one in called.items()
        if isinstance(one, FunctionType) and _KERNEL in one.__dict__
    }
    linked = FunctionType(function.__code__, {**known, **kernels})
    options = {"nogil": True, "error_model": "numpy"}
    try:
        return numba.njit(signature, cache=True, **options)(linked)
    except RuntimeError:  # numba: "no locator available", no folder can be written
        return numba.njit(signature, **options)(linked)


@contextmanager
def _no_collection() -> Iterator[None]:
    """Do not look for garbage: a compiler makes much that stays, and each look goes through it all."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
