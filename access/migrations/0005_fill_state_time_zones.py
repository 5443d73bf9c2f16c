from django.db import migrations

ZONES = {
    "America/New_York": "CT DC DE FL GA KY MA MD ME NC NH NJ NY OH PA RI SC VA VT WV",
    "America/Chicago": "AL AR IA IL KS LA MN MO MS ND NE OK SD TN TX WI",
    "America/Denver": "CO ID MT NM UT WY",
    "America/Los_Angeles": "CA NV OR WA",
    "America/Detroit": "MI",
    "America/Indiana/Indianapolis": "IN",
    "America/Phoenix": "AZ",
    "America/Anchorage": "AK",
    "Pacific/Honolulu": "HI",
    "America/Puerto_Rico": "PR",
    "America/St_Thomas": "VI",
    "Pacific/Guam": "GU",
    "Pacific/Saipan": "MP",
    "Pacific/Pago_Pago": "AS",
}


def fill(apps, schema_editor):
    """The states that are there get the time zone that new installations get with them."""
    State = apps.get_model("access", "State")
    for zone, codes in ZONES.items():
        State.objects.filter(code__in=codes.split()).update(time_zone=zone)


class Migration(migrations.Migration):
    """Apart from the column: PostgreSQL changes no table in which rows were just written."""

    dependencies = [("access", "0004_state_time_zones")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
