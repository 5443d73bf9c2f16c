import re

from django.db import migrations, models
from django.db.models import F, Value
from django.db.models.functions import Concat, Replace

UNSPACED = re.compile('([\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff])')


def two_blanks(apps, schema_editor):
    """Put two blanks before each word of the keys that are there; affiliates had none."""
    apps.get_model('crm', 'Affiliate').objects.update(search_key=F('sort_name'))
    for name in ('Organization', 'Contact', 'Affiliate'):
        rows = apps.get_model('crm', name).objects.exclude(search_key='')
        text = models.TextField()
        wide = Replace('search_key', Value(' '), Value('  '), output_field=text)
        rows.update(search_key=Concat(Value('  '), wide, output_field=text))
        for pk, key in rows.values_list('pk', 'search_key').iterator(chunk_size=2000):
            words = dict.fromkeys(UNSPACED.sub(r' \1 ', key).split())
            new = ''.join(f'  {word}' for word in words)
            if new != key:
                rows.filter(pk=pk).update(search_key=new)


class Migration(migrations.Migration):

    dependencies = [
        ('crm', '0005_search_columns'),
    ]

    operations = [
        migrations.RunPython(two_blanks, migrations.RunPython.noop),
    ]
