"""What is typed by hand before something happens to many rows."""

from django import forms


class TypedNumber(forms.IntegerField):
    """The number of rows or people, typed to confirm it. The form says which one it must be."""

    def __init__(self, **kwargs):
        attrs = {"inputmode": "numeric", "autocomplete": "off", "data-optional": "quiet"}
        super().__init__(label="", required=False, widget=forms.TextInput(attrs=attrs), **kwargs)

    def to_python(self, value):
        """The number, also as the page writes it: 1,418."""
        return super().to_python(value.replace(",", "") if isinstance(value, str) else value)
