"""Compile kernels of numbers to machine code, and keep the result on disk where that is possible."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba

_Function = TypeVar("_Function", bound=Callable[..., object])


def compiled(signature: Any) -> Callable[[_Function], _Function]:
    """Compile a function for one signature, text or numba's types, when its module is imported.

    One signature means one compilation, and none in the middle of a search. The machine code is
    kept in ``__pycache__`` beside the source; where that is read-only, numba keeps it in the
    user's cache folder, or in ``NUMBA_CACHE_DIR`` if that is set. Where nothing can be written
    at all, the kernels are compiled anew in every process, which costs seconds and nothing else.
    """

    def decorate(function: _Function) -> _Function:
        try:
            kernel = numba.njit(signature, cache=True, nogil=True)(function)
        except RuntimeError:  # numba: "no locator available", no folder can be written
            kernel = numba.njit(signature, nogil=True)(function)
        return cast("_Function", kernel)

    return decorate
