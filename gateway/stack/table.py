"""The processes of the gateway: one literal list. `deploy/` runs the same ones, and a test holds the two together."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Process:
    """One process. `argv` follows `python` and may name variables of the environment as `{PORT}`; `env` adds to the
    environment; `needs` names the steps that must be done first: "servers" (PostgreSQL and Valkey answer) or "seed"
    (migrated and seeded); `role` tells the fault tests what to kill."""

    name: str
    argv: tuple[str, ...]
    needs: str
    role: str
    env: Mapping[str, str] = field(default_factory=dict)

    def command(self, environ: Mapping[str, str]) -> list[str]:
        """The arguments after `python` with the variables filled in. Raises KeyError for a missing one."""
        return [word.format_map(environ) for word in self.argv]


WEB = (
    "-m granian --interface wsgi --host {BIND_HOST} --port {PORT} --workers {WEB_WORKERS} "
    "--blocking-threads {WEB_THREADS} --blocking-threads-idle-timeout 600 --workers-kill-timeout 8 "
    "--respawn-failed-workers gateway.wsgi:application"
)
SANDBOX = "-m providers.sandbox --host {BIND_HOST} --port {SANDBOX_PORT} --home {GATEWAY_HOME}/sandbox"
WORKER = (
    "-m celery -q -A gateway worker -Q {queues} -c 1 -n {name}@%h --pool prefork --without-gossip --without-mingle "
    "--loglevel INFO"
)
BEAT = (
    "-m celery -q -A gateway beat --scheduler django_celery_beat.schedulers:DatabaseScheduler --pidfile= "
    "--loglevel INFO"
)


def _worker(name: str, queues: str) -> tuple[str, ...]:
    return tuple(WORKER.format(name=name, queues=queues).split())


PROCESSES: tuple[Process, ...] = (
    Process("sandbox", tuple(SANDBOX.split()), needs="servers", role="sandbox"),
    Process("web", tuple(WEB.split()), needs="seed", role="web"),
    Process("worker-otp", _worker("otp", "otp"), needs="seed", role="worker"),
    Process("worker-transactional", _worker("transactional", "transactional"), needs="seed", role="worker"),
    Process("worker-promotional", _worker("promotional", "promotional"), needs="seed", role="worker"),
    Process("worker-upkeep", _worker("upkeep", "upkeep,celery"), needs="seed", role="worker"),
    Process("beat", tuple(BEAT.split()), needs="seed", role="beat"),
)

DEFAULTS = {
    "BIND_HOST": "127.0.0.1",
    "PORT": "8000",
    "SANDBOX_PORT": "8001",
    "WEB_WORKERS": "1",
    "WEB_THREADS": "4",
}
