"""What the web server runs."""

import os

from django.core.wsgi import get_wsgi_application

from gateway.hooks.lean import with_short_way
from messaging.collecting import spare_long_lived

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gateway.settings")
application = with_short_way(get_wsgi_application())
spare_long_lived()
