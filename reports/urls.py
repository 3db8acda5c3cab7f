"""Addresses of reports and of the public register."""

from __future__ import annotations

from django.urls import path

from reports.views import certificates, issuing, register

app_name = "reports"
urlpatterns = [
    path("register/", register.register, name="register"),
    path("register/<str:code>/", register.entry, name="entry"),
    path("reports/", issuing.reports, name="reports"),
    path("verify/", certificates.check, name="verify"),
    path("members/<str:code>/certificate/", certificates.issue, name="certificate"),
    path("reports/<str:code>/<str:period>/", issuing.member, name="member"),
    path("reports/<str:code>/<str:period>/download/", issuing.issue, name="issue"),
    path("publishing/", register.publishing, name="publishing"),
    path("publishing/members/", register.publish_memberships, name="publish-memberships"),
    path("publishing/standing/<str:code>/", register.publish_standing, name="publish-standing"),
    path("publishing/scores/<str:code>/", register.publish_scores, name="publish-scores"),
    path(
        "publishing/scores/<str:code>/withdraw/", register.withdraw_scores, name="withdraw-scores"
    ),
    path("publishing/lines/<int:pk>/withdraw/", register.withdraw, name="withdraw"),
]
