"""Addresses of breaches and cases."""

from __future__ import annotations

from django.urls import path

from suspensions.views import breaches, cases, errata, history, quiet, records, simulation, steps

app_name = "suspensions"
urlpatterns = [
    path("breaches/", breaches.breaches, name="breaches"),
    path("breaches/<int:pk>/", breaches.breach, name="breach"),
    path("breaches/<int:pk>/contest/", breaches.contest, name="contest"),
    path("breaches/<int:pk>/decide/", breaches.decide, name="decide-breach"),
    path("breaches/<int:pk>/cure/", breaches.cure, name="cure-breach"),
    path("breaches/<int:pk>/case/", breaches.open_case, name="open-case"),
    path("cases/", cases.cases, name="cases"),
    path("steps/", steps.steps, name="steps"),
    path("would-have-fired/", quiet.would_have_fired, name="would-have-fired"),
    path("cases/<slug:code>/", cases.case, name="case"),
    path("cases/<slug:code>/history/", history.history, name="history"),
    path("cases/<slug:code>/notice/", cases.notice, name="notice"),
    path("cases/<slug:code>/answer/", cases.answer, name="answer"),
    path("cases/<slug:code>/decision/", cases.decision, name="decision"),
    path("cases/<slug:code>/appeal/", cases.appeal, name="appeal"),
    path("cases/<slug:code>/further/<slug:act>/", cases.further, name="further"),
    path("members/<slug:code>/records/", records.records, name="records"),
    path("members/<slug:code>/records/<slug:act>/", records.record, name="record"),
    path("rulebook/<str:code>/errata/", errata.errata, name="errata"),
    path("simulations/<int:pk>/", simulation.simulation, name="simulation"),
    path("simulations/<int:pk>/paper/", simulation.paper, name="simulation-paper"),
    path("drafts/<str:code>/simulations/", simulation.simulations, name="simulations"),
]
