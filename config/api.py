"""The endpoints: one for each list page."""

from django.urls import include, path

from crm import lists
from lists.endpoints import routes

app_name = "api"
urlpatterns = [path("", include(routes(page))) for page in lists.PAGES]
