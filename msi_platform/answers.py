"""What every answer has in common: unreadable requests are refused, private pages are not kept."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers

NUL = "NUL (0x00)"  # as the database driver says it
UNREADABLE = "The request holds a character that cannot be stored (NUL), or is nested too deeply"


class RefuseUnreadable:
    """Answers 400 where an address, a query or a body holds what no text may hold."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        unreadable = isinstance(error, ValueError) and NUL in str(error)
        if not unreadable and not isinstance(error, RecursionError):
            return None
        if request.path.startswith("/api/"):
            return JsonResponse({"code": "unreadable", "detail": UNREADABLE}, status=400)
        return render(request, "400.html", {"detail": UNREADABLE}, status=400)


def keep_private_pages_private(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Let nobody on the way, nor the browser, keep a page that depends on who is signed in."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        depends = "cookie" in response.get("Vary", "").lower()
        if depends and not response.has_header("Cache-Control"):
            add_never_cache_headers(response)
        return response

    return middleware
