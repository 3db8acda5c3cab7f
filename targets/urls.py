"""Addresses of the calendar and of what members owe."""

from __future__ import annotations

from django.urls import path

from targets import views

app_name = "targets"
urlpatterns = [
    path("periods/", views.periods, name="periods"),
    path("periods/<str:code>/", views.period, name="period"),
    path("periods/<str:code>/extend/<str:member>/", views.extend, name="extend"),
    path("members/<str:code>/obligations/", views.obligations, name="obligations"),
]
