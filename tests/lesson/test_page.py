"""The page of a lesson, as text: what it holds, what it may do, and that nothing gets out of its place."""

from __future__ import annotations

import gzip
import json
import re
from base64 import b64decode
from dataclasses import replace
from functools import cache
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learnloop.lesson.model import Lesson, Passage, Piece, Shown
from learnloop.lesson.page.formula import ATTRIBUTES, ELEMENTS, formula
from learnloop.lesson.page.markup import element
from learnloop.lesson.page.text import inline
from lesson.pages import page_of
from lesson.sample import ATTACK, enclosed, hostile, run, sample

VOID = {"img", "input", "link", "meta"}


class Parts(HTMLParser):
    """Elements with their attributes and texts; fails where one is not closed."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[str, dict[str, str | None], list[str]]] = []
        self.open: list[int] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len(attrs) == len(dict(attrs)), (tag, attrs)
        self.found.append((tag, dict(attrs), []))
        if tag not in VOID:
            self.open.append(len(self.found) - 1)

    def handle_endtag(self, tag: str) -> None:
        assert self.found[self.open.pop()][0] == tag

    def handle_data(self, data: str) -> None:
        for k in self.open:
            self.found[k][2].append(data)

    def all(self, tag: str) -> list[tuple[dict[str, str | None], str]]:
        return [(attributes, "".join(text)) for name, attributes, text in self.found if name == tag]

    def having(self, name: str, value: str | None = None) -> list[tuple[str, dict[str, str | None], str]]:
        return [(tag, own, "".join(text)) for tag, own, text in self.found if name in own and value in (None, own[name])]

    def of_class(self, name: str) -> list[tuple[str, dict[str, str | None], str]]:
        return [one for one in self.having("class") if name in (one[1]["class"] or "").split()]

    def json(self, id: str) -> dict:
        return json.loads(self.having("id", id)[0][2])


@cache
def parts(which: str) -> Parts:
    lessons = {"sample": sample, "hostile": hostile, "silent": lambda: sample(sound=False), "public": lambda: sample(base_url="https://example.org/l/")}
    return Parts(page_of(lessons[which]()).decode())


def test_the_same_lesson_gives_the_same_bytes() -> None:
    first = page_of(sample())
    assert first == page_of(replace(sample()))
    assert len(first) < 1_500_000
    assert first != page_of(sample(), name="other")


@pytest.mark.parametrize("which", ["sample", "hostile", "public"])
def test_nothing_in_it_can_run(which: str) -> None:
    page = parts(which)
    for tag, attributes, _ in page.found:
        assert not [name for name in attributes if name.startswith("on") or name == "style"], (tag, attributes)
        for name in ("href", "src", "xlink:href", "action"):
            assert not (attributes.get(name) or "").strip().lower().startswith(("javascript:", "vbscript:", "data:text")), (tag, attributes)
    running = [own for own, _ in page.all("script") if own.get("type") in (None, "module")]
    assert running == [{}, {"type": "module"}]
    assert not {tag for tag, _, _ in page.found} & {"iframe", "object", "embed", "base"}


def test_ids_are_unique_and_references_lead_somewhere() -> None:
    for which in ("sample", "hostile"):
        page = parts(which)
        ids = [own["id"] for _, own, _ in page.having("id")]
        assert len(ids) == len(set(ids))
        for name in ("aria-labelledby", "aria-describedby", "for"):
            assert {one for _, own, _ in page.having(name) for one in (own[name] or "").split()} <= set(ids)
        assert {own["href"][1:] for own, _ in page.all("a") if (own.get("href") or "").startswith("#")} <= set(ids)


def test_a_chapter_does_not_take_the_place_of_a_block() -> None:
    page = parts("hostile")
    assert [tag for tag, _, _ in page.having("id", "block-session")] == ["script"]
    assert [own["id"] for _, own, _ in page.having("data-chapter", "block-session")] == ["ll-chapter-block-session"]


def test_hostile_texts_are_texts() -> None:
    page = parts("hostile")
    told = {name: text for name in ("bad-prose", "bad-note", "bad-equation", "bad-code", "bad-check", "bad-number", "bad-live") for _, _, text in page.having("data-block", name)}
    assert len(told) == 7
    assert {name for name, text in told.items() if ATTACK in text} == set(told)
    (title, *_), *_ = ((text,) for _, text in page.all("title") if ATTACK in text)
    assert title == ATTACK
    assert page.all("h1")[0][1] == ATTACK
    assert page.json("block-lesson")["text"] == ATTACK
    assert not [own for own, _ in page.all("img") if not (own.get("src") or "").startswith("data:image/")]


def test_links_that_lead_elsewhere_are_no_links() -> None:
    (_, _, text), *_ = parts("hostile").having("data-block", "bad-prose")
    assert ATTACK in text
    links = [own["href"] for own, _ in parts("hostile").all("a")]
    assert links and all(re.match(r"#|https://", link) for link in links)


def test_the_policy_names_what_runs() -> None:
    page = page_of(sample()).decode()
    policy = next(own["content"] for own, _ in parts("sample").all("meta") if own.get("http-equiv"))
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert "media-src data:" in policy and "connect-src" not in policy and "unsafe-inline" not in policy
    assert page.index("Content-Security-Policy") < page.index("<style>") < page.index("<script>")


def test_blocks_hold_what_the_page_computes_with() -> None:
    blocks, session = enclosed()
    page = parts("sample")
    for name, content in blocks.items():
        assert gzip.decompress(b64decode(page.having("id", f"block-{name}")[0][2])) == content
    assert b"postMessage" in gzip.decompress(b64decode(page.having("id", "block-worker")[0][2]))
    assert page.json("block-session") == session


def test_a_lesson_without_its_program_says_so() -> None:
    refused = replace(sample().runs[""], scenario=None, refusal="It has 9 million weights.")
    page = Parts(page_of(replace(sample(), runs={"": refused}), computes=False).decode())
    assert [own["id"] for _, own, _ in page.having("id") if own["id"].startswith("block-")] == ["block-about", "block-lesson"]
    more = page.having("id", "ll-more")[0][2]
    assert "It has 9 million weights." in more and "lesson open" not in more


def test_the_event_list() -> None:
    lesson, told = sample(), parts("sample").json("block-lesson")
    assert told["version"] == 1 and told["seconds"] == lesson.seconds and told["voice"] == "espeak-ng"
    assert [(one["kind"], one["start"]) for one in told["events"]] == [(event.kind, event.start) for event in lesson.events]
    assert [chapter["id"] for chapter in told["chapters"]] == [chapter.id for chapter in lesson.chapters]
    assert [beat["id"] for beat in told["beats"]] == [beat.id for chapter in lesson.chapters for beat in chapter.beats]
    assert told["checks"]["fell"] == {"choices": [True, False]}
    assert told["checks"]["end"]["value"] == float(run().losses[-1])
    (one,) = told["runs"]
    assert (one["name"], one["digest"], one["scenario"]) == ("", run().digest, enclosed()[1]["opening"]["scenario"])
    assert {fact["id"] for fact in told["facts"]} >= {"loss.start", "loss.end"}


def test_numbers_that_are_not_finite_do_not_break_the_page() -> None:
    fact = {**sample().facts[0], "value": float("nan"), "text": "not a number"}
    told = Parts(page_of(replace(sample(), facts=(fact,))).decode()).json("block-lesson")
    assert told["facts"] == [{**fact, "value": None}]


def test_every_block_and_every_word_is_found_by_its_name() -> None:
    page, lesson = parts("sample"), sample()
    for chapter in lesson.chapters:
        for beat in chapter.beats:
            assert len(page.having("data-beat", beat.id)) == 1
            for shown in beat.shown:
                assert [own["id"] for _, own, _ in page.having("data-block", shown.id)] == [f"ll-b-{shown.id}"]
    for event in lesson.events:
        if event.kind == "say":
            ((_, _, said),) = page.having("data-say", event.beat)
            assert said.strip()
        if event.kind in ("draw", "point") and "." in event.target:
            assert len(page.having("data-part", event.target.split(".")[1])) >= 2  # in the wide and in the narrow picture


def test_words_are_numbered_as_the_voice_has_them() -> None:
    page = page_of(sample()).decode()
    for event in sample().events:
        if event.kind == "say":
            said = page.split(f'data-say="{event.beat}"')[1].split("</div>")[0]
            assert [int(word) for word in re.findall(r'data-word="(\d+)"', said)] == list(range(len(event.words)))


def test_facts_say_their_values() -> None:
    facts = parts("sample").of_class("fact")
    values = {fact["id"]: str(fact["value"]) for fact in sample().facts}
    assert len(facts) >= 4
    assert all(tag == "data" and own["value"] == values[own["data-fact"]] for tag, own, _ in facts)


def test_pictures_are_there_twice_and_files_are_images() -> None:
    page = parts("sample")
    drawings = [own["class"] for own, _ in page.all("svg")]
    assert len(drawings) == 10 and sum("wide" in name for name in drawings) == sum("narrow" in name for name in drawings) == 5
    assert sorted(own["src"].split(";")[0] for own, _ in page.all("img")) == ["data:image/png", "data:image/svg+xml"]
    assert all(own["alt"] for own, _ in page.all("img"))


def test_sound_is_there_or_its_absence_is_said() -> None:
    ((audio, _),) = parts("sample").all("audio")
    assert audio["src"].startswith("data:audio/mpeg;base64,") and "controls" in audio
    assert b64decode(audio["src"].split(",")[1]) == sample().sound
    assert parts("silent").all("audio") == []
    assert "no voice is installed" in parts("silent").having("id", "ll-silence")[0][2]


def test_the_outline() -> None:
    page = parts("sample")
    assert len(page.all("h1")) == 1 and len(page.all("main")) == 1
    headings = [text for _, text in page.all("h2")]
    assert headings == ["What you’ll learn", "The learning loop", "Training dynamics", "The anatomy of a neuron", "Keep going", "Share"]
    ((nav, listed),) = page.all("nav")
    assert nav["id"] == "ll-chapters" and re.findall(r"\d+:\d\d", listed) == ["0:00", "0:10", "0:22"]


def test_what_other_sites_are_told_with_an_address() -> None:
    page = parts("public")
    meta = {own.get("property") or own.get("name"): own["content"] for own, _ in page.all("meta") if "content" in own}
    assert meta["og:image"] == meta["twitter:image"] == "https://example.org/l/moons.png"
    assert meta["og:url"] == "https://example.org/l/moons.html" and meta["og:title"] == sample().front.title
    assert ("canonical", meta["og:url"]) in [(own.get("rel"), own.get("href")) for own, _ in page.all("link")]
    links = {own["data-service"]: own for own, _ in page.all("a") if "data-service" in own}
    assert set(links) == {"X", "LinkedIn", "WhatsApp"}
    assert all(own["rel"] == "noopener noreferrer" and "https%3A%2F%2Fexample.org%2Fl%2Fmoons.html" in own["href"] for own in links.values())


def test_what_is_said_without_an_address() -> None:
    page = parts("sample")
    assert not [own for own, _ in page.all("meta") if "property" in own or (own.get("name") or "").startswith("twitter")]
    assert not [own for own, _ in page.all("link") if own.get("rel") == "canonical"]
    assert "no public address yet" in page.having("id", "ll-share")[0][2]
    assert "learnloop lesson open moons.html" in page.having("id", "ll-more")[0][2]


def test_the_lesson_as_a_learning_resource() -> None:
    ((_, text),) = [(own, text) for own, text in parts("public").all("script") if own.get("type") == "application/ld+json"]
    about = json.loads(text)
    assert about["@type"] == "LearningResource" and about["name"] == sample().front.title
    assert about["timeRequired"] == "PT0M31S" and about["teaches"] == list(sample().front.learn)
    assert [part["name"] for part in about["hasPart"]] == ["The learning loop", "Training dynamics", "The anatomy of a neuron"]


def with_blocks(*shown: Shown, language: str = "en") -> Lesson:
    first, *others = sample().chapters
    beat = replace(first.beats[0], shown=shown)
    return replace(sample(), chapters=(replace(first, beats=(beat,)), *others), front=replace(sample().front, language=language))


@pytest.mark.parametrize("shown", [Shown("a", "dance"), Shown("a", "illustration", image=("text/html", b"<b>", "x"))])
def test_what_a_page_cannot_show_is_refused(shown: Shown) -> None:
    with pytest.raises(ValueError, match="a page cannot show"):
        page_of(with_blocks(shown))


def test_languages_that_run_to_the_left() -> None:
    page = Parts(page_of(with_blocks(language="fa-IR")).decode())
    ((html, _),) = page.all("html")
    assert html == {"lang": "fa-IR", "dir": "rtl", "data-lesson": None}
    assert "lang" in page.of_class("lesson-end")[0][1]


def test_half_of_a_character_does_not_stop_the_page() -> None:
    shown = Shown("a", "prose", passages=(Passage("paragraph", ((Piece("half \ud800 \x00 of it"),),)),))
    assert "half ? " in page_of(with_blocks(shown)).decode()


@pytest.mark.parametrize("name", ["onclick", "style", "ONLOAD", "a b", "x\"", "onx"])
def test_markup_has_no_handlers_and_no_styles(name: str) -> None:
    with pytest.raises(ValueError, match="attribute"):
        element("p", {name: "x"})


@given(st.text(alphabet="<>/=\"' abmirow!-&;\0\n", max_size=60))
def test_formulas_hold_formulas_only(text: str) -> None:
    page = Parts(str(formula(f"<math><mi>{text}</mi></math>")))
    assert {tag for tag, _, _ in page.found} <= ELEMENTS
    assert {name for _, own, _ in page.found for name in own} <= ATTRIBUTES


def test_a_formula_may_be_nested_deep() -> None:
    deep = "<mrow>" * 20_000
    assert formula(f"<math>{deep}x").count("</mrow>") == 20_000


def test_a_link_over_several_words_is_one_link() -> None:
    pieces = tuple(Piece(text, link="https://example.org", word=word) for text, word in (("two", 0), (" ", None), ("words", 1)))
    written = inline((*pieces, Piece(".", word=1)), {})
    assert written.count("<a ") == 1 and written.count("data-word") == 2
