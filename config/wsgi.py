"""The application that gunicorn serves."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import resolve

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
gc.disable()  # nothing that is loaded here is ever garbage: do not look through it meanwhile ...
application = get_wsgi_application()
resolve("/")  # loads all addresses and their views, before the first request
gc.freeze()  # ... nor later
gc.enable()
