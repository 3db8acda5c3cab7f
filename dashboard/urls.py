from django.urls import path

from dashboard.views import coverage, homes, matrix, member, results, start, targets

app_name = "dashboard"
urlpatterns = [
    path("", homes.home, name="home"),
    path("acting-for/", homes.act_for, name="act-for"),
    path("targets/", targets.targets, name="targets"),
    path("members/<str:code>/targets/", targets.own_targets, name="own-targets"),
    path("rulebook/<str:code>/coverage/", coverage.coverage, name="coverage"),
    path("results/", results.results, name="results"),
    path("results/<str:period>/", results.results, name="results-of"),
    path("start/", start.start, name="start"),
    path("matrix/", matrix.matrix, name="matrix"),
    path("matrix/export/", matrix.export, name="matrix-export"),
    path("matrix/<str:code>/<str:period>/<str:requirement>/", matrix.cell, name="cell"),
    path("members/<str:code>/overview/", member.member, name="member"),
]
