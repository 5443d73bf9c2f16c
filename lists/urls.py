from django.urls import path

from lists import exports, saved_pages

app_name = "lists"
urlpatterns = [
    path("data/exports/", exports.exports, name="exports"),
    path("data/exports/all/", exports.all_exports, name="all_exports"),
    path("data/exports/<uuid:uid>/download/", exports.download_export, name="download_export"),
    path("data/exports/<uuid:uid>/stop/", exports.stop_export, name="stop_export"),
    path("views/<uuid:uid>/change/", saved_pages.change_view, name="change_view"),
    path("views/<uuid:uid>/update/", saved_pages.update_view, name="update_view"),
    path("views/<uuid:uid>/delete/", saved_pages.delete_view, name="delete_view"),
    path("views/<uuid:uid>/first/", saved_pages.open_with, name="open_with"),
]
