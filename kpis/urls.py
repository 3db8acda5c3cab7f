"""Addresses of returns, runs and scorecards."""

from __future__ import annotations

from django.urls import path

from kpis.views import (
    contests,
    drafts,
    moving,
    old_sheet,
    returns,
    runs,
    scorecards,
    signing,
    sites,
    verification,
)

app_name = "kpis"
urlpatterns = [
    path("returns/", returns.returns, name="returns"),
    path("returns/start/", drafts.start, name="start"),
    path("returns/<int:pk>/", returns.read, name="return"),
    path("returns/<int:pk>/edit/", drafts.edit, name="edit"),
    path("returns/<int:pk>/sites/", sites.sites, name="sites"),
    path("returns/<int:pk>/sites/<str:code>/", sites.site, name="site"),
    path("returns/<int:pk>/sites/<str:code>/leave-out/", sites.leave_out, name="leave-out-site"),
    path("returns/<int:pk>/correct/", drafts.correct, name="correct"),
    path("returns/<int:pk>/sign-off/", signing.sign_off, name="sign-off"),
    path("returns/<int:pk>/send-back/", signing.send_back, name="send-back"),
    path("returns/<int:pk>/verify/", verification.verify, name="verify"),
    path("returns/moving/", moving.moving, name="moving"),
    path("returns/moving/<str:period>/<str:edition>/", moving.preview, name="move"),
    path("returns/moving/<str:period>/<str:edition>/propose/", moving.propose, name="propose-move"),
    path("moves/<int:pk>/carry-out/", moving.carry_out, name="carry-out-move"),
    path("evidence/<int:pk>/", returns.evidence, name="evidence"),
    path("old-sheet/", old_sheet.old_sheet, name="old-sheet"),
    path("audits/", verification.audits, name="audits"),
    path("runs/", runs.runs, name="runs"),
    path("runs/start/", runs.start, name="start-run"),
    path("runs/<int:pk>/", runs.run, name="run"),
    path("runs/<int:pk>/progress/", runs.progress, name="run-progress"),
    path("runs/<int:pk>/show/", contests.show, name="show-run"),
    path("runs/<int:pk>/cancel/", runs.cancel, name="cancel-run"),
    path("runs/<int:pk>/resume/", runs.resume, name="resume-run"),
    path("runs/<int:pk>/publish/", runs.publish, name="publish-run"),
    path("scorecards/", scorecards.scorecards, name="scorecards"),
    path("scorecards/<int:pk>/", scorecards.scorecard, name="scorecard"),
    path("scorecards/<int:pk>/contest/", contests.contest, name="contest"),
    path("contests/<int:pk>/answer/", contests.answer, name="answer-contest"),
    path("contests/<int:pk>/withdraw/", contests.withdraw, name="withdraw-contest"),
    path("scorecards/<str:period>/<str:member>/", scorecards.scorecard_of, name="scorecard-of"),
]
