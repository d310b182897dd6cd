"""What an outcome says about the channel it came over."""

from enum import Enum

from messaging.dispatch.sending import OWN_REASONS
from providers.contract import ErrorClass, Outcome, Verdict


class Judgement(Enum):
    """Whether the channel works."""

    GOOD = "good"
    BAD = "bad"
    NONE = "none"


_GOOD = {ErrorClass.RECIPIENT, ErrorClass.MESSAGE}


def judge(outcome: Outcome, called: bool) -> Judgement:
    """Return what the outcome says; `called` is false where no call was made for the message.

    A refusal of the person or the content comes from a channel that works. Quotas, tokens and the configuration are
    judged elsewhere.
    """
    if not called or outcome.text in OWN_REASONS:
        return Judgement.NONE
    if outcome.verdict is Verdict.ACCEPTED:
        return Judgement.GOOD
    if outcome.verdict is not Verdict.REFUSED or outcome.error is None:
        return Judgement.BAD
    if outcome.error.error_class is ErrorClass.TRANSIENT:
        return Judgement.BAD
    return Judgement.GOOD if outcome.error.error_class in _GOOD else Judgement.NONE
