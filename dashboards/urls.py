from django.urls import path

from dashboards.metrics import METRICS
from dashboards.views import where

app_name = "dashboards"
urlpatterns = [
    path("where/", where.where, name="where"),
    *(
        path(f"where/{name.replace('_', '-')}.csv", where.figure_csv(name), name=f"{name}_csv")
        for name in METRICS
    ),
]
