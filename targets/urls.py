"""Addresses of the calendar and of what members owe."""

from __future__ import annotations

from django.urls import path

from targets import views

app_name = "targets"
urlpatterns = [
    path("obligations/", views.everybody, name="everybody"),
    path("obligations/calendar/", views.agenda, name="agenda"),
    path("obligations/changes/", views.recent_changes, name="recent_changes"),
    path("obligations/feed/", views.feed, name="feed"),
    path("obligations/feed/<str:secret>.ics", views.feed_file, name="feed_file"),
    path("periods/", views.periods, name="periods"),
    path("periods/circulars/", views.circulars, name="circulars"),
    path("periods/<str:code>/", views.period, name="period"),
    path("periods/<str:code>/announce/", views.announce, name="announce"),
    path("periods/<str:code>/extend/<str:member>/", views.extend, name="extend"),
    path("targets/proposals/", views.proposals, name="proposals"),
    path("targets/<str:code>/baseline/", views.baseline, name="baseline"),
    path("members/<str:code>/targets/propose/<str:rule>/", views.propose, name="propose"),
    path("members/<str:code>/targets/<str:key>/", views.own_target, name="own_target"),
    path("fees/", views.fees, name="fees"),
    path("fees/<int:pk>/", views.invoice_page, name="invoice_page"),
    path("members/<str:code>/fees/", views.member_fees, name="member_fees"),
    path("members/<str:code>/obligations/", views.obligations, name="obligations"),
    path("members/<str:code>/obligations/changes/", views.changes, name="changes"),
    path("members/<str:code>/obligations/description/", views.describe, name="describe"),
    path("members/<str:code>/obligations/invoice/", views.invoice, name="invoice"),
    path("members/<str:code>/obligations/<str:key>/extend/", views.extend_duty, name="extend_duty"),
    path("members/<str:code>/obligations/<str:key>/exempt/", views.exempt, name="exempt"),
    path("members/<str:code>/obligations/<str:key>/record/", views.record, name="record"),
]
