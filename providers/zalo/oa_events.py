"""Names of the events of an Official Account's chat and its people (zalo-zns-oa.md section 6.3).

All apps have one webhook address, so these arrive beside the receipts of phone sends.
"""

from typing import Final

_SENT_BY_USER: Final = (
    "text", "image", "link", "audio", "video", "gif", "sticker", "location", "business_card", "file",
)  # fmt: skip
_SENT_BY_OA: Final = ("text", "image", "gif", "list", "file", "sticker", "template")

OA_EVENTS: Final = frozenset(
    (
        *(f"user_send_{kind}" for kind in _SENT_BY_USER),
        *(f"oa_send_{kind}" for kind in _SENT_BY_OA),
        "user_received_message",
        "user_seen_message",
        "user_submit_info",
        "user_withdraw",
        "user_reacted_message",
        "oa_reacted_message",
        "user_click_chatnow",
        "follow",
        "unfollow",
        "add_user_to_tag",
        "remove_user_from_tag",
        "widget_interaction_accepted",
    )
)
