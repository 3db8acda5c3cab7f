"""Addresses of returns, runs and scorecards."""

from __future__ import annotations

from django.urls import path

from kpis.views import runs, scorecards

app_name = "kpis"
urlpatterns = [
    path("runs/", runs.runs, name="runs"),
    path("runs/start/", runs.start, name="start-run"),
    path("runs/<int:pk>/", runs.run, name="run"),
    path("runs/<int:pk>/progress/", runs.progress, name="run-progress"),
    path("runs/<int:pk>/publish/", runs.publish, name="publish-run"),
    path("scorecards/", scorecards.scorecards, name="scorecards"),
    path("scorecards/<int:pk>/", scorecards.scorecard, name="scorecard"),
    path("scorecards/<str:period>/<str:member>/", scorecards.scorecard_of, name="scorecard-of"),
]
