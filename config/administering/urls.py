from django.urls import path

from config.administering import home, installation

app_name = "settings"
urlpatterns = [
    path("settings/", home.settings_home, name="home"),
    path("settings/installation/", installation.installation, name="installation"),
    path("settings/installation/test-mail/", installation.test_mail, name="test_mail"),
    path("logo/", installation.logo, name="logo"),
]
