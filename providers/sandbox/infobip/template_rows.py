"""Templates as Infobip lists them."""

from typing import Any

from providers.sandbox.infobip.seeds import Account
from providers.sandbox.infobip.wire import time
from providers.sandbox.zalo.listing import CREATED_MS
from providers.sandbox.zalo.templates import Template

# The filter spells the states otherwise than the rows do (section 13).
_STATES = {"ENABLED": "ENABLE", "DISABLED": "DISABLE", "REJECTED": "REJECT"}


def template_page(account: Account, page: int, size: int, status: str) -> dict[str, Any]:
    """Return page `page` (from 0) of the account's templates of a status, empty for all."""
    wanted = _STATES.get(status, status)
    found = [each for each in account.templates.values() if wanted in ("", each.status)]
    results = [
        {
            "templateName": int(each.id),
            "displayName": each.name,
            "status": each.status,
            "createdTime": time(CREATED_MS / 1000),
        }
        for each in found[page * size : (page + 1) * size]
    ]
    paging = {"page": page, "size": size, "totalPages": -(-len(found) // max(1, size)), "totalResults": len(found)}
    return {"results": results, "paging": paging}


def detail(template: Template) -> dict[str, Any]:
    """Return a template with its parameters and button."""
    properties = [
        {
            "name": each.name,
            "required": each.require,
            "type": each.type,
            "maxLength": each.max_length,
            "minLength": each.min_length,
            "acceptNull": each.accept_null,
        }
        for each in template.parameters
    ]
    button = {"type": "GO_TO_COMPANY_PAGE", "title": template.button, "content": "https://sandbox.example/open"}
    return {
        "templateName": int(template.id),
        "displayName": template.name,
        "status": template.status,
        **({"reason": template.reason} if template.reason else {}),
        "templateProperties": properties,
        "templateButtons": [button] if template.button else [],
        "previewUrl": f"https://sandbox.example/preview/{template.id}",
        "templateTag": template.tag,
    }
