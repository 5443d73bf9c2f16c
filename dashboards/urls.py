from django.urls import path

from dashboards import views

app_name = "dashboards"
urlpatterns = [
    path("where/", views.where, name="where"),
    path("where/table.csv", views.where_csv, name="where_csv"),
]
