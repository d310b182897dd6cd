"""A client application that knows the gateway only from outside: REST, the sandbox's pages and, for checks, SQL."""

import http.client
import json
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from typing import Any
from urllib.parse import urlsplit

import psycopg

from tests.providers.sandbox.running import BUSINESS, eventually

TIMEOUT = 30.0


class Client:
    """`info` is what run.json holds."""

    def __init__(self, info: dict[str, Any]) -> None:
        self.info = info

    def call(self, origin: str, method: str, path: str, body: object = None, key: str = "") -> Any:
        """Return the decoded answer. Fails for anything but a success."""
        place = urlsplit(origin)
        with closing(http.client.HTTPConnection(place.hostname or "", place.port, timeout=TIMEOUT)) as connection:
            headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {key}"} if key else {})
            connection.request(method, path, None if body is None else json.dumps(body), headers)
            reply = connection.getresponse()
            answer = reply.read()
        assert reply.status < 300, answer
        return json.loads(answer) if answer else None

    def api(self, method: str, path: str, body: object = None) -> Any:
        """Call the gateway with the demo tenant's live key."""
        return self.call(self.info["api"], method, path, body, self.info["apiKey"])

    def send_bulk(self, recipients: list[str], **options: Any) -> str:
        """Send the order template to all recipients in one call; return the bulk's id."""
        template = self.info["templates"]["order"]
        data = dict.fromkeys(self._parameters(template), "1")
        messages = [{"to": to, "templateId": template, "templateData": data} for to in recipients]
        bulk: str = self.api("POST", "/v1/messages", {"messages": messages, "options": options})["bulkId"]
        return bulk

    def messages(self, bulk: str) -> Iterator[dict[str, Any]]:
        """Yield the messages of a bulk, page by page."""
        path: str | None = f"/v1/messages?bulkId={bulk}&limit=1000"
        while path:
            page = self.api("GET", path)
            yield from page["messages"]
            path = page["next"]

    def states(self, bulk: str) -> Counter[str]:
        """Return how many messages of a bulk are in which state."""
        return Counter(message["state"] for message in self.messages(bulk))

    def sql(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """Return the rows of a query at the gateway's database."""
        with psycopg.connect(self.info["databaseUrl"], connect_timeout=5) as connection:
            return connection.execute(query, values).fetchall()

    def wait_for_ends(self, bulks: list[str], bound: float) -> bool:
        """Wait until every message of the bulks has ended; return whether that was so within `bound` seconds."""
        query = "SELECT NOT EXISTS (SELECT FROM message WHERE bulk_id = ANY(%s::uuid[]) AND ended_at IS NULL)"
        return bool(eventually(lambda: self.sql(query, bulks)[0][0], bound))

    def sent(self) -> int:
        """Return how many send calls the sandbox has received."""
        path = f"/_/requests/count?host={BUSINESS}&path=/message/template"
        count: int = self.call(self.info["sandbox"], "GET", path)["count"]
        return count

    def tracking_ids(self) -> Counter[str]:
        """Return how often each tracking id arrived at the sandbox."""
        path = f"/_/requests?host={BUSINESS}&path=/message/template"
        found = self.call(self.info["sandbox"], "GET", path)
        return Counter(json.loads(request["body"])["tracking_id"] for request in found)

    def forget_requests(self) -> None:
        """Empty the sandbox's record."""
        self.call(self.info["sandbox"], "DELETE", "/_/requests")

    def _parameters(self, template: str) -> list[str]:
        accounts = self.call(self.info["sandbox"], "GET", "/_/accounts")[BUSINESS]
        return next(known["params"] for known in accounts["templates"] if known["id"] == template)
