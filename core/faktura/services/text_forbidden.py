"""What texts may not do, and what to write instead (P49)."""

from collections.abc import Mapping

from jinja2 import nodes

_SAID: Mapping[type[nodes.Node], tuple[str, str]] = {
    nodes.Call: ("functions cannot be called", "Use variables and filters"),
    nodes.CallBlock: ("call blocks are not allowed", "Write the text itself"),
    nodes.Macro: ("macros are not allowed", "Write the text itself"),
    nodes.Assign: ("variables cannot be set", "Use the variables there are"),
    nodes.AssignBlock: ("variables cannot be set", "Use the variables there are"),
    nodes.With: ("variables cannot be set", "Use the variables there are"),
    nodes.FilterBlock: ("filters of blocks are not allowed", "Filter single values"),
    nodes.Getitem: ("square brackets are not allowed", "Write a dot, or |first and |last"),
    nodes.Test: ("tests with “is” are not allowed", "Write {% if name %}"),
    nodes.Concat: ("values cannot be joined with ~", "Write them one after the other"),
    nodes.Include: ("texts cannot include others", "Write the text itself"),
    nodes.Import: ("texts cannot import", "Write the text itself"),
    nodes.FromImport: ("texts cannot import", "Write the text itself"),
    nodes.Extends: ("texts cannot extend others", "Write the text itself"),
    nodes.Block: ("blocks are not allowed", "Write the text itself"),
    nodes.Scope: ("escaping cannot be switched", "Leave it out"),
    nodes.BinExpr: ("texts do not calculate", "Use the amounts there are"),
    nodes.UnaryExpr: ("texts do not calculate", "Use the amounts there are"),
    nodes.List: ("lists cannot be made", "Use the lists there are"),
    nodes.Tuple: ("lists cannot be made", "Use the lists there are"),
    nodes.Dict: ("lists cannot be made", "Use the lists there are"),
}


def why_forbidden(node: nodes.Node) -> tuple[str, str]:
    """Problem and mend for a node that is not on the list of those that texts may hold."""
    said = next((_SAID[kind] for kind in type(node).__mro__ if kind in _SAID), None)
    return said or (f"“{type(node).__name__}” is not allowed", "Leave it out")
