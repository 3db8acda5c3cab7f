"""All that changes about returns, verification and scores."""

from kpis.services.aggregates import NotDrawn, draw_aggregates
from kpis.services.contests import (
    CannotContest,
    CannotShow,
    answer_contest,
    contest_score,
    show_run,
    withdraw_contest,
)
from kpis.services.evidence import (
    EmptyFile,
    FileTooLarge,
    NotForThisKpi,
    add_evidence,
    remove_evidence,
)
from kpis.services.filing import Incomplete, send_back, sign_off, submit
from kpis.services.moving import CannotMove, carry_out_move, propose_move
from kpis.services.publication import CannotPublish, publish_run
from kpis.services.rescoring import NothingToRescore, rescore, settle
from kpis.services.returns import (
    ChangedMeanwhile,
    NoSuchKpi,
    NotNow,
    Saved,
    save_draft,
    start_correction,
    start_return,
)
from kpis.services.runs import CannotScore, close_run, start_run, work_open_shards, work_shard
from kpis.services.sites import (
    NoSuchSite,
    TooManySites,
    add_site,
    answer_sites,
    leave_site_out,
)
from kpis.services.stopping import CannotCancel, CannotResume, cancel_run, resume_run
from kpis.services.verification import BadMarks, NothingNew, OwnWork, mark_values

__all__ = [
    "BadMarks",
    "CannotCancel",
    "CannotContest",
    "CannotMove",
    "CannotPublish",
    "CannotResume",
    "CannotScore",
    "CannotShow",
    "ChangedMeanwhile",
    "EmptyFile",
    "FileTooLarge",
    "Incomplete",
    "NoSuchKpi",
    "NoSuchSite",
    "NotDrawn",
    "NotForThisKpi",
    "NotNow",
    "NothingNew",
    "NothingToRescore",
    "OwnWork",
    "Saved",
    "TooManySites",
    "add_evidence",
    "add_site",
    "answer_contest",
    "answer_sites",
    "cancel_run",
    "carry_out_move",
    "close_run",
    "contest_score",
    "draw_aggregates",
    "leave_site_out",
    "mark_values",
    "propose_move",
    "publish_run",
    "remove_evidence",
    "rescore",
    "resume_run",
    "save_draft",
    "send_back",
    "settle",
    "show_run",
    "sign_off",
    "start_correction",
    "start_return",
    "start_run",
    "submit",
    "withdraw_contest",
    "work_open_shards",
    "work_shard",
]
