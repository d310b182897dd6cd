from collections.abc import Callable, Iterator

import pytest

from tenants.custody import paste
from tenants.models import Account, OfficialAccount, Tenant, ZaloApp
from tests.providers.sandbox.running import RunningSandbox
from tests.tenants.custody.token_endpoint import Step, TokenEndpoint


@pytest.fixture
def app(tenant: Tenant) -> ZaloApp:
    app = ZaloApp(tenant=tenant, name="Bakery app", app_id="710", environment="sandbox")
    app.app_secret = "app-secret"
    app.save()
    return app


@pytest.fixture
def unconnected(tenant: Tenant, app: ZaloApp) -> OfficialAccount:
    account = Account.objects.create(tenant=tenant, kind="zalo_oa", name="Bakery", environment="sandbox")
    return OfficialAccount.objects.create(account=account, app=app, oa_id="520")


@pytest.fixture
def connected(unconnected: OfficialAccount) -> OfficialAccount:
    return paste(unconnected, "access-0", "refresh-0")


@pytest.fixture
def endpoint(settings) -> Iterator[Callable[..., TokenEndpoint]]:
    """Start a scripted token endpoint in place of the sandbox."""
    started: list[TokenEndpoint] = []

    def start(*steps: Step) -> TokenEndpoint:
        started.append(TokenEndpoint(*steps))
        settings.SANDBOX_URL = started[-1].origin
        return started[-1]

    yield start
    for each in started:
        each.close()


@pytest.fixture
def sandbox(tmp_path, settings) -> Iterator[RunningSandbox]:
    running = RunningSandbox(tmp_path / "home")
    settings.SANDBOX_URL = f"http://127.0.0.1:{running.port}"
    yield running
    running.stop()


@pytest.fixture
def at_sandbox(sandbox: RunningSandbox, unconnected: OfficialAccount) -> OfficialAccount:
    """The sandbox's first official account with the tokens that are valid there."""
    given = sandbox.accounts()["credentials"]
    unconnected.app.app_id, unconnected.app.app_secret = given["appId"], given["secretKey"]
    unconnected.app.save()
    unconnected.oa_id = given["oaId"]
    unconnected.save()
    return paste(unconnected, given["accessToken"], given["refreshToken"])
