"""What is read out of a list, what is refused, and what the reader is warned about."""

import io
import tracemalloc
import zipfile
from collections import Counter
from pathlib import Path

import pytest

from lists import refusals
from lists.reading import MOST_WARNINGS, SourceList, Unreadable, read_list

REAL = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "real"


def real(name: str) -> Path:
    """A real list, where the folder with real lists stands beside the repository."""
    if not REAL.is_dir():
        pytest.skip("The folder with real lists is not beside the repository.")
    return REAL / name


def cells(text: str | bytes) -> list[list[str]]:
    source = read_list(text.encode() if isinstance(text, str) else text)
    return [row.cells for row in source.rows]


def refused(content: bytes) -> str:
    with pytest.raises(Unreadable) as caught:
        read_list(content)
    message = caught.value.message
    assert "Nothing was saved." in message
    assert message.endswith(".")
    return message


# Encodings


def test_utf8_is_read_as_written():
    source = read_list("name,city\nDiné Bizaad Ółta',Chinle\n".encode())
    assert source.encoding == "utf-8"
    assert [row.cells for row in source.rows] == [["Diné Bizaad Ółta'", "Chinle"]]
    assert source.warnings == []


def test_byte_order_mark_is_no_part_of_the_header():
    source = read_list(b'\xef\xbb\xbf"name",city\nA,B\n')
    assert source.encoding == "utf-8-sig"
    assert source.header == ["name", "city"]


def test_windows_1252_is_read_and_every_such_line_is_shown():
    source = read_list("name,city\nPeña,Española\nSmith,Taos\nMuñoz,Raton\n".encode("cp1252"))
    assert source.encoding == "cp1252"
    assert [row.cells[0] for row in source.rows] == ["Peña", "Smith", "Muñoz"]
    assert [(w.row, w.column, w.value) for w in source.warnings] == [
        (1, "name", "Peña"),
        (1, "city", "Española"),
        (3, "name", "Muñoz"),
    ]
    assert source.lines_not_utf8 == source.lines_with_warnings == 2


def test_each_line_is_decoded_by_itself():
    source = read_list("name\nMāhealani\n".encode() + "Peña\n".encode("cp1252"))
    assert source.encoding == "mixed utf-8 and cp1252"
    assert [row.cells for row in source.rows] == [["Māhealani"], ["Peña"]]
    assert [w.value for w in source.warnings] == ["Peña"]


def test_windows_1252_inside_a_quotation_over_several_lines_names_its_cell():
    source = read_list(b'name,note\nA,"one\ntwo \x96 three\nfour"\n')
    assert [(w.row, w.line, w.column) for w in source.warnings] == [(1, 3, "note")]


@pytest.mark.parametrize("byte", [0x81, 0x8D, 0x8F, 0x90, 0x9D])
def test_byte_without_meaning_is_kept_as_a_replacement_character(byte):
    source = read_list(b"name,city\nJos" + bytes([byte]) + b",Reno\n")
    assert [row.cells for row in source.rows] == [["Jos\ufffd", "Reno"]]
    assert [(w.kind, w.row, w.column) for w in source.warnings] == [("damaged", 1, "name")]


def test_earlier_damage_is_shown():
    source = read_list("name\nJos\ufffd\n".encode())
    assert source.encoding == "utf-8"
    assert source.warning_counts == Counter(damaged=1)


def test_accents_are_not_normalized():
    assert cells("name\nA\u0301\n\u00c1\n") == [["A\u0301"], ["\u00c1"]]


# Shapes


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_delimiter_is_found(delimiter):
    rows = [["name", "address", "city"], ["Bethel Hill", '"1 Oak St, Suite 2; rear"', "Ely"]]
    text = "\n".join(delimiter.join(row) for row in rows)
    source = read_list(text.encode())
    assert source.delimiter == delimiter
    assert [row.cells for row in source.rows] == [["Bethel Hill", "1 Oak St, Suite 2; rear", "Ely"]]


def test_semicolons_win_over_decimal_commas():
    source = read_list(b"name;share;note\nA;3,5;x, y, z, and more\nB;2,1;p, q, r, and s\n")
    assert source.delimiter == ";"


def test_commas_win_over_semicolons_inside_cells():
    source = read_list(b"name,phones;mails\nA,1;2;3\nB,4\nC,5;6\n")
    assert source.delimiter == ","


def test_one_column_is_a_list_too():
    assert cells("name\nCasa Unida\n") == [["Casa Unida"]]


def test_directive_of_spreadsheet_programs_names_the_delimiter():
    source = read_list(b"sep=;\r\nname;city\r\nA;B\r\n")
    assert source.header == ["name", "city"]
    assert [(row.line, row.cells) for row in source.rows] == [(3, ["A", "B"])]


def test_blank_after_each_delimiter_does_not_spoil_quotation_marks():
    assert cells('name, city, note\nA, "Reno, NV", x\n') == [["A", "Reno, NV", "x"]]


def test_quoted_line_breaks_stay_in_the_cell():
    source = read_list(b'name,hours\r\nA,"Mon 9-5\r\nSat 9-2"\r\nB,x\r\n')
    assert [(r.number, r.line, r.cells) for r in source.rows] == [
        (1, 2, ["A", "Mon 9-5\r\nSat 9-2"]),
        (2, 4, ["B", "x"]),
    ]


def test_carriage_return_inside_a_cell_ends_no_row():
    assert cells('name,address\nA,"1 Oak\rEly"\nB,2 Elm\rReno\n') == [
        ["A", "1 Oak\rEly"],
        ["B", "2 Elm\rReno"],
    ]


def test_unusual_separators_end_no_row():
    assert cells("name,note\nA,x\x0cy\u2028z\x85\n") == [["A", "x\x0cy\u2028z\x85"]]


def test_same_and_blank_headings_keep_their_places():
    source = read_list(b"Comments,,Comments\na,b,c\n")
    assert source.header == ["Comments", "", "Comments"]
    assert [source.column(n) for n in range(4)] == ["Comments", "Column 2", "Comments", "Column 4"]


def test_rows_are_numbered_as_in_the_spreadsheet():
    source = read_list(b"\n,\nname,city\nA,B\n,\n\nC,D\n\n")
    assert source.header == ["name", "city"]
    assert [(r.number, r.line) for r in source.rows] == [(1, 4), (4, 7)]
    assert (source.count, len(source), source.empty_rows) == (2, 2, 3)


def test_rows_can_be_read_twice():
    source = read_list(b"name\nA\nB\n")
    assert list(source.rows) == list(source.rows)


def test_path_and_bytes_give_the_same(tmp_path):
    content = b"name\nA\nB\n"
    path = tmp_path / "list.csv"
    path.write_bytes(content)
    assert list(read_list(path).rows) == list(read_list(str(path)).rows)
    assert list(read_list(path).rows) == list(read_list(content).rows)


def test_file_that_changed_meanwhile_is_not_read(tmp_path):
    path = tmp_path / "list.csv"
    path.write_bytes(b"name\nA\n")
    source = read_list(path)
    path.write_bytes(b"name\nA\nB\n")
    with pytest.raises(Unreadable, match="changed"):
        next(source.rows)


# Values


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("  Ely ", "Ely"),
        ("\u00a0Ely\u202f", "Ely"),
        ("New\u00a0 York", "New\u00a0 York"),
        ('",    ,    ,"', ""),
        ('"\u00a0, \u00a0"', ""),
        ('", Reno"', ", Reno"),
        ("=SUM(A1)", "=SUM(A1)"),
        ("+1 775 555 0100", "+1 775 555 0100"),
        ("-", "-"),
        ("'6-13", "'6-13"),
        ("5'6\" tall", "5'6\" tall"),
        ("0042", "0042"),
        ("NULL", "NULL"),
    ],
)
def test_only_the_ends_of_a_value_are_touched(written, read):
    assert cells(f"name,x\nA,{written}\n") == [["A", read]]


# Warnings


def test_cells_beyond_the_header_are_left_out_and_shown():
    source = read_list(b"name,city\nA,B,C,D\n")
    assert [row.cells for row in source.rows] == [["A", "B"]]
    assert [(w.kind, w.row, w.value) for w in source.warnings] == [("extra", 1, "C | D")]


def test_blank_cells_beyond_the_header_are_nothing():
    assert read_list(b"name,city\nA,B,,\n").warnings == []


def test_short_row_is_filled_and_shown():
    source = read_list(b"name,city,state\nA,B\n")
    assert [row.cells for row in source.rows] == [["A", "B", ""]]
    assert [(w.kind, w.row) for w in source.warnings] == [("missing", 1)]


def test_quotation_mark_that_joins_two_rows_is_shown():
    source = read_list(b'name,city\n"A,Reno\n"B",Ely\nC,Elko\n')
    assert "quotation" in source.warning_counts
    assert source.lines_with_warnings == 1


@pytest.mark.parametrize("cell", ['"a ""b"" c"', '"a" ', 'say "a"', '"a\nb"'])
def test_quotation_marks_in_their_place_are_not_shown(cell):
    assert read_list(f"name,city\n{cell},Ely\n".encode()).warnings == []


def test_many_warnings_are_counted_and_a_part_is_kept():
    lines = "name\n" + "Peña\n" * (MOST_WARNINGS + 5)
    source = read_list(lines.encode("cp1252"))
    assert source.warning_counts == Counter(encoding=MOST_WARNINGS + 5)
    assert source.lines_with_warnings == MOST_WARNINGS + 5
    assert len(source.warnings) == MOST_WARNINGS


def test_summary_counts():
    assert read_list(b"name\nA\n").summary == "1 row, 1 column"
    assert read_list(b"a,b\n1,2\n3\n").summary == "2 rows, 2 columns, 1 line with a warning"


# Refusals


def zipped(*names: str) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return target.getvalue()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (b"\n\n,,\n", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b"name,city\n", "no rows"),
        (b"name,city\n,\n\n", "no rows"),
        (b"name\nA\0B\n", "Line 2 holds NUL"),
        ("name\nA\n".encode("utf-16-le"), "NUL"),
        ("name\nA\n".encode("utf-16"), "UTF-16"),
        (zipped("[Content_Types].xml", "xl/workbook.xml"), "workbook"),
        (zipped("word/document.xml"), "text document"),
        (zipped("list.csv"), "archive"),
        (b"\x1f\x8b\x08\x00abc", "archive"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "Office"),
        (b"%PDF-1.7\n", "PDF"),
        (b"\x89PNG\r\n\x1a\n", "picture"),
        (b"\xff\xd8\xff\xe0", "picture"),
        (b"GIF89a", "picture"),
        (b"RIFF\x24\0\0\0WEBPVP8 ", "picture"),
        (b"<!DOCTYPE html><table>", "web page"),
        (b'\xef\xbb\xbf<?xml version="1.0"?>', "XML"),
        (b"BEGIN:VCARD\nFN:A\n", "address book"),
        (b'[{"name": "A"}]', "JSON"),
        (b"{\\rtf1 name", "text document"),
        (b"name,city\rA,B\rC,D\r", "carriage return"),
        (b'"name","city"\rA,B\rC,"D\nE"\r', "carriage return"),
        (b'name,city\nA,"B\nC,D\n', "line 2 is never closed"),
        (b'name,city\nA,B\nC,"D', "line 3 is never closed"),
        (b'name,city\nA,"B\n' + b"C,D\n" * 40_000, "line 2 is never closed"),
        (b"name\n" + b"x" * 100_001 + b"\n", "Line 2 has a cell"),
        (b"name\n" + b"x" * 150_000 + b"\n", "Line 2 has a cell"),
        (b"a," * 1_001 + b"\n1\n", "columns"),
        (b"a\n" + b"x," * 1_001 + b"\n", "columns"),
        (b"name\n" + b"A\n" * 200_001, "more than 200,000 rows"),
    ],
)
def test_refused_with_a_sentence(content, says):
    assert says in refused(content)


def test_what_is_just_within_the_limits_is_read():
    wide = b",".join([b"a"] * 1_000)
    assert read_list(wide + b"\n" + wide + b"\n").count == 1
    assert read_list(b"name\n" + b"x" * 100_000 + b"\n").count == 1
    assert read_list(b"name\n" + b"A\n" * 200_000).count == 200_000


def test_too_large_a_file_is_refused(monkeypatch):
    monkeypatch.setattr(refusals, "LARGEST_FILE", 2 * 1024 * 1024)
    assert "larger than 2 MB" in refused(b"name\n" + b"A\n" * 1024 * 1024)


@pytest.mark.parametrize("start", [b"PKG,name", b"BEGIN,name", b"[name],x", b"II,name", b"%,name"])
def test_header_that_only_resembles_another_format_is_read(start):
    assert read_list(start + b"\n1,2\n").count == 1


def test_list_is_not_held_in_memory(tmp_path):
    path = tmp_path / "list.csv"
    line = b"Bethel Hill Community Church,12 Oak Street,Reno,NV,89501,+1 775 555 0100,x,y,z\n"
    path.write_bytes(b"a,b,c,d,e,f,g,h,i\n" + line * 50_000)
    tracemalloc.start()
    for _row in read_list(path).rows:
        pass
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < path.stat().st_size / 2


# Real lists


def read_real(name: str) -> SourceList:
    source = read_list(real(name))
    assert sum(1 for _row in source.rows) == source.count
    return source


def test_real_list_with_three_damaged_lines():
    source = read_real("lists/sf_youth_programs.csv")
    assert source.encoding == "mixed utf-8 and cp1252"
    assert source.summary == "609 rows, 29 columns, 3 lines with a warning"
    assert len({warning.line for warning in source.warnings}) == 3
    assert all("‰ÛÒ" in warning.value for warning in source.warnings)
    assert "'6-13" in source.header
    assert len({row.cells[0] for row in source.rows}) == 163


def test_real_list_in_windows_1252_with_crlf_and_line_breaks_in_cells():
    source = read_real("lists/sf_bank_on.csv")
    assert (source.encoding, source.count, source.lines_not_utf8) == ("cp1252", 170, 6)
    assert len({row.cells[0] for row in source.rows}) == 14


def test_real_list_with_cells_of_commas_only():
    source = read_real("lists/sf_kids_guide_sample.csv")
    assert (source.count, len(source.header), source.warnings) == (1, 51, [])
    assert not any(
        set(cell) <= set(", \u00a0") for row in source.rows for cell in row.cells if cell
    )


def test_real_list_with_a_stray_comma():
    source = read_real("lists/national_immigration_llm.csv")
    assert (source.count, source.warning_counts) == (20, Counter(extra=1))
    assert read_real("lists/national_lgbtq_llm.csv").count == 9


def test_real_list_with_a_blank_after_each_comma():
    source = read_real("dedupe/febrl1.csv")
    assert (source.count, source.spaced, source.warnings) == (1000, True, [])
    assert source.header[1] == "given_name"


def test_real_files_that_are_refused():
    for name, says in [
        ("sf_money_services_cr.csv", "carriage return"),
        ("sf_money_services.xlsx", "workbook"),
    ]:
        with pytest.raises(Unreadable, match=says):
            read_list(real(f"lists/{name}"))
