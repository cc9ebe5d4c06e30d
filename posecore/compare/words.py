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
    moments = {"start": one.start_s, "end": one.end_s, "most": one.most_s, "other": one.other_s}
    values = _values(one, language) | {name: f"{seconds:.1f}" for name, seconds in moments.items()}
    return translate(language, f"compare.{_what(one)}", **values)


def short_difference_words(one: Difference, language: str = DEFAULT) -> str:
    """To whoever did the second movement: which joint, and by how much."""
    return translate(language, f"compare.you_{_what(one)}", **_values(one, language))


def _what(one: Difference) -> str:
    """A smaller angle at the shoulder is an arm that hangs, at other joints one that is bent."""
    if one.joint.endswith("shoulder"):
        return "arm_lower" if one.degrees < 0 else "arm_higher"
    return "bent_more" if one.degrees < 0 else "bent_less"


def _values(one: Difference, language: str) -> dict[str, str]:
    side, joint = one.joint.split("_")
    names = {"side": translate(language, f"sides.{side}"), "joint": translate(language, f"joints.{joint}")}
    if language == DEFAULT:
        names = {key: name.lower() for key, name in names.items()}
    return {**names, "degrees": f"{abs(one.degrees):.0f}"}
