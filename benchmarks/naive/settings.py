"""Django settings of the comparison: a lean project over the same database."""

import environ

_env = environ.Env()
SECRET_KEY = "of no use here"
USE_TZ = True
INSTALLED_APPS = ["benchmarks.naive"]
DATABASES = {"default": {**_env.db_url("DATABASE_URL"), "CONN_MAX_AGE": None}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
