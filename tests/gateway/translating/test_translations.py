import gettext
import re
from collections import Counter
from pathlib import Path

import pytest
from django.conf import settings

from gateway.translating.catalogue import Entry, compile_mo, read_po
from gateway.translating.found import texts

PO = Path(settings.LOCALE_PATHS[0]) / "vi" / "LC_MESSAGES" / "django.po"
ENTRIES = read_po(PO.read_text(encoding="utf-8"))


def test_texts_of_code_and_templates_are_found():
    found = texts(Path(settings.BASE_DIR))

    assert {
        "The message reached the phone.",
        "at most %(n)d character",
        "Needs attention",
        "times in %(zone)s",
    } <= found


def test_the_compiled_catalogue_is_that_of_its_source():
    assert PO.with_suffix(".mo").read_bytes() == compile_mo(ENTRIES)


def test_no_text_comes_twice():
    assert [text for text, count in Counter(entry.text for entry in ENTRIES).items() if count > 1] == []


@pytest.mark.parametrize("entry", [entry for entry in ENTRIES if "%(" in entry.text], ids=lambda entry: entry.text[:40])
def test_a_translation_has_the_places_of_its_text(entry):
    places = re.compile(r"%\(\w+\)[sd]")

    assert all(sorted(places.findall(one)) == sorted(places.findall(entry.text)) for one in entry.translations)


def test_pythons_own_reader_understands_what_is_compiled(tmp_path):
    head = Entry("", "", ("Content-Type: text/plain; charset=UTF-8\nPlural-Forms: nplurals=1; plural=0;\n",))
    entries = [
        Entry("seen", "", ("đã xem",)),
        head,
        Entry("%(n)d day", "%(n)d days", ("%(n)d ngày",)),
        Entry("x", "", ("",)),
    ]
    (tmp_path / "django.mo").write_bytes(compile_mo(entries))

    with (tmp_path / "django.mo").open("rb") as file:
        read = gettext.GNUTranslations(file)

    assert read.gettext("seen") == "đã xem"
    assert read.ngettext("%(n)d day", "%(n)d days", 2) == "%(n)d ngày"
    assert read.gettext("x") == "x"


def test_strings_over_several_lines_and_comments_are_read():
    entry = '# a note\nmsgid ""\n"one "\n"two"\nmsgstr "một hai"\n'

    assert read_po(entry) == [Entry("one two", "", ("một hai",))]


def test_what_is_not_known_in_a_catalogue_is_refused():
    with pytest.raises(ValueError, match="msgctxt"):
        read_po('msgctxt "menu"\nmsgid "a"\nmsgstr "b"')
