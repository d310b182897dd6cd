"""Moves the bytes of calls over HTTP/1.1 and says honestly whether they left.

Nothing here repeats a request or follows a redirect: a request repeated behind the caller's back is a second message
on somebody's phone. What is not certainly unsent counts as sent. Connections are our own, over the parser of httptools,
so that both hold by construction: a request is written once, into one connection (docs/decisions/0007).
"""

from providers.transport.connection import MAX_BODY
from providers.transport.exchanging import exchange
from providers.transport.sending import Transport
from providers.transport.writing import USER_AGENT

__all__ = ["MAX_BODY", "USER_AGENT", "Transport", "exchange"]
