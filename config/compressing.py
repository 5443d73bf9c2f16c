"""Pages are sent compressed: on a weak signal their size is what people wait for."""

from django.middleware.gzip import GZipMiddleware


class CompressMiddleware(GZipMiddleware):
    """Compresses pages and answers of the API. What is streamed, such as an export, goes as it is:
    compressing would hold its first rows back.

    Django adds a random number of bytes, so that the size of a page does not tell what is in it.
    """

    def process_response(self, request, response):
        if response.streaming:
            return response
        return super().process_response(request, response)
