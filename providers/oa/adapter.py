"""Consultation messages of a Zalo Official Account to people who wrote to it or follow it."""

from typing import Final

from providers.oa import questions, sending
from providers.oa.errors import ERRORS
from providers.zalo.by_user_id import ByUserId

OA: Final = ByUserId("oa", sending, questions, ERRORS)
