"""`column__among=values`: as `column__in`, with all the values in one parameter.

Django takes longer to put a thousand parameters into a statement than the database takes to answer
it, and SQLite counts them. For statements that look up what a whole file names.
"""

import json

from django.db.models import Field, ForeignObject, Lookup


@Field.register_lookup
@ForeignObject.register_lookup  # it asks no class above it
class Among(Lookup):
    """The column holds one of the values: a list or a set, in any number, none of them NULL."""

    lookup_name = "among"
    prepare_rhs = False  # each value is made ready for the database by itself

    def _values(self, connection) -> list:
        ready = self.lhs.output_field.get_db_prep_value
        return [ready(value, connection) for value in self.rhs]

    def as_sql(self, compiler, connection):
        left, params = self.process_lhs(compiler, connection)
        values = json.dumps(self._values(connection))
        return f"{left} IN (SELECT value FROM json_each(%s))", (*params, values)  # noqa: S608

    def as_postgresql(self, compiler, connection):
        left, params = self.process_lhs(compiler, connection)
        return f"{left} = ANY(%s)", (*params, self._values(connection))
