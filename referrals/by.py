"""Whose word something is and how it came. Who presses the button is the actor of the session."""

from dataclasses import dataclass

from resources_db.vocab import Channel, Side


@dataclass(frozen=True, slots=True)
class By:
    """A navigator who passes on an agency's word names who said it ("phone: Denise")."""

    side: Side
    channel: Channel = Channel.PAGE
    said_by: str = ""


CLOCK = By(Side.CLOCK, Channel.CLOCK)
SYSTEM = By(Side.SYSTEM, Channel.CLOCK)
NAVIGATOR = By(Side.NAVIGATOR, Channel.PAGE)
AGENCY_LINK = By(Side.AGENCY, Channel.LINK)
AGENCY_SMS = By(Side.AGENCY, Channel.SMS)
PATIENT_LINK = By(Side.PATIENT, Channel.LINK)
PATIENT_SMS = By(Side.PATIENT, Channel.SMS)
