"""The application that gunicorn serves."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import resolve

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
gc.disable()  # nothing that is loaded here is ever garbage; config.collecting sets it aside
application = get_wsgi_application()
resolve("/")  # loads all addresses and their views, before the first request
gc.enable()
