"""A page with everything that the kit gives, to look at and to measure: shown by tests only."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template_string, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import (
    GovCheckboxesInput,
    GovCheckboxInput,
    GovDateInput,
    GovPasswordInput,
    GovRadioInput,
    GovSelect,
    GovTextArea,
    GovTextInput,
)
from wtforms import BooleanField, PasswordField, RadioField, SelectField, SelectMultipleField, StringField
from wtforms.fields import DateField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Optional

from sms_service.service.access import Role, in_menu, open_to

PAGE = """
{% extends "layout.html" %}
{% from "kit/macros.html" import error_summary, submit, table, table_row, back_link %}
{% from "kit/macros.html" import button_form with context %}
{% block title %}Sampler{% endblock %}
{% block before_content %}{{ back_link("/sampler") }}{% endblock %}
{% block content %}
{{ error_summary(form) }}
<h1 class="govuk-heading-l">Sampler</h1>
<p class="govuk-body">A <a class="govuk-link" href="/what-is-stored">link</a>, <strong class="govuk-tag">tag</strong>
{% for colour in ["grey", "green", "teal", "purple", "magenta", "red", "orange", "yellow"] %}
<strong class="govuk-tag govuk-tag--{{ colour }}">{{ colour }}</strong>{% endfor %}</p>
<p class="govuk-hint" id="target">A hint.</p>
<div class="govuk-inset-text">Inset. <span class="govuk-caption-m">Caption</span></div>
<div class="govuk-warning-text"><span class="govuk-warning-text__icon" aria-hidden="true">!</span>
<strong class="govuk-warning-text__text"><span class="govuk-visually-hidden">Warning</span>Mind this.</strong></div>
<details class="govuk-details" open><summary class="govuk-details__summary"><span class="govuk-details__summary-text">
More</span></summary><div class="govuk-details__text">Details</div></details>
<div class="govuk-panel govuk-panel--confirmation"><h2 class="govuk-panel__title">Published</h2></div>
<div class="govuk-summary-card"><div class="govuk-summary-card__title-wrapper">
<h2 class="govuk-summary-card__title">Card</h2></div></div>
{% set columns = ["Heading"] * 6 %}
{% call table("Six columns", "sample-table", columns) %}
{{ table_row(["value"] * 6, columns) }}
{% endcall %}
<form method="post" novalidate>{{ form.csrf_token }}
{{ form.name }}{{ form.text }}
{{ form.password }}{{ form.one }}{{ form.some }}{{ form.sure }}{{ form.pick }}{{ form.on }}
{{ submit("Save") }} {{ submit("Second", "govuk-button--secondary") }} {{ submit("Delete", "govuk-button--warning") }}
</form>
{{ button_form("/sampler/press", "Press", "govuk-button--secondary", {"what": "this"}, aria="the button") }}
{% endblock %}
"""
CHOICES = [SelectChoice("a", "First"), SelectChoice("b", "Second")]


class SampleForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    name = StringField(
        "Name",
        description="A hint",
        widget=GovTextInput(),
        render_kw={"autocomplete": "username"},
        validators=[InputRequired("Enter a name")],
    )
    text = StringField("Text", widget=GovTextArea())
    password = PasswordField("Password", widget=GovPasswordInput(), render_kw={"autocomplete": "new-password"})
    one = RadioField("One", widget=GovRadioInput(), choices=CHOICES, validators=[InputRequired("Choose one")])
    some = SelectMultipleField("Some", widget=GovCheckboxesInput(), choices=CHOICES)
    sure = BooleanField("I am sure", widget=GovCheckboxInput())
    pick = SelectField("Pick", widget=GovSelect(), choices=CHOICES)
    on = DateField("On", widget=GovDateInput(), format="%d %m %Y", validators=[Optional()])


def sampler_blueprint() -> Blueprint:
    blueprint = Blueprint("sampler", __name__)

    @blueprint.route("/sampler", methods=["GET", "POST"])
    @in_menu("Sampler", order=10)
    @open_to(Role.EDITOR)
    def show() -> ResponseReturnValue:
        form = SampleForm()
        if form.validate_on_submit():
            flash("Saved", "success")
            return redirect(url_for("sampler.show"), 303)
        return render_template_string(PAGE, form=form)

    @blueprint.get("/sampler/part")
    @open_to(Role.EDITOR)
    def part() -> ResponseReturnValue:
        return "<p id='part'>A part</p>"

    @blueprint.post("/sampler/press")
    @open_to(Role.EDITOR)
    def press() -> ResponseReturnValue:
        flash("Pressed", "success")
        flash("Mind the gap", "important")
        return redirect(url_for("sampler.show"), 303)

    @blueprint.get("/sampler/other")
    @in_menu("Not for editors", order=5)
    @open_to(Role.OPS)
    def other() -> str:
        return render_template_string("{% extends 'layout.html' %}")

    @blueprint.get("/sampler/broken")
    @open_to(Role.EDITOR)
    def broken() -> str:
        raise RuntimeError("canary words")

    return blueprint
