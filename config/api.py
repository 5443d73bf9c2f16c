"""The endpoints: one for each list page, and one for each figure."""

from django.urls import include, path

from crm.lists import PAGES
from dashboards import api
from lists.endpoints import routes
from outreach.lists import PAGES as OUTREACH_PAGES

app_name = "api"
urlpatterns = [
    *(path("", include(routes(page))) for page in (*PAGES, *OUTREACH_PAGES)),
    path("", include(api.routes())),
]
