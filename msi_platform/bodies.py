"""Refuses a request that is larger than the platform takes, before anything of it is kept."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

AROUND_A_FILE = 1024 * 1024  # other fields of the same form
READ_AWAY = 256 * 1024 * 1024
CHUNK = 64 * 1024


class RefuseLargeBodies:
    """Answers 413 by the length that a request announces; it stands before whatever reads one.

    Up to ``READ_AWAY`` bytes are read and dropped, so that a browser, which listens only once it
    has sent all, shows the answer and not a broken connection.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        announced = request.META.get("CONTENT_LENGTH") or "0"
        length = int(announced) if announced.isdecimal() else 0
        if length <= settings.EVIDENCE_MAX_BYTES + AROUND_A_FILE:
            return self.get_response(request)
        left = min(length, READ_AWAY)
        while left > 0 and (chunk := request.read(min(CHUNK, left))):
            left -= len(chunk)
        most = settings.EVIDENCE_MAX_BYTES // 2**20
        if request.path.startswith("/api/"):
            said = f"The request is larger than the platform takes: at most {most} MB"
            return JsonResponse({"code": "too_large", "detail": said}, status=413)
        return render(request, "413.html", {"most_mb": most}, status=413)
