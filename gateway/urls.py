from django.contrib import admin
from django.urls import include, path

from gateway.api.page import page
from gateway.health import livez, readyz
from gateway.hooks.mini_app import mini_app
from gateway.hooks.reports import reports
from gateway.hooks.zalo import zalo
from gateway.metrics import metrics

urlpatterns = [
    path("livez", livez),
    path("readyz", readyz),
    path("metrics", metrics),
    path("hooks/zalo/<str:token>", zalo),
    path("hooks/mini_app/<str:token>", mini_app),
    path("hooks/<str:kind>/<str:token>", reports),
    path("docs", page),
    path("v1/", include("gateway.api.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("admin/", admin.site.urls),
]
