"""`{% once %}…{% endonce %}`: what depends on nothing but the language is rendered once a process."""

from collections.abc import Hashable

from django import template
from django.template.base import FilterExpression, NodeList, Parser, Token
from django.template.context import Context
from django.utils.safestring import SafeString
from django.utils.translation import get_language

register = template.Library()


class OnceNode(template.Node):
    """Lives as long as its template; two threads that meet here render the same text twice."""

    child_nodelists = ()  # no blocks in here: a page that fills in blocks need not look for any

    def __init__(self, nodelist: NodeList, varies: list[FilterExpression]) -> None:
        self.nodelist = nodelist
        self.varies = varies
        self.rendered: dict[Hashable, SafeString] = {}

    def render(self, context: Context) -> SafeString:
        key = (get_language(), *(each.resolve(context, ignore_failures=True) for each in self.varies))
        if key not in self.rendered:
            self.rendered[key] = self.nodelist.render(context)
        return self.rendered[key]


@register.tag
def once(parser: Parser, token: Token) -> OnceNode:
    """`{% once page %}` renders once for each value of `page`: name only what takes few values."""
    varies = [parser.compile_filter(each) for each in token.split_contents()[1:]]
    nodelist = parser.parse(("endonce",))
    parser.delete_first_token()
    return OnceNode(nodelist, varies)
