"""The commands that formulas may have, by what they take."""

from __future__ import annotations


def _names(text: str) -> tuple[str, ...]:
    return tuple(text.split())


GREEK = _names(
    "alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi pi varpi rho varrho sigma "
    "varsigma tau upsilon phi varphi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega"
)
OPERATORS = _names(
    "pm mp times div cdot ast star circ bullet odot otimes oplus ominus cup cap setminus wedge vee sum prod int oint iint "
    "partial nabla infty forall exists neg emptyset prime ell Re Im hbar angle dagger top bot colon "
    "ldots cdots vdots ddots dots"
)
RELATIONS = _names(
    "le leq ge geq lt gt ne neq equiv approx sim simeq cong propto ll gg in notin ni subset subseteq supset supseteq mid "
    "parallel perp models vdash to gets mapsto leftarrow rightarrow leftrightarrow Leftarrow Rightarrow Leftrightarrow "
    "longleftarrow longrightarrow Longrightarrow uparrow downarrow implies iff hookrightarrow rightleftharpoons"
)
FUNCTIONS = _names(
    "sin cos tan cot sec csc arcsin arccos arctan sinh cosh tanh coth exp log ln lg lim limsup liminf max min sup inf argmax "
    "argmin det dim ker deg gcd Pr"
)
SPACING = ("quad", "qquad")
FENCES = _names("langle rangle lvert rvert lVert rVert vert Vert lfloor rfloor lceil rceil lbrace rbrace lbrack rbrack")
ACCENTS = _names("hat bar vec tilde dot ddot widehat widetilde overline underline overbrace underbrace")
FONTS = _names("mathbf mathrm mathcal mathbb mathit mathsf boldsymbol")
TWO = _names("frac dfrac tfrac binom overset underset")
ENVIRONMENTS = ("matrix", "pmatrix", "bmatrix", "vmatrix", "cases", "aligned")
PLAIN = frozenset([*GREEK, *OPERATORS, *RELATIONS, *FUNCTIONS, *SPACING, *FENCES])
SPECIAL = ("sqrt", "text", "operatorname", "left", "right", "begin", "end", "fact")
KNOWN = frozenset([*PLAIN, *ACCENTS, *FONTS, *TWO, *SPECIAL])
"""Every command, without its backslash."""
