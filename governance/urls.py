"""Addresses of bodies and of the matters before them."""

from __future__ import annotations

from django.urls import path

from governance.views import admissions, bodies, matters, memberships, resolutions

app_name = "governance"
urlpatterns = [
    path("bodies/", bodies.bodies, name="bodies"),
    path("bodies/of-the-rulebook/", bodies.create_bodies, name="create-bodies"),
    path("bodies/new/", bodies.create_body, name="create-body"),
    path("bodies/<slug:code>/seats/", bodies.give_seat, name="give-seat"),
    path("seats/<int:pk>/end/", bodies.end_seat, name="end-seat"),
    path("rulebook/<str:code>/resolve/", resolutions.resolve, name="resolve"),
    path("matters/", matters.matters, name="matters"),
    path("matters/memberships/", memberships.memberships, name="memberships"),
    path("matters/<slug:code>/", matters.record, name="record"),
    path("admissions/", admissions.admissions, name="admissions"),
    path("admissions/<int:pk>/", admissions.admission, name="admission"),
    path("admissions/<int:pk>/record/", admissions.record, name="record-admission"),
    path("admissions/<int:pk>/carry-out/", admissions.carry_out, name="carry-out-admission"),
    path(
        "admissions/<int:pk>/documents/<int:document>/",
        admissions.document,
        name="admission-document",
    ),
    path(
        "admissions/<int:pk>/comments/<int:comment>/",
        admissions.evidence,
        name="admission-evidence",
    ),
]
