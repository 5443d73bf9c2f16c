"""Addresses that are seldom asked for and want large libraries: loaded with their first request."""

from functools import cached_property
from typing import Any

from django.urls import URLResolver
from django.urls.resolvers import RoutePattern
from django.utils.module_loading import import_string


class LaterUrls(URLResolver):
    """The addresses of a module under a namespace; the module is imported when one is asked for."""

    def __init__(self, prefix: str, module: str, namespace: str):
        super().__init__(RoutePattern(prefix), module, app_name=namespace, namespace=namespace)

    def _populate(self):
        # Who collects the names of all addresses asks this of each part, but takes nothing from
        # one with a namespace of its own, whose names are looked up in `url_patterns`.
        if "urlconf_module" in self.__dict__:
            super()._populate()


class LaterView:
    """A view that is named by its path, imported for its first request."""

    def __init__(self, path: str):
        self.path = path

    @cached_property
    def view(self):
        return import_string(self.path)

    def __call__(self, request, *args, **kwargs):
        return self.view(request, *args, **kwargs)


class LaterEndpoint(LaterView):
    """The same for a class of the REST framework. initkwargs: what its `as_view()` is given, under
    the name by which the makers of a schema ask for it.
    """

    def __init__(self, path: str, **initkwargs: Any):
        super().__init__(path)
        self.initkwargs = initkwargs

    @cached_property
    def view(self):
        return import_string(self.path).as_view(**self.initkwargs)

    @property
    def cls(self):
        """Its class, which says that it is an endpoint (access.middleware)."""
        return self.view.cls
