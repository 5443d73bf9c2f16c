from django.urls import path

from lists import saved_pages

app_name = "lists"
urlpatterns = [
    path("views/<uuid:uid>/change/", saved_pages.change_view, name="change_view"),
    path("views/<uuid:uid>/update/", saved_pages.update_view, name="update_view"),
    path("views/<uuid:uid>/delete/", saved_pages.delete_view, name="delete_view"),
    path("views/<uuid:uid>/first/", saved_pages.open_with, name="open_with"),
]
