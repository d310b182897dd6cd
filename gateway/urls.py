from django.contrib import admin
from django.urls import include, path

from gateway.hooks.zalo import zalo

urlpatterns = [
    path("hooks/zalo/<str:token>", zalo),
    path("v1/", include("gateway.api.urls")),
    path("admin/", admin.site.urls),
]
