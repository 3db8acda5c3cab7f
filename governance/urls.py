"""Addresses of bodies and of the matters before them."""

from __future__ import annotations

from django.urls import path

from governance.views import bodies, matters, resolutions

app_name = "governance"
urlpatterns = [
    path("bodies/", bodies.bodies, name="bodies"),
    path("bodies/of-the-rulebook/", bodies.create_bodies, name="create-bodies"),
    path("bodies/new/", bodies.create_body, name="create-body"),
    path("bodies/<slug:code>/seats/", bodies.give_seat, name="give-seat"),
    path("seats/<int:pk>/end/", bodies.end_seat, name="end-seat"),
    path("rulebook/<str:code>/resolve/", resolutions.resolve, name="resolve"),
    path("matters/", matters.matters, name="matters"),
    path("matters/<slug:code>/", matters.record, name="record"),
]
