from django.template import Context, Template
from django.utils import translation


def test_the_content_is_rendered_once_a_language():
    template = Template("{% load once i18n %}{% once %}{% translate 'Yes' %} {{ number }}{% endonce %}")
    assert template.render(Context({"number": 1})) == "Yes 1"
    assert template.render(Context({"number": 2})) == "Yes 1"
    with translation.override("de"):
        assert template.render(Context({"number": 3})) == "Ja 3"


def test_each_value_of_what_is_named_has_its_own():
    template = Template("{% load once %}{% once page %}{{ page }}{% endonce %}")
    pages = [template.render(Context({"page": page})) for page in ("search", "clusters", "search")]
    assert pages == ["search", "clusters", "search"]
    assert template.render(Context()) == ""


def test_what_was_escaped_stays_escaped():
    template = Template("{% load once %}{% once text %}{{ text }}{% endonce %}")
    assert template.render(Context({"text": "<b>"})) == "&lt;b&gt;"
