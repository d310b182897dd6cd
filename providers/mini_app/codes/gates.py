"""Our own codes for messages that must not be sent (zalo-mini-app.md section 2, Eligibility, quota, hours)."""

from typing import Final

from providers.contract import Failover, Scope
from providers.mini_app.codes.rows import daily, message, recipient

NOT_A_TEMPLATE: Final = message(
    code="limit-content",
    meaning="This channel carries templates alone",
    advice="Send a template, or use a channel that carries other contents.",
)
NO_DEVELOPMENT_MODE: Final = message(
    code="limit-mode",
    meaning="There is no development mode here: the message would be a real one",
    failover=Failover.NO,
    advice="Send without development mode, or over the direct channel.",
)
BAD_USER_ID: Final = recipient(
    code="limit-user",
    meaning="The user id is not one of a Mini App: 10 to 20 digits",
    advice="Give the id that the Mini App gets from getUserID, as text.",
)
FIELD_TOO_LONG: Final = message(
    code="limit-field",
    meaning="A value is longer than its field of the template",
    advice="Shorten the value: the README lists the fields that are known.",
)
NO_OPT_IN: Final = recipient(
    code="gate-opt-in",
    meaning="The person has not agreed to notifications of the Mini App",
    advice="Ask in the Mini App with requestSendNotification; another channel may carry the message.",
)
NO_VISIT: Final = recipient(
    code="gate-visit",
    meaning="The person has not opened the Mini App within the last seven days",
    advice="Wait for a visit; another channel may carry the message.",
)
FACTS_LACKING: Final = message(
    code="gate-facts",
    meaning="It was not said whether the person agreed and when they last opened the Mini App",
    advice="Give `optedIn` and `lastVisit` with the recipient, or let the account send without them.",
)
PERSON_DONE: Final = daily(
    code="gate-person-day",
    meaning="The person has had the day's notification of this app",
    scope=Scope.RECIPIENT,
    failover=Failover.NOT_PROMOTIONAL,
    advice="Send at most one notification a day to a person; another channel may carry what cannot wait.",
)
APP_DONE: Final = daily(
    code="gate-app-day",
    meaning="The app has sent the day's 1,000 notifications",
    scope=Scope.CHANNEL,
    failover=Failover.LATE,
    advice="Nothing to do: it goes on after midnight. For more, send by an Official Account.",
)

GATES: Final = (
    NOT_A_TEMPLATE,
    NO_DEVELOPMENT_MODE,
    BAD_USER_ID,
    FIELD_TOO_LONG,
    NO_OPT_IN,
    NO_VISIT,
    FACTS_LACKING,
    PERSON_DONE,
    APP_DONE,
)
