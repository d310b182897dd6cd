from messaging.models.message import Bulk, Leg, Message, TimelineEvent
from messaging.models.queue import ClientMessage, Due, IdempotencyKey, Lane, Receipt
from messaging.models.template import Template, TemplateMapping

__all__ = [
    "Bulk",
    "ClientMessage",
    "Due",
    "IdempotencyKey",
    "Lane",
    "Leg",
    "Message",
    "Receipt",
    "Template",
    "TemplateMapping",
    "TimelineEvent",
]
