"""Every topic of the lecture has its place, and every chapter a topic."""

from pages._book import chapters


def test_every_chapter_asks_and_every_topic_has_its_place():
    for chapter in chapters.CHAPTERS:
        assert chapter.question.endswith("?")
    shown = {topic.chapter for topic in chapters.LECTURE}
    assert shown == set(chapters.IN_THE_LECTURE)
    assert set(chapters.ON_THE_MAP) == set(chapters.CHAPTERS)
    assert all(topic.where for topic in chapters.LECTURE)
