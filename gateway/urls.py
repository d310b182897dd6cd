from django.contrib import admin
from django.urls import include, path

from gateway.api.page import page
from gateway.health import livez, readyz
from gateway.hooks.infobip import infobip, infobip_sms
from gateway.hooks.mini_app import mini_app
from gateway.hooks.nxcloud import nxcloud, nxcloud_sms
from gateway.hooks.zalo import zalo
from gateway.metrics import metrics

urlpatterns = [
    path("livez", livez),
    path("readyz", readyz),
    path("metrics", metrics),
    path("hooks/zalo/<str:token>", zalo),
    path("hooks/nxcloud/<str:token>", nxcloud),
    path("hooks/nxcloud_sms/<str:token>", nxcloud_sms),
    path("hooks/mini_app/<str:token>", mini_app),
    path("hooks/infobip/<str:token>", infobip),
    path("hooks/infobip_sms/<str:token>", infobip_sms),
    path("docs", page),
    path("v1/", include("gateway.api.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("admin/", admin.site.urls),
]
