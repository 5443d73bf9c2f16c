"""The endpoints: one for each list page, and one for each figure."""

from django.urls import include, path

from crm import lists
from dashboards import api
from lists.endpoints import routes

app_name = "api"
urlpatterns = [
    *(path("", include(routes(page))) for page in lists.PAGES),
    path("", include(api.routes())),
]
