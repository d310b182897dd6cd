from django.contrib import admin
from django.urls import include, path

from gateway.api.page import page
from gateway.health import livez, readyz
from gateway.hooks.mini_app import mini_app
from gateway.hooks.reports import reports
from gateway.hooks.zalo import zalo
from gateway.metrics import metrics
from gateway.mini_apps.pages import mini_app as mini_app_page
from gateway.mini_apps.pages import mini_app_action, mini_apps

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
    path("admin/mini-apps/", admin.site.admin_view(mini_apps), name="mini_apps"),
    path("admin/mini-apps/create/", admin.site.admin_view(mini_app_action), {"action": "create"}, "mini_app_create"),
    path("admin/mini-apps/<str:app_id>/", admin.site.admin_view(mini_app_page), name="mini_app"),
    path("admin/mini-apps/<str:app_id>/<str:action>/", admin.site.admin_view(mini_app_action), name="mini_app_action"),
    path("admin/", admin.site.urls),
]
