"""When a kernel is compiled, and what it may call."""

from __future__ import annotations

import importlib
import subprocess
import sys
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hsr_privacy.compiled import PAYS_FROM, compiled

Int64s = NDArray[np.int64]

# The module has the same name there: what numba keeps on disk names it.
IN_A_FRESH_PROCESS = f"""
import sys
sys.path[:0] = {sys.path!r}
import numpy as np
from {__name__} import told_apart
from hsr_privacy.compiled import PAYS_FROM

few, many = np.zeros(PAYS_FROM // 2, np.int64), np.zeros(PAYS_FROM, np.int64)
said = [told_apart(few), "numba" in sys.modules, told_apart(many), "numba" in sys.modules]
print(said, told_apart(few[:1]), "numba" in sys.modules)
"""


def _plainly(_numbers: Int64s) -> int:
    return 1


@compiled("i8(i8[::1])", plain=_plainly)
def told_apart(_numbers: Int64s) -> int:
    """What no plain form may do: give something else."""
    return 2


@compiled("i8(i8)")
def _doubled(number: int) -> int:
    return 2 * number


@compiled("i8(i8[::1])")
def _sum_of_doubles(numbers: Int64s) -> int:
    total = 0
    for number in numbers:
        total += _doubled(number)
    return total


@compiled("f8(f8, f8)")
def _divided(left: float, right: float) -> float:
    return left / right


def test_a_second_search_of_a_process_does_not_wait_for_that() -> None:
    program = "import sys; from hsr_privacy.compiled import begin_task as begin; "
    program += (
        "begin(); first = 'numba' in sys.modules; begin(); print(first, 'numba' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, encoding="utf-8"
    )
    assert done.stdout.strip() == "False True"


def test_the_compiler_is_started_when_the_plain_form_has_gone_through_enough() -> None:
    command = [sys.executable, "-c", IN_A_FRESH_PROCESS]
    done = subprocess.run(command, check=True, capture_output=True, encoding="utf-8")
    assert done.stdout.strip() == "[1, False, 1, False] 2 True"


def test_a_kernel_is_compiled_at_once_where_the_compiler_is_there() -> None:
    importlib.import_module("numba")
    assert told_apart(np.zeros(PAYS_FROM // 4, np.int64)) == 2


def test_a_kernel_calls_another_by_its_name() -> None:
    assert _sum_of_doubles(np.arange(4)) == 12


def test_a_kernel_without_a_plain_form_is_compiled_on_its_first_call() -> None:
    kernel: Any = _divided.__dict__["__kernel__"]
    assert _divided(1.0, 4.0) == 0.25
    assert kernel.cache_info().currsize == 1


def test_a_kernel_keeps_its_name_and_its_words() -> None:
    assert (told_apart.__name__, told_apart.__module__) == ("told_apart", __name__)
    assert told_apart.__doc__ == "What no plain form may do: give something else."
