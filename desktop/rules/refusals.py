"""What of Python is no part of the rule language, and what to write for it."""

from __future__ import annotations

import ast

#: Operators of Python that rules do not have: what is wrong, what to write.
FOREIGN_OPERATORS: dict[type[ast.AST], tuple[str, str]] = {
    ast.BitAnd: ("& does not join conditions.", "Write and."),
    ast.BitOr: ("| does not join conditions.", "Write or."),
    ast.BitXor: ("^ is not part of the rule language.", "A power is written **."),
    ast.Invert: ("~ is not part of the rule language.", "Write not."),
    ast.Is: ("is does not compare.", "Write ==."),
    ast.IsNot: ("is not does not compare.", "Write !=."),
    ast.In: ("in is not part of the rule language.", "Write between(x, low, high)."),
    ast.NotIn: ("not in is not part of the rule language.", "Write not between(x, low, high)."),
}
#: Expressions of Python that rules do not have.
FOREIGN: dict[type[ast.AST], tuple[str, str]] = {
    ast.Lambda: ("lambda is not part of the rule language.", ""),
    ast.IfExp: ("A rule has no if: it is itself the condition.", "Join conditions with and/or."),
    ast.NamedExpr: (":= is not part of the rule language.", "Use a named parameter."),
    ast.JoinedStr: ("Formatted text is not part of the rule language.", ""),
    ast.Tuple: ("A rule is one condition, not a list of them.", "Join conditions with and/or."),
    ast.List: ("Lists are not part of the rule language.", "Join conditions with and/or."),
    ast.Starred: ("* before an argument is not part of the rule language.", ""),
}
