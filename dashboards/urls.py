from django.urls import path

from dashboards.metrics import METRICS
from dashboards.views import events, gaps, steps, where

app_name = "dashboards"
urlpatterns = [
    path("where/", where.where, name="where"),
    path("where/plots.json", where.plots, name="plots"),
    path("where/plan/", gaps.plan, name="plan"),
    path("steps/", steps.steps, name="steps"),
    path("events/", events.events, name="events"),
    *(
        path(f"where/{name.replace('_', '-')}.csv", where.figure_csv(name), name=f"{name}_csv")
        for name in METRICS
    ),
]
