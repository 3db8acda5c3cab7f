from django.urls import path

from dashboard.views import coverage, homes, member

app_name = "dashboard"
urlpatterns = [
    path("", homes.home, name="home"),
    path("acting-for/", homes.act_for, name="act-for"),
    path("rulebook/<str:code>/coverage/", coverage.coverage, name="coverage"),
    path("members/<str:code>/overview/", member.member, name="member"),
]
