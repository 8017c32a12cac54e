"""Reading a page back as a person or a browser would: words, tables, exact figures, addresses asked for."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"meta", "link", "br", "input", "hr", "img"}
ADDRESS_ATTRIBUTES = {"src", "href", "action", "data", "srcset", "poster", "xlink:href", "background"}


@dataclass
class TableCell:
    """One cell: its words, and the exact figures its `data` elements carry."""

    words: str = ""
    figures: list[float] = field(default_factory=list)


@dataclass
class Table:
    """One table: its caption and its rows."""

    caption: str = ""
    rows: list[list[TableCell]] = field(default_factory=list)

    def row(self, first_words: str) -> list[TableCell]:
        """Return the row that starts with these words."""
        return next(row for row in self.rows if row and row[0].words == first_words)


class PageReader(HTMLParser):
    """Collects what a page says and asks for, and checks that its elements are nested properly."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.ids: list[str] = []
        self.tables: list[Table] = []
        self.headings: list[str] = []
        self._open: list[str] = []
        self._words: list[str] = []
        self.feed(page)
        self.close()
        assert self._open == [], f"never closed: {self._open}"

    @property
    def words(self) -> str:
        """Everything a reader sees, with single spaces."""
        return " ".join("".join(self._words).split())

    @property
    def addresses(self) -> list[str]:
        """Every address the page refers to."""
        return [value for name, value in self.attributes if name in ADDRESS_ATTRIBUTES]

    def table(self, caption: str) -> Table:
        """Return the table whose caption starts with these words."""
        return next(table for table in self.tables if table.caption.startswith(caption))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]
        self.ids += [value for name, value in attrs if name == "id" and value]
        if tag not in VOID:
            self._open.append(tag)
        if tag == "table":
            self.tables.append(Table())
        elif tag == "tr":
            self.tables[-1].rows.append([])
        elif tag in {"td", "th"}:
            self.tables[-1].rows[-1].append(TableCell())
        elif tag in {"h1", "h2", "h3"}:
            self.headings.append("")
        elif tag == "data" and {"td", "th"} & set(self._open):
            self.tables[-1].rows[-1][-1].figures.append(float(dict(attrs)["value"] or "nan"))

    def handle_endtag(self, tag: str) -> None:
        assert self._open and self._open[-1] == tag, f"</{tag}> closes <{self._open[-1:]}>"
        self._open.pop()

    def handle_data(self, data: str) -> None:
        if "style" in self._open:
            return
        self._words.append(data if set(self._open) & {"span", "b", "data"} else f" {data}")
        if "caption" in self._open:
            self.tables[-1].caption = " ".join(f"{self.tables[-1].caption} {data}".split())
        elif {"td", "th"} & set(self._open):
            cell = self.tables[-1].rows[-1][-1]
            cell.words = " ".join(f"{cell.words} {data}".split())
        if self._open and self._open[-1] in {"h1", "h2", "h3"}:
            self.headings[-1] += data
