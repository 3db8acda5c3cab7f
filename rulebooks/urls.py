"""Addresses of the rulebook: editions to read, and texts at work."""

from __future__ import annotations

from django.urls import path

from rulebooks.views import adoption, drafting, reading

app_name = "rulebooks"
urlpatterns = [
    path("rulebook/", reading.editions, name="editions"),
    path("editions/draft/", drafting.draft, name="draft"),
    path("editions/drafts/<int:pk>/", drafting.manuscript, name="manuscript"),
    path("editions/drafts/<int:pk>/versions/<int:number>/", drafting.version, name="version"),
    path("rulebook/<str:code>/", reading.edition, name="edition"),
    path("rulebook/<str:code>/beside/", reading.beside, name="beside"),
    path("rulebook/<str:code>/changes/", reading.changes, name="changes"),
    path("rulebook/<str:code>/methodology/", reading.methodology, name="methodology"),
    path("rulebook/<str:code>/source/", reading.source, name="source"),
    path("rulebook/<str:code>/legal-text/", reading.legal_text, name="legal-text"),
    path("rulebook/<str:code>/legal-text/new/", drafting.legal_text, name="receive-legal-text"),
    path("rulebook/<str:code>/countersign/", adoption.countersign, name="countersign"),
    path("rulebook/<str:code>/adopt/", adoption.adopt, name="adopt"),
]
