"""Which database is kept for which code."""

from bench import databases


def test_the_key_is_of_the_files_that_make_the_rows(tmp_path, monkeypatch):
    monkeypatch.setattr(databases, "ROOT", tmp_path)
    made = tmp_path / "config" / "demo"
    made.mkdir(parents=True)
    (made / "names.py").write_text("one")
    first = databases.key()
    (made / "__pycache__").mkdir()  # Python makes it when the demonstration is loaded
    assert databases.key() == first
    (made / "names.py").write_text("other")
    assert databases.key() != first
