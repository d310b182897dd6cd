"""To whom a message goes: a phone number, or every id of the person that the client knows."""

from messaging.content import Person
from messaging.intake.errors import Findings
from messaging.intake.request import PersonIn
from messaging.phones import normalise


def read_person(to: str | PersonIn | None, where: str, findings: Findings) -> Person | None:
    """Return the person; what is wrong goes to `findings`, where None was told already."""
    if to is None:
        return None
    if isinstance(to, str):
        phone = normalise(to)
        if phone is None:
            findings.add(where, "invalid", f"{where} is not a phone number.")
            return None
        return Person(phone)
    number = normalise(to.phone) if to.phone else ""
    if number is None:
        findings.add(f"{where}.phone", "invalid", f"{where}.phone is not a phone number.")
        return None
    if not (number or to.oa_user_id or to.mini_app_user_id):
        findings.add(where, "required", f"{where} needs phone, oaUserId or miniAppUserId.")
        return None
    return Person(number, to.oa_user_id or "", to.mini_app_user_id or "")
