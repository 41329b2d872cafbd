"""Files as Canvas and Moodle write them, with names that somebody chose badly."""

EVIL = "=cmd|' /C calc'!A0"
QUOTED = 'Öz, "Zoë" Ünal'


def table(*rows, delimiter=",", end="\r\n"):
    """CSV text of rows; cells that need quotes get them."""

    def cell(value):
        if any(sign in value for sign in (delimiter, '"', "\n")):
            return '"' + value.replace('"', '""') + '"'
        return value

    return "".join(delimiter.join(map(cell, row)) + end for row in rows)


def canvas(marks=("", "", "", "", ""), points="2"):
    """Canvas' gradebook: ada by SIS id, bob by login, cyd by Canvas' id, dan, and a stranger."""
    people = [
        (QUOTED, "11", "ada", "x1", "Section 1, a"),
        (EVIL, "12", "", "bob", "Section 1, a"),
        ("Cyd", "13", "", "x3", "Section 1, a"),
        ("Dan", "14", "", "DAN@example.org", "Section 1, a"),
        ("Student, Test", "99", "", "test", "Section 1, a"),
    ]
    head = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section", "Old, one (7)", "tiny (42)",
            "Final Score", "Final Points")  # fmt: skip
    return table(
        head,
        ("", "", "", "", "", "Manual Posting", "", "(read only)", "(read only)"),
        ("    Points Possible", "", "", "", "", "10.0", points, "(read only)", "(read only)"),
        *((*p, "9.50", m, "81.2", "=1+1") for p, m in zip(people, marks, strict=True)),
        end="\n",
    )


def worksheet(marks=("", "", "", "", ""), changeable="Yes", out_of="2.00"):
    """Moodle's worksheet of an assignment; ada by ID number, the others by e-mail."""
    head = ("Identifier", "Full name", "ID number", "Email address", "Status", "Grade",
            "Maximum Grade", "Grade can be changed", "Last modified (submission)",
            "Last modified (grade)", "Feedback comments")  # fmt: skip
    people = [
        ("Participant 501", QUOTED, "ada", "a@example.org"),
        ("Participant 502", EVIL, "", "Bob@Example.org"),
        ("Participant 503", "Cyd", "", "cyd@example.org"),
        ("Participant 504", "Dan", "", "dan@example.org"),
        ("Participant 505", "Eve", "999", "eve@example.org"),
    ]
    return table(
        head,
        *((*p, "Submitted for grading", m, out_of, changeable, "Monday, 2 March 2026, 9:00 AM",
           "-", "<p>Gut, \"sehr\" gut\nwirklich</p>") for p, m in zip(people, marks, strict=True)),
    )  # fmt: skip


def moodle(marks=("-", "-", "-", "-", "-")):
    """Moodle's whole gradebook, from a site in a language with the decimal comma."""
    head = ("First name", "Last name", "ID number", "Institution", "Department", "Email address",
            "Assignment: other (Real)", "Assignment: tiny (Real)", "Assignment: tiny (Feedback)",
            "Last downloaded from this course")  # fmt: skip
    people = [
        ("Zoë", QUOTED, "ada", "", "", "a@example.org"),
        (EVIL, "+1", "", "", "", "bob@example.org"),
        ("Cyd", "C", "", "", "", "cyd@example.org"),
        ("Dan", "D", "", "", "", "dan@example.org"),
        ("Eve", "E", "999", "", "", "eve@example.org"),
    ]
    return table(
        head,
        *((*p, "7,50", m, "", "1772442000") for p, m in zip(people, marks, strict=True)),
        delimiter=";",
    )
