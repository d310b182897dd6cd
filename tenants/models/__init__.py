from tenants.models.accounts import Account, OfficialAccount, ZaloApp
from tenants.models.alert import Alert
from tenants.models.api_key import ApiKey
from tenants.models.connect_request import ConnectRequest
from tenants.models.data_key import DataKey
from tenants.models.provider_account import ProviderAccount
from tenants.models.quota import Quota, QuotaUsage
from tenants.models.rate_unit import RateUnit
from tenants.models.reasons import Reason
from tenants.models.routing import Channel, Route, RouteStep
from tenants.models.tenant import Member, Tenant

__all__ = [
    "Account",
    "Alert",
    "ApiKey",
    "Channel",
    "ConnectRequest",
    "DataKey",
    "Member",
    "OfficialAccount",
    "ProviderAccount",
    "Quota",
    "QuotaUsage",
    "RateUnit",
    "Reason",
    "Route",
    "RouteStep",
    "Tenant",
    "ZaloApp",
]
