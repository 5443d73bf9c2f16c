from django.urls import path

from config.administering import home, installation, record, regions, sees, words
from crm.words import WORD_LISTS

app_name = "settings"
urlpatterns = [
    path("settings/", home.settings_home, name="home"),
    path("settings/installation/", installation.installation, name="installation"),
    path("settings/installation/test-mail/", installation.test_mail, name="test_mail"),
    path("logo/", installation.logo, name="logo"),
    path("settings/people/<uuid:uid>/sees/", sees.sees_what, name="sees"),
    path("settings/regions/", regions.regions, name="regions"),
    path("settings/regions/add/", regions.add_region, name="add_region"),
    path("settings/regions/<uuid:uid>/", regions.region, name="region"),
    path("settings/regions/<uuid:uid>/retire/", regions.retire_region, name="retire_region"),
    path("settings/record/", record.record, name="record"),
    path("settings/record/check/", record.check, name="check_record"),
    path("settings/record/export/", record.export, name="export_record"),
    path("settings/words/", words.words, name="words"),
    *(
        path(f"settings/words/{found.name}/", words.list_page(found), name=found.name)
        for found in WORD_LISTS
    ),
    *(
        path(f"settings/words/{found.name}/add/", words.add_page(found), name=f"add_{found.name}")
        for found in WORD_LISTS
    ),
    path("settings/words/<uuid:uid>/", words.word, name="word"),
    path("settings/words/<uuid:uid>/move/", words.move_word, name="move_word"),
    path("settings/words/<uuid:uid>/retire/", words.retire_word, name="retire_word"),
    path("settings/words/<uuid:uid>/bring-back/", words.bring_back_word, name="bring_back_word"),
    path("settings/words/<uuid:uid>/merge/", words.merge_word, name="merge_word"),
]
