"""Pages are sent compressed: on a weak signal their size is what people wait for."""

import os
import re
import secrets

import brotli
from django.middleware.gzip import GZipMiddleware
from django.utils.cache import patch_vary_headers

TAKES_BROTLI = re.compile(r"\bbr\b")
QUALITY = 5  # a tenth smaller than gzip makes a page, in less time


class CompressMiddleware(GZipMiddleware):
    """Compresses pages and answers of the API, with Brotli where the browser takes it. What is
    streamed, such as an export, goes as it is: compressing would hold its first rows back.

    Both ways add a random number of bytes, so that the size of a page does not tell what is in it.
    """

    def process_response(self, request, response):
        if response.streaming:
            return response
        if (
            not TAKES_BROTLI.search(request.headers.get("Accept-Encoding", ""))
            or len(response.content) < 200
            or response.has_header("Content-Encoding")
            or response.has_header("ETag")  # Django makes it a weak one
        ):
            return super().process_response(request, response)
        patch_vary_headers(response, ("Accept-Encoding",))
        packed = packed_with_padding(response.content, 1 + secrets.randbelow(self.max_random_bytes))
        if len(packed) < len(response.content):
            response.content = packed
            response.headers["Content-Length"] = str(len(packed))
            response.headers["Content-Encoding"] = "br"
        return response


def packed_with_padding(content: bytes, padding: int) -> bytes:
    """The content in Brotli, with so many random bytes (1 to 256) that a reader skips."""
    maker = brotli.Compressor(quality=QUALITY)
    start = maker.process(content) + maker.flush()  # which ends with a whole byte
    # A block of metadata (RFC 7932, 9.2): not the last, no length of data, one byte of length.
    head = 0b01_0_11_0 | (padding - 1) << 6
    return start + head.to_bytes(2, "little") + os.urandom(padding) + maker.finish()
