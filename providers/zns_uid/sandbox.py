"""Templates by user id as the sandbox takes them (zalo-zns-oa.md 4.4): the path and its refusals."""

import msgspec

from providers.sandbox.exchange import Request
from providers.sandbox.zalo.catalogue import Catalogue
from providers.sandbox.zalo.chat_sending import Letter
from providers.sandbox.zalo.envelope import Refusal
from providers.sandbox.zalo.letters import body_of, person_of
from providers.sandbox.zalo.order import named_template
from providers.sandbox.zalo.people import People
from providers.sandbox.zalo.seeded_templates import OTP_TIMEOUT_MS
from providers.sandbox.zalo.seeds import OfficialAccount
from providers.sandbox.zalo.templates import Unfit, checked, shown


def read_template_letter(request: Request, account: OfficialAccount, people: People, catalogue: Catalogue) -> Letter:
    """Return the template message that the request asks for. Raises Refusal with the first fault found.

    No window holds for templates; one-time passwords and journeys do not go this way.
    """
    body = body_of(request)
    person = person_of(people, account, body.get("user_id"))
    data = body.get("template_data")
    if not isinstance(data, dict) or not data:
        raise Refusal(-112, "Template data invalid")
    template = named_template(body.get("template_id"), account, data, catalogue)
    if template.timeout_ms == OTP_TIMEOUT_MS or template.journey:
        raise Refusal(-249, "Template does not support sending by UID")
    if person.restricts:
        raise Refusal(-244, "User has restricted this type of message from the OA")
    try:
        values = checked(template, data)
    except Unfit as unfit:
        raise Refusal(unfit.code, unfit.text) from unfit
    page = msgspec.structs.replace(shown(template, values, account.name), sort="template")
    return Letter(account=account, person=person, shown=page, billed=True)
