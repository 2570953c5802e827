from tracks.search.expressions import AllOf, AnyOf, Phrase, Term, fts5, tsquery


def test_an_expression_is_written_for_either_database():
    expression = AllOf((AnyOf((Term("a"), Term("b", prefix=True))), Phrase(("c", "d"))))

    assert fts5(expression) == '(("a" OR "b" *) AND "c d")'
    assert tsquery(expression) == "(('a' | 'b':*) & ('c' <-> 'd'))"


def test_quotes_in_a_term_stay_text():
    assert fts5(Term('a"b')) == '"a""b"'
    assert tsquery(Term("a'b\\c")) == r"'a''b\\c'"


def test_the_first_letters_of_a_name_are_a_term_of_their_own_on_postgresql():
    assert tsquery(Term("_h", prefix=True)) == "'^h'"
    assert tsquery(Term("_ha", prefix=True)) == "'^ha'"
    assert tsquery(Term("_hal", prefix=True)) == "'_hal':*"
    assert tsquery(Term("_ha")) == "'_ha'"
