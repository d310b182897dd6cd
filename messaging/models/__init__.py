from messaging.models.campaign import Campaign, CampaignRow, CampaignRun, RecipientChunk, RecipientFile, RowProblem
from messaging.models.chat import ChatLine, Contact, FollowerSync
from messaging.models.message import Bulk, BulkCount, Leg, Message, TimelineEvent
from messaging.models.mini_app import MiniAppEvent, MiniAppMessage, MiniAppPerson, NotificationCount
from messaging.models.queue import (
    ClientMessage,
    Due,
    IdempotencyKey,
    Lane,
    LaneHold,
    PaceClock,
    ProviderMessage,
    Receipt,
)
from messaging.models.recipient import PromotionCount, RecipientMark
from messaging.models.template import Template, TemplateMapping

__all__ = [
    "Bulk",
    "BulkCount",
    "Campaign",
    "CampaignRow",
    "CampaignRun",
    "ChatLine",
    "ClientMessage",
    "Contact",
    "Due",
    "FollowerSync",
    "IdempotencyKey",
    "Lane",
    "LaneHold",
    "Leg",
    "Message",
    "MiniAppEvent",
    "MiniAppMessage",
    "MiniAppPerson",
    "NotificationCount",
    "PaceClock",
    "PromotionCount",
    "ProviderMessage",
    "Receipt",
    "RecipientChunk",
    "RecipientFile",
    "RecipientMark",
    "RowProblem",
    "Template",
    "TemplateMapping",
    "TimelineEvent",
]
