from django.urls import path

from lists import exports, import_pages, saved_pages

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
    path("data/import/", import_pages.upload, name="imports"),
    path("data/import/<uuid:uid>/columns/", import_pages.columns, name="import_columns"),
    path("data/import/<uuid:uid>/preview/", import_pages.preview, name="import_preview"),
    path("data/import/<uuid:uid>/run/", import_pages.run, name="import_run"),
    path("data/import/<uuid:uid>/done/", import_pages.done, name="import_done"),
    path("data/import/<uuid:uid>/undo/", import_pages.undo, name="import_undo"),
    path("data/import/<uuid:uid>/set-aside/", import_pages.set_aside, name="import_aside"),
    path("data/import/<uuid:uid>/remove/", import_pages.remove, name="import_remove"),
]
