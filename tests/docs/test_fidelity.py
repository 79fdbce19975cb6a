"""How near the simulator comes: the page is as the code is, and other seeds come as near."""

from __future__ import annotations

import pytest

from hsr_privacy.portrait import load_published, portray
from hsr_privacy.portrait.sentences import agreement, numbers_differ
from scripts import fidelity

pytestmark = pytest.mark.xdist_group("fidelity")


@pytest.mark.full  # numpy's streams are the same in every version, its sums are not quite
def test_the_page_of_fidelity_is_what_the_simulator_gives(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert fidelity.main(["--check"]) == 0, capsys.readouterr().out[-4000:]


@pytest.mark.parametrize("seed", [2, 3])
def test_every_calibrated_figure_is_within_three_errors_and_the_rounding(seed: int) -> None:
    events = fidelity.simulated(seed).linked
    portrait = portray(events, published=load_published(), least_persons=1)
    out = [
        f"{one.name} {one.label} {one.years}: {one.published} printed, {one.here} here"
        for one in portrait.compared
        if one.use == "calibrated" and one.verdict not in ("agrees", "within")
    ]
    assert out == []
    assert agreement(portrait)[1] > 45
    assert not numbers_differ(portrait)
    assert portrait.outside_flow.chain_holds
    assert portrait.inside_flow.chain_holds
    shares = {(one.group, one.name): one.share or 0.0 for one in portrait.lives}
    soon, late = shares["response", "0-5"], shares["response", "20+"]
    assert soon > 1.3 * late
    assert (
        shares["rhythm and help", "shockable, helped"]
        > shares["rhythm and help", "shockable, alone"]
    )
    assert (
        shares["rhythm and help", "shockable, helped"]
        > 2 * shares["rhythm and help", "other, helped"]
    )


def test_wrong_usage_of_the_script_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert fidelity.main(["--chek"]) == 2
    assert "--check" in capsys.readouterr().err
