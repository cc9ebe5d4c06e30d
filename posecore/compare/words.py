"""What a comparison says, in sentences."""

from __future__ import annotations

from posecore.compare.comparison import PARTS, Comparison, Difference
from posecore.language import DEFAULT, translate


def score_words(found: Comparison, language: str = DEFAULT) -> str:
    """The score and its parts, and whether it holds in the mirror."""
    parts = ", ".join(f"{translate(language, f'compare.{part}')} {found.scores[part]:.0f}" for part in PARTS)
    score = translate(language, "compare.score", score=f"{found.score:.0f}", parts=parts)
    return f"{score}. {translate(language, 'compare.mirrored')}" if found.mirrored else score


def comparison_words(found: Comparison, language: str = DEFAULT) -> list[str]:
    """The score, then what differs, the gravest first."""
    differences = [difference_words(one, language) for one in found.differences]
    return [score_words(found, language), *(differences or [translate(language, "compare.equal")])]


def joint_name(joint: str, language: str = DEFAULT) -> str:
    """As in charts: the joint, then its side."""
    side, name = joint.split("_")
    return f"{translate(language, f'joints.{name}')} · {translate(language, f'sides.{side}')}"


def difference_words(one: Difference, language: str = DEFAULT) -> str:
    """Which joint, when, and by how much the second movement bends it otherwise."""
    side, joint = one.joint.split("_")
    values = {
        "side": translate(language, f"sides.{side}"),
        "joint": translate(language, f"joints.{joint}"),
        "degrees": f"{abs(one.degrees):.0f}",
        "start": f"{one.start_s:.1f}",
        "end": f"{one.end_s:.1f}",
        "most": f"{one.most_s:.1f}",
        "other": f"{one.other_s:.1f}",
    }
    if language == DEFAULT:
        values |= {name: values[name].lower() for name in ("side", "joint")}
    return translate(language, "compare.more_bent" if one.degrees < 0 else "compare.less_bent", **values)
