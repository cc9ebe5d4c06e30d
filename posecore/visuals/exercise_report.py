"""An exercise in a clip as a page to read, print and send: HTML that needs nothing but itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from html import escape

from posecore import palette
from posecore.exercises.attempts import Attempt
from posecore.exercises.body_measures import DEGREES
from posecore.exercises.exercise import Exercise
from posecore.exercises.repetitions import Repetition
from posecore.exercises.review import Review
from posecore.language import DEFAULT, translate
from posecore.media.clip_files import Clip
from posecore.media.picture_files import Frame, encode_image, jpeg_address
from posecore.pose import PoseSequence
from posecore.visuals.moment_pictures import moment_picture
from posecore.visuals.signal_svg import course_svg

MOST_PICTURES = 12  # more would not go on two pages
_MOST_MOMENTS = 8
_STYLE = f"""
@page {{ size: A4; margin: 14mm }}
* {{ box-sizing: border-box }}
body {{ font: 15px/1.45 system-ui, "Noto Sans CJK SC", "PingFang SC", sans-serif; color: {palette.INK};
  background: {palette.WHITE}; max-width: 860px; margin: 2rem auto; padding: 0 1rem }}
h1 {{ font-size: 1.7rem; margin: 0 }} h2 {{ font-size: 1.1rem; margin: 1.5rem 0 .5rem; break-after: avoid }}
header p, .note, figcaption {{ color: {palette.INK_SOFT}; margin: .2rem 0; overflow-wrap: anywhere }}
.numbers {{ display: flex; flex-wrap: wrap; gap: .6rem 3rem; margin: 1.2rem 0 }}
.numbers b {{ display: block; font-size: 2.4rem; line-height: 1.1; color: {palette.ACCENT} }}
.pictures {{ display: grid; grid-template-columns: repeat(auto-fill, minmax(130px, 1fr)); gap: .7rem }}
figure {{ margin: 0; break-inside: avoid }}
figure img {{ display: block; width: 100%; height: 200px; object-fit: contain; background: {palette.PAPER};
  border-radius: 6px }}
table {{ border-collapse: collapse; width: 100%; font-size: .85rem; font-variant-numeric: tabular-nums }}
th, td {{ text-align: right; padding: .3rem .4rem; border-bottom: 1px solid #d5dce3; vertical-align: top }}
th {{ color: {palette.INK_SOFT}; font-weight: 600 }}
th:last-child, td:last-child {{ text-align: left }} tr {{ break-inside: avoid }}
.charts {{ display: grid; grid-template-columns: 1fr 1fr; gap: 0 1.5rem }}
@media (max-width: 640px) {{ .charts {{ grid-template-columns: 1fr }} }}
.charts > div {{ min-width: 0; break-inside: avoid }}
.figures :is(th, td):first-child {{ text-align: left }} .figures :is(th, td):not(:first-child) {{ text-align: right }}
li {{ margin: .25rem 0 }} section > svg {{ display: block; width: 100%; height: auto }}
@media print {{ body {{ margin: 0; padding: 0; max-width: none; font-size: 12px }} figure img {{ height: 150px }}
  * {{ print-color-adjust: exact; -webkit-print-color-adjust: exact }} }}
"""


def exercise_report(
    review: Review,
    clip: Clip,
    sequence: PoseSequence,
    person: int,
    *,
    file: str,
    made: date,
    first: str = "",
    language: str = DEFAULT,
) -> str:
    """The page: number, scores, pictures of the turning points, table, advice and the curve.

    Args:
        sequence: of this clip; `review` is of its `person` (from 0).
        file: name of the clip as its owner knows it.
        first: HTML that comes before what is said of this person, such as `class_section`.
    """
    title = f"{translate(language, 'coach.report_title')} · {escape(review.exercise.title(language))}"
    parts = [
        f"<header><h1>{title}</h1><p>{escape(file)}</p>",
        f"<p>{translate(language, 'coach.report_made', date=made.isoformat())}</p></header>",
        first,
        _numbers(review, language),
        _advice(review, language),
        _pictures(review, clip, sequence, person, language),
        _table(review, language),
        section("coach.report_course", course_svg(review, language), language),
        f'<p class="note">{escape(translate(language, "coach.report_note"))}</p>',
    ]
    return document(title, parts, language)


def document(title: str, parts: Sequence[str], language: str) -> str:
    """A page that stands alone; title and parts are HTML."""
    head = f'<!doctype html><html lang="{language}"><meta charset="utf-8"><title>{title}</title>'
    viewport = '<meta name="viewport" content="width=device-width">'
    return f"{head}{viewport}<style>{_STYLE}</style><body>{''.join(parts)}</body></html>"


def section(key: str, content: str, language: str, **values: object) -> str:
    """A part of a page under the heading that the catalogues have for `key`; the content is HTML."""
    return f"<section><h2>{escape(translate(language, key, **values))}</h2>{content}</section>"


def picture_address(frame: Frame) -> str:
    """A frame as an address with the picture in it."""
    return jpeg_address(encode_image(frame, "jpg", 82))


def measured(exercise: Exercise, value: float) -> str:
    """A value of the exercise's signal with its unit; seconds for one that is held."""
    if exercise.signal is None:
        return f"{value:.1f} s"
    return f"{value:.0f}°" if exercise.signal.measure in DEGREES else f"{value:.2f}"


def remarks(review: Review, language: str = DEFAULT) -> list[str]:
    """Sentences for whoever did it: what was counted where that is not said by its number, what to do better and when
    it happened, then what was not counted and why."""
    total = len(review.repetitions)
    sentences = [*counted_as(review, language)]
    sentences += [
        translate(
            language,
            "coach.fault_in",
            message=fault.message(language),
            count=len(made),
            total=total,
            moments=_moments([one.turn_s for one in made]),
        )
        for fault, made in review.faults
    ]
    if total and not review.faults:
        sentences.append(translate(language, "webcam.no_fault"))
    return sentences + uncounted(review, language)


def counted_as(review: Review, language: str = DEFAULT) -> list[str]:
    """A sentence that names the variants that were counted, if there were any."""
    if all(exercise.name == review.exercise.name for exercise, _ in review.kinds):
        return []
    kinds = [f"{exercise.title(language)} {count}" for exercise, count in review.kinds]
    return [translate(language, "coach.counted_as", kinds=translate(language, "coach.list_mark").join(kinds))]


def uncounted(review: Review, language: str = DEFAULT) -> list[str]:
    """Sentences on what was not counted and why; at least one where nothing was."""
    sentences = []
    if not review.repetitions:
        held = review.exercise.kind == "hold"
        none = "none_like" if not (review.attempts or review.unfinished) else "none_held" if held else "none_complete"
        sentences.append(translate(language, f"coach.{none}"))
    if review.instead:
        exercise, count = review.instead
        sentences.append(translate(language, "coach.instead", exercise=exercise.title(language), count=count))
    sentences += _why_not(review, language)
    if review.unfinished:
        sentences.append(translate(language, "coach.unfinished"))
    return sentences


def _why_not(review: Review, language: str) -> list[str]:
    """A sentence for each reason for which movements were not counted, that of most of them first."""
    alike: dict[str, list[Attempt]] = {}
    for attempt in review.attempts:
        alike.setdefault(_reason(attempt, review, language), []).append(attempt)
    return [
        translate(
            language,
            "coach.attempts",
            count=len(those),
            why=why,
            moments=_moments([one.turn_s for one in those]),
            tip=those[0].reasons[0].advice(language),
        ).strip()
        for why, those in sorted(alike.items(), key=lambda entry: -len(entry[1]))
    ]


def _reason(attempt: Attempt, review: Review, language: str) -> str:
    why = attempt.reasons[0].message(language)
    if attempt.exercise.name == review.exercise.name:
        return why
    return translate(language, "coach.as_variant", exercise=attempt.exercise.title(language), why=why)


def own_range_note(review: Review, language: str = DEFAULT) -> str | None:
    """How the own range compares with the standard, if counting went by it."""
    own, standard = review.exercise.signal, review.standard.signal
    if review.own_range is None or own is None or standard is None:
        return None
    values = {
        "rest": own.rest,
        "turn": own.turn,
        "standard_rest": standard.rest,
        "standard_turn": standard.turn,
        "full": review.standard.score.full,
    }
    begin, end = (f"{moment:.1f}" for moment in review.own_range)
    words = {name: measured(review.exercise, value) for name, value in values.items()}
    return translate(language, "coach.own_range_is", begin=begin, end=end, **words)


def _moments(moments: Sequence[float]) -> str:
    shown = [f"{moment:.1f}" for moment in moments[:_MOST_MOMENTS]]
    return ", ".join(shown) + (" …" if len(moments) > _MOST_MOMENTS else "")


def _numbers(review: Review, language: str) -> str:
    held = review.exercise.kind == "hold"
    count = f"{review.held_s:.1f} s" if held else str(len(review.repetitions))
    score = "–" if review.mean_score is None else str(review.mean_score)
    entries = [("webcam.held" if held else "webcam.count", count), ("coach.mean_score", f"{score} / 100")]
    shown = "".join(f"<div>{escape(translate(language, key))}<b>{value}</b></div>" for key, value in entries)
    return f'<div class="numbers">{shown}</div>'


def _advice(review: Review, language: str) -> str:
    sentences = remarks(review, language)
    if not review.view_fits:
        sentences.insert(0, translate(language, f"webcam.view_{review.exercise.view}"))
    if note := own_range_note(review, language):
        sentences.append(note)
    items = "".join(f"<li>{escape(sentence)}</li>" for sentence in sentences)
    return section("coach.report_advice", f"<ul>{items}</ul>", language)


def _pictures(review: Review, clip: Clip, sequence: PoseSequence, person: int, language: str) -> str:
    total = len(review.repetitions)
    chosen = sorted(sorted(review.repetitions, key=lambda one: one.score)[:MOST_PICTURES], key=lambda one: one.number)
    figures = [_figure(one, picture, language) for one in chosen if (picture := _picture(one, clip, sequence, person))]
    if not figures:
        return ""
    grid = f'<div class="pictures">{"".join(figures)}</div>'
    if len(chosen) < total:
        return section("coach.report_some_pictures", grid, language, shown=len(chosen), total=total)
    return section("coach.report_pictures", grid, language)


def _figure(one: Repetition, picture: str, language: str) -> str:
    alt = escape(translate(language, "coach.report_picture_alt", number=one.number))
    caption = f"<b>{one.number}</b> · {one.turn_s:.1f} s · {translate(language, 'coach.points', score=one.score)}"
    return f'<figure><img src="{picture}" alt="{alt}"><figcaption>{caption}</figcaption></figure>'


def _picture(one: Repetition, clip: Clip, sequence: PoseSequence, person: int) -> str | None:
    """The turning point as an address with the picture in it; None where the file gives no frame."""
    made = moment_picture(clip, sequence, person, one.turn_s)
    return jpeg_address(made) if made else None


def _table(review: Review, language: str) -> str:
    if not review.repetitions:
        return ""
    hold, score = review.exercise.kind == "hold", review.exercise.score
    names = ["number", "start", "end", "held"] if hold else ["number", "start", "turn", "end", "down", "up", "depth"]
    heads = [translate(language, f"coach.{name}") for name in [*names, "score"]]
    most = {"depth": score.depth, "tempo": score.tempo, "faults": score.faults}
    heads += [translate(language, f"coach.part_{name}", most=f"{value:.0f}") for name, value in most.items()]
    heads.append(translate(language, "coach.faults"))
    rows = []
    for one in review.repetitions:
        moments = (one.start_s, one.end_s) if hold else (one.start_s, one.turn_s, one.end_s, one.down_s, one.up_s)
        cells = [_numbered(one, language), *(f"{moment:.1f} s" for moment in moments)]
        cells += [measured(review.exercise, one.depth), f"<b>{one.score}</b>"]
        cells += [f"{one.parts[name]:.0f}" for name in most]
        cells.append(escape(" ".join(fault.message(language) for fault in one.faults)))
        rows.append("<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>")
    head = "".join(f"<th>{escape(name)}</th>" for name in heads)
    body = f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"
    return section("coach.report_repetitions", body, language)


def _numbered(one: Repetition, language: str) -> str:
    side = f" {translate(language, f'sides.{one.side}')}" if one.side else ""
    return f"{one.number}{side}"
