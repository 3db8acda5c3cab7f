"""What the secretariat and the clerks fill in."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date

from django import forms

from accounts.forms import DayField
from accounts.models import User
from governance.models import Body
from governance.rules import Votes
from governance.rules.beforehand import needed
from governance.rules.groups import Sitting, may_vote
from governance.rules.voting import Vote
from governance.selectors import Matter
from rulebooks.rules import decisions as rules
from rulebooks.rules.adoption import Resolved

OUTCOMES = {
    "impose": "Impose it",
    "dismiss": "Dismiss the case",
    "upheld": "The measure is upheld",
    "set_aside": "The measure is set aside",
    "lift": "Lift the measure",
}


class BodyForm(forms.Form):
    name = forms.CharField(max_length=200)
    code = forms.RegexField(
        r"^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$",
        help_text="As the rulebook names it, such as board.",
        error_messages={
            "invalid": "Begin with a letter or digit; then letters, digits, - and _, up to 40."
        },
    )


class SeatForm(forms.Form):
    email = forms.EmailField(label="E-mail of the person")
    chamber = forms.ChoiceField(
        required=False, help_text="The chamber that the person speaks for, if any."
    )

    def __init__(self, *args, chambers: Iterable[tuple[str, str]] = (), **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["chamber"].choices = [("", "None"), *chambers]

    def clean_email(self) -> User:
        user = User.objects.filter(email__iexact=self.cleaned_data["email"], is_active=True).first()
        if user is None:
            raise forms.ValidationError("Nobody signs in with this e-mail. Create the user first.")
        return user


class DecisionForm(forms.Form):
    """What a body decided in a matter; only what is asked there can be chosen."""

    outcome = forms.ChoiceField(label="Decision", widget=forms.RadioSelect)
    body = forms.ModelChoiceField(
        Body.objects.none(), label="Decided by", to_field_name="code", empty_label=None
    )
    taken_on = DayField(
        label="Decided on",
        help_text="The day of the meeting, such as 2026-07-01.",
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    reasons = forms.CharField(
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="The member reads them once the decision is carried out.",
    )

    def __init__(self, *args, matter: Matter, today: date, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today
        outcomes = matter.question.outcomes
        self.fields["outcome"].choices = [(o.value, OUTCOMES[o]) for o in outcomes]
        bodies = Body.objects.order_by("name", "pk")
        self.fields["body"].queryset = (
            bodies.exclude(code=matter.decided_by)
            if matter.deciders is None
            else bodies.filter(code__in=matter.deciders)
        )
        self.fields["taken_on"].initial = today

    def clean_taken_on(self) -> date:
        taken_on = self.cleaned_data["taken_on"]
        if taken_on > self.today:
            raise forms.ValidationError("That day has not come yet.")
        return taken_on


class VoteForm(forms.Form):
    """The votes of a body on a motion, by group, and what else its decision rule asks for."""

    COLUMNS = {
        "in_favor": "for",
        "against": "against",
        "abstained": "abstained",
        "spoilt": "spoilt",
        "present": "present",
        "recused": "recused",
    }

    def __init__(
        self,
        *args,
        body: rules.Body,
        rule: rules.DecisionRule,
        names: dict,
        voters: Sequence[Sitting],
        **kwargs,
    ):
        """``names`` are those of chambers, ``voters`` those who may vote, as far as known."""
        super().__init__(*args, **kwargs)
        self.body, self.rule = body, rule
        self.needed = needed(body, rule, may_vote(body, rule, voters), names)
        self.leaves = [leaf for group in body.groups for leaf in group.leaves()]
        self.names = {
            leaf.code: names.get(leaf.chamber or leaf.code, leaf.code) for leaf in self.leaves
        }
        stages = [stage for stage in rule.stages if stage.kind != "referral"]
        if len(stages) > 1:
            choices = [(stage.code, stage.grade or stage.code) for stage in stages]
            self.fields["stage"] = forms.ChoiceField(choices=choices)
        if rule.proposers is not None:
            self.fields["proposers"] = forms.MultipleChoiceField(
                label="Groups of those who proposed it",
                choices=[(code, names.get(code, code)) for code in body.top],
                widget=forms.CheckboxSelectMultiple,
                required=False,
            )
        if any(getattr(stage, "tie", "") == "chair_decides" for stage in stages):
            choices = [("", "No tie"), ("in_favor", "For"), ("against", "Against")]
            self.fields["casting"] = forms.ChoiceField(
                label="The chair on a tie", choices=choices, required=False
            )
        for leaf in self.leaves:
            if leaf.seats is None:
                self._count(leaf.code, "seats", "who may vote", required=True)
            for name, words in self.COLUMNS.items():
                self._count(leaf.code, name, words)

    def _count(self, group: str, name: str, words: str, *, required: bool = False) -> None:
        label = f"{self.names[group]}: {words}"
        self.fields[f"{group}.{name}"] = forms.IntegerField(
            label=label, min_value=0, max_value=10**6, required=required,
            widget=forms.TextInput(
                attrs={"inputmode": "numeric", "size": 4, "aria-label": label, "class": "count"}
            ),
        )  # fmt: skip

    @property
    def asked(self) -> list[forms.BoundField]:
        """The fields that are no counts."""
        names = ("stage", "proposers", "casting")
        return [self[name] for name in names if name in self.fields]

    @property
    def mistakes(self) -> list[dict[str, str]]:
        """What is wrong with the counts, each with the way to its field."""
        return [
            {"text": f"{self[name].label}: {error}", "href": f"#{self[name].auto_id}"}
            for name, errors in self.errors.items()
            for error in errors
        ]

    @property
    def rows(self) -> list[tuple[str, int | forms.BoundField, list[forms.BoundField]]]:
        """Name, seats and fields of each group."""
        return [
            (
                self.names[leaf.code],
                self[f"{leaf.code}.seats"] if leaf.seats is None else leaf.seats,
                [self[f"{leaf.code}.{name}"] for name in self.COLUMNS],
            )
            for leaf in self.leaves
        ]

    def vote(self) -> Vote:
        """Return what was counted. Where nobody is said to be present, it is those who voted."""
        given = self.cleaned_data
        codes = [leaf.code for leaf in self.leaves]

        def column(name: str) -> dict[str, int]:
            return {code: given.get(f"{code}.{name}") or 0 for code in codes}

        kinds = ("in_favor", "against", "abstained", "spoilt")
        said = [code for code in codes if given.get(f"{code}.present") is not None]
        return Vote(
            counts={code: rules.Tally(*(column(kind)[code] for kind in kinds)) for code in codes},
            present=column("present") if said else None,
            recused=column("recused"),
            seats={leaf.code: column("seats")[leaf.code] for leaf in self.leaves
                   if leaf.seats is None},
            stage=given.get("stage") or None,
            proposers=given.get("proposers"),
            casting=given.get("casting") or None,
        )  # fmt: skip


class ResolutionForm(forms.Form):
    """What a body resolved about a draft, as its minutes have it."""

    sha256 = forms.CharField(widget=forms.HiddenInput)
    outcome = forms.ChoiceField(
        label="Resolution",
        widget=forms.RadioSelect,
        choices=[
            (Resolved.ADOPTED.value, "The edition is adopted"),
            (Resolved.REJECTED.value, "The edition is rejected"),
        ],
    )
    body = forms.ModelChoiceField(
        Body.objects.none(), label="Resolved by", to_field_name="code", empty_label=None
    )
    reference = forms.RegexField(
        r"^[A-Za-z0-9][A-Za-z0-9._/-]{0,39}$",
        label="Number of the resolution",
        help_text="As the minutes have it, such as GA-2026/7.",
        error_messages={"invalid": "Letters, digits and . _ / - only, without spaces: GA-2026/7."},
    )
    taken_on = DayField(
        label="Taken on",
        help_text="The day of the meeting, such as 2026-07-01.",
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    in_favor = forms.IntegerField(
        min_value=0, max_value=10**9, required=False, help_text="Leave the three empty: consensus."
    )
    against = forms.IntegerField(min_value=0, max_value=10**9, required=False)
    abstained = forms.IntegerField(min_value=0, max_value=10**9, required=False)

    def __init__(self, *args, today: date, deciders: Collection[str] = (), **kwargs):
        """``deciders`` are the bodies whose votes are counted by group, beside this form."""
        super().__init__(*args, **kwargs)
        self.today = today
        bodies = Body.objects.order_by("name", "pk")
        self.fields["body"].queryset = bodies.filter(code__in=deciders) if deciders else bodies
        if deciders:
            for name in ("in_favor", "against", "abstained"):
                del self.fields[name]
        self.fields["taken_on"].initial = today

    def clean_taken_on(self) -> date:
        taken_on = self.cleaned_data["taken_on"]
        if taken_on > self.today:
            raise forms.ValidationError("That day has not come yet.")
        return taken_on

    def clean(self) -> dict:
        values = super().clean()
        counted = [values.get(name) for name in ("in_favor", "against")]
        if None in counted and (counted != [None, None] or values.get("abstained") is not None):
            if not {"in_favor", "against"} & set(self.errors):
                self.add_error("in_favor", "Count both, in favor and against; 0 is a number.")
        elif None not in counted:
            values["votes"] = Votes(*counted, values.get("abstained") or 0)
        return values
