"""What an outcome says about the channel it came over."""

from enum import Enum

from messaging.dispatch.sending import OWN_REASONS
from providers.contract import ErrorClass, Outcome, Retry, Verdict


class Judgement(Enum):
    """Whether the channel works."""

    GOOD = "good"
    BAD = "bad"
    NONE = "none"


_GOOD = {ErrorClass.RECIPIENT, ErrorClass.MESSAGE}


def judge(outcome: Outcome, called: bool) -> Judgement:
    """Return what the outcome says; `called` is false where no call was made for the message.

    A refusal of the person or the content comes from a channel that works. Quotas, tokens and the configuration are
    judged elsewhere, but for faults of the configuration that may pass by themselves.
    """
    if not called or outcome.text in OWN_REASONS:
        return Judgement.NONE
    if outcome.verdict is Verdict.ACCEPTED:
        return Judgement.GOOD
    if outcome.verdict is not Verdict.REFUSED or outcome.error is None:
        return Judgement.BAD
    error = outcome.error
    passes = error.error_class is ErrorClass.CONFIGURATION and error.retry is Retry.BACKOFF
    if passes or error.error_class is ErrorClass.TRANSIENT:
        return Judgement.BAD
    return Judgement.GOOD if error.error_class in _GOOD else Judgement.NONE
