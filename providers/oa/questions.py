"""What can be asked of an Official Account besides sending (zalo-zns-oa.md section 7.3)."""

from collections.abc import Mapping
from typing import Final

from providers.contract import Answer, Call, Context, Question, Response
from providers.oa import readings
from providers.oa.uploads import UPLOADS, upload_call
from providers.zalo import oa_asking
from providers.zalo.oa_asking import Asked
from providers.zalo.oa_quota import QUOTA_PATH, purses
from providers.zalo.official_account import PROFILE_PATH, official_account

_PAGED: Final = frozenset({"offset", "count"})

QUESTIONS: Final[Mapping[str, Asked]] = {
    "connection": Asked(path=PROFILE_PATH, read=official_account),
    "followers": Asked(
        path="/v3.0/oa/user/getlist",
        fixed={"offset": "0", "count": "50", "is_follower": "true"},
        optional=("tag_name", "last_interaction_period"),
        numbers=_PAGED,
        read=readings.followers,
    ),
    "person": Asked(path="/v3.0/oa/user/detail", required=("user_id",), read=readings.person),
    "person_quota": Asked(path=QUOTA_PATH, required=("user_id",), posted=True, read=readings.person_quota),
    "quota": Asked(
        path=QUOTA_PATH,
        fixed={"quota_owner": "OA", "product_type": "cs", "quota_type": "sub_quota"},
        posted=True,
        read=purses,
    ),
    "conversation": Asked(
        path="/v2.0/oa/conversation",
        required=("user_id",),
        fixed={"offset": "0", "count": "10"},
        numbers=_PAGED,
        read=readings.messages,
    ),
    "recent_chats": Asked(
        path="/v2.0/oa/listrecentchat", fixed={"offset": "0", "count": "10"}, numbers=_PAGED, read=readings.messages
    ),
    **{kind: Asked(path=upload.path, read=readings.upload) for kind, upload in UPLOADS.items()},
}


def ask(question: Question, credentials: Mapping[str, str], context: Context) -> Call:
    """Return the call that asks `question`.

    Raises KeyError for an unknown kind or a missing parameter, ValueError for one that cannot be used.
    """
    asked = QUESTIONS[question.kind]
    if question.kind in UPLOADS:
        return upload_call(question, credentials, context)
    return oa_asking.ask(asked, question, credentials, context)


def answer(question: Question, response: Response) -> Answer:
    """Return what `response` says to `question`; `data` in the shape that the README lists for the kind."""
    return oa_asking.answer(QUESTIONS[question.kind], question, response)
