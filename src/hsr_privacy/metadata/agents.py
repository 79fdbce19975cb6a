"""Agents: where an organization is found on the web, and the two that every extract names."""

from __future__ import annotations

import uuid
from typing import Final

from hsr_privacy.documents import Label
from hsr_privacy.metadata.model import Agent
from hsr_privacy.metadata.vocabulary import ORGANIZATIONS

CONTROLLER: Final = Agent(
    name="Folkehelseinstituttet",
    kind="public-health-institute",
    org_no="983744516",
    page="https://www.fhi.no/",
    note=Label(
        nb="Dataansvarlig for Norsk hjertestansregister.",
        en="Controller of the Norwegian Cardiac Arrest Registry.",
    ),
)
"""Answers for the register."""

ACCESS_BODY: Final = Agent(
    name="Helsedataservice",
    kind="national-authority",
    page="https://helsedata.no/",
    note=Label(
        nb="Behandler søknader om helsedata.",
        en="Decides on applications for health data.",
    ),
)
"""Decides who has access."""


def address_of(agent: Agent) -> str:
    """The address by which an organization is named.

    Its place in Brønnøysund's register, else a name made of its name: its page is no name, because an
    organization and what it writes are two things.
    """
    if agent.org_no is not None:
        return ORGANIZATIONS + agent.org_no
    return f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'urn:hsr-privacy:agent:{agent.name}')}"


def page_of(agent: Agent) -> str:
    """Where an organization is read about: its page, else its address."""
    return agent.page or address_of(agent)
