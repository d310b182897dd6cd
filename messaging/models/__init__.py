from messaging.models.message import Bulk, BulkCount, Leg, Message, TimelineEvent
from messaging.models.queue import ClientMessage, Due, IdempotencyKey, Lane, LaneHold, PaceClock, Receipt
from messaging.models.recipient import PromotionCount, RecipientMark
from messaging.models.template import Template, TemplateMapping

__all__ = [
    "Bulk",
    "BulkCount",
    "ClientMessage",
    "Due",
    "IdempotencyKey",
    "Lane",
    "LaneHold",
    "Leg",
    "Message",
    "PaceClock",
    "PromotionCount",
    "Receipt",
    "RecipientMark",
    "Template",
    "TemplateMapping",
    "TimelineEvent",
]
