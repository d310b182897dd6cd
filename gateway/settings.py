"""Django settings: everything that differs between machines comes from the environment (docs/settings.md)."""

from datetime import timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from gateway.environment import DEVELOPMENT, HOME, ROOT, env, master_keys, secret
from gateway.unfold import UNFOLD as UNFOLD

BASE_DIR = ROOT
GATEWAY_HOME = HOME
DEBUG = False
SECRET_KEY = secret("SECRET_KEY", "django-secret-key")
MASTER_KEYS = master_keys()
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["*"] if DEVELOPMENT else [])
PUBLIC_URL = env.str("PUBLIC_URL", f"http://127.0.0.1:{env.int('PORT', 8000)}").rstrip("/")
SANDBOX_URL = env.str("SANDBOX_URL", f"http://127.0.0.1:{env.int('SANDBOX_PORT', 8001)}" if DEVELOPMENT else "").rstrip(
    "/"
)
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]

INSTALLED_APPS = [
    "gateway",
    "messaging",
    "tenants",
    "django.contrib.postgres",
    "unfold",
    "unfold.contrib.filters",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "rest_framework",
    "drf_spectacular",
    "django_celery_beat",
]
MIDDLEWARE = [
    "gateway.logging.RequestIdMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "gateway.api.short_way.ShortWayMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "gateway.urls"
WSGI_APPLICATION = "gateway.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

DATABASES: dict[str, Any] = {"default": env.db_url("DATABASE_URL", "postgres://gateway@127.0.0.1:5432/gateway")}
DATABASES["default"] |= {
    "CONN_MAX_AGE": None,
    "CONN_HEALTH_CHECKS": True,
    "OPTIONS": {"connect_timeout": 5, "prepare_threshold": env.int("DATABASE_PREPARE_THRESHOLD", 5) or None},
    "DISABLE_SERVER_SIDE_CURSORS": env.bool("DATABASE_POOLED", False),
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
REDIS_URL = env.str("REDIS_URL", "redis://127.0.0.1:6379/0")

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("vi", _("Vietnamese"))]
LOCALE_PATHS = [ROOT / "gateway" / "locale"]
TIME_ZONE = env.str("TIME_ZONE", "Asia/Ho_Chi_Minh")
USE_TZ = True
STATIC_URL = "static/"
STATIC_ROOT = ROOT / "staticfiles"
WHITENOISE_USE_FINDERS = DEVELOPMENT
EMAIL_CONFIG = env.email_url("EMAIL_URL", default="consolemail://" if DEVELOPMENT else "dummymail://")
vars().update(EMAIL_CONFIG)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.str("EMAIL_FROM", "notification-gateway@localhost")
DATA_UPLOAD_MAX_MEMORY_SIZE = 8 * 1024 * 1024

SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", not DEVELOPMENT)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("TRUST_PROXY", False) else None
SECURE_REDIRECT_EXEMPT = [r"^(livez|readyz|metrics)$"]
SECURE_HSTS_SECONDS = 0 if DEVELOPMENT else 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = not DEVELOPMENT
SECURE_HSTS_PRELOAD = not DEVELOPMENT
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not DEVELOPMENT
SESSION_COOKIE_HTTPONLY = True
X_FRAME_OPTIONS = "DENY"

QUEUES = ("otp", "transactional", "promotional", "upkeep")
CELERY_BROKER_URL = env.str("BROKER_URL", REDIS_URL)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"socket_connect_timeout": 2, "socket_timeout": 10, "visibility_timeout": 3600}
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_DEFAULT_QUEUE = "upkeep"
CELERY_TASK_CREATE_MISSING_QUEUES = True
CELERY_TASK_TIME_LIMIT = 300
CELERY_WORKER_PREFETCH_MULTIPLIER = 4
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_REDIRECT_STDOUTS = False
CELERY_WORKER_SEND_TASK_EVENTS = False
CELERY_BEAT_SCHEDULER = "django_celery_beat.schedulers:DatabaseScheduler"
CELERY_TIMEZONE = "UTC"
DJANGO_CELERY_BEAT_TZ_AWARE = True

REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "UNAUTHENTICATED_USER": None,
}

SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "Notification gateway",
    "DESCRIPTION": "One-time passwords, order updates and promotions over Zalo.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/v1",
    "PREPROCESSING_HOOKS": [],
    "POSTPROCESSING_HOOKS": ["gateway.api.schema.with_components"],
}

UNKNOWN_WAIT = timedelta(seconds=env.int("UNKNOWN_WAIT", 20 if DEVELOPMENT else 120))
CALL_TIMEOUT = timedelta(seconds=env.float("CALL_TIMEOUT", 10))
LEASE = CALL_TIMEOUT + timedelta(seconds=env.float("LEASE_MARGIN", 5))
SHUTDOWN_GRACE = timedelta(seconds=env.float("SHUTDOWN_GRACE", 7))
DISPATCH_PLACES = env.int("DISPATCH_PLACES", 1024)
BREAKER_WINDOW = timedelta(seconds=env.int("BREAKER_WINDOW", 30))
BREAKER_LEAST = env.int("BREAKER_LEAST", 50)
BREAKER_SHARE = env.float("BREAKER_SHARE", 0.5)
PROBE_PAUSE = timedelta(seconds=env.float("PROBE_PAUSE", 10))
PROBE_PAUSE_MOST = timedelta(seconds=env.float("PROBE_PAUSE_MOST", 300))
CHATS_KEPT = timedelta(days=env.int("CHATS_KEPT", 90))
PROVIDER_QUOTA_RESERVE = env.int("PROVIDER_QUOTA_RESERVE", 5)

LOGGING_CONFIG = None
LOG_FORMAT = env.str("LOG_FORMAT", "console" if DEVELOPMENT else "json")
LOG_LEVEL = env.str("LOG_LEVEL", "INFO")
