"""The page on which an official account's admin allows an app to act for it (zalo-zns-oa.md 3.1)."""

from collections.abc import Iterable, Mapping
from html import escape
from urllib.parse import urlencode

from providers.sandbox.zalo.seeds import App, OfficialAccount

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Allow access - Zalo sandbox</title>
<style>
body{{margin:0;min-height:100vh;display:grid;place-items:center;background:#eef2f8;color:#1c2b3f;
font:16px/1.5 system-ui,sans-serif}}
main{{background:#fff;border-radius:16px;padding:32px;max-width:440px;box-shadow:0 8px 32px #1c2b3f1a}}
h1{{font-size:20px;margin:0 0 8px}} p{{margin:0 0 20px;color:#51617a}} ul{{list-style:none;margin:0;padding:0}}
li{{display:flex;justify-content:space-between;align-items:center;gap:16px;padding:12px 0;border-top:1px solid #e3e9f2}}
small{{display:block;color:#51617a}}
a{{background:#0057d9;color:#fff;text-decoration:none;padding:8px 20px;border-radius:999px}}
a:hover,a:focus{{background:#0045ad}}
</style></head><body><main>
<h1>Allow app {app}?</h1>
<p>The app asks to send messages for one of these official accounts. You return to {target}.</p>
<ul>{accounts}</ul>
</main></body></html>"""


def consent_page(app: App, accounts: Iterable[OfficialAccount], params: Mapping[str, str]) -> str:
    """Return the page with one Allow link an official account; `params` are those of the consent URL."""
    kept = {name: params[name] for name in ("app_id", "redirect_uri", "code_challenge", "state") if params.get(name)}
    rows = "".join(
        f"<li><span>{escape(account.name)}<small>{account.id}</small></span>"
        f'<a href="permission/allow?{escape(urlencode({**kept, "oa_id": account.id}))}">Allow</a></li>'
        for account in accounts
    )
    return _PAGE.format(app=escape(app.id), target=escape(params["redirect_uri"]), accounts=rows)
