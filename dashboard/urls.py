from django.urls import path

from dashboard.views import homes, member

app_name = "dashboard"
urlpatterns = [
    path("", homes.home, name="home"),
    path("acting-for/", homes.act_for, name="act-for"),
    path("members/<str:code>/overview/", member.member, name="member"),
]
