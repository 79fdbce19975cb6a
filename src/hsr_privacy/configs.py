"""Where the toolkit's own configuration lies: in the wheel, or beside a source checkout."""

from __future__ import annotations

from pathlib import Path

from hsr_privacy.errors import ConfigError

_PACKAGED = Path(__file__).parent / "_configs"
_CHECKOUT = Path(__file__).parents[2]


def shipped(*parts: str) -> Path:
    """Path of a shipped configuration file or folder, such as ``shipped("configs", "codebook")``.

    Raises:
        ConfigError: the installation lacks it.
    """
    inside_wheel = parts[1:] if parts[0] == "configs" else parts
    for candidate in (_PACKAGED.joinpath(*inside_wheel), _CHECKOUT.joinpath(*parts)):
        if candidate.exists():
            return candidate
    raise ConfigError(f"{'/'.join(parts)} is not part of this installation; reinstall hsr-privacy")
